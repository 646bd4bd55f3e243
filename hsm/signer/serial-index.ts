/**
 * The serial numbers that the CAs of a token have signed, each with the digest of its to-be-signed
 * bytes. The signer looks a number up before it signs a certificate: otherwise a stolen service
 * could have a second certificate signed with the number of an existing one, which would then have
 * the status of the existing one.
 *
 * The file contains nothing that is not in the journal. It exists because a start must not read a
 * journal of ten million certificates, and because memory must not grow with it. It consists of
 * pages of 4 KiB. The first page says up to which entry of the journal the file is complete; a
 * start claims the certificates after this entry again. Every other page belongs to one of 4,096
 * chains, which the hash of issuer and serial number selects, and names the page before it in its
 * chain. With ten million certificates the file has 250 MB, and a look-up reads 15 pages.
 *
 * A claim is not synced. When the process is killed, the kernel still writes the claim; after a
 * power cut the journal is read from the entry up to which the file was last saved as complete.
 */
import { constants, readSync, writeSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { utf8 } from '../../src/kernel/bytes.js';
import { sha256 } from '../../src/kernel/digest.js';

/** A certificate that is to be signed. */
export type SerialUse = { readonly issuer: string; readonly serial: string; readonly sha256: string };

/** An entry of the journal: its number and the SHA-256 of its line, in hex. */
type IndexedEntry = { readonly seq: number; readonly hash: string };

export type SerialIndex = {
  /**
   * Notes the serial number for these bytes. Returns false if it was noted for other bytes before.
   * Throws if the file cannot be read or written.
   */
  claim(use: SerialUse): boolean;
  /** All certificates up to this entry are in the file; null: the file is new or damaged. */
  readonly completeTo: IndexedEntry | null;
  /** Syncs the claims, then stores that all certificates up to this entry are in the file. */
  save(position: IndexedEntry): Promise<void>;
  close(): Promise<void>;
};

const PAGE_BYTES = 4096;
const CHAINS = 4096;
/**
 * The header of a page: the number of the chain plus one, the number of the previous page or 0,
 * eight zero octets.
 */
const HEADER_BYTES = 16;
/**
 * An entry of a page has 24 octets. The first eight are its key: the first octets of the SHA-256 of
 * issuer and serial number. The other sixteen are the first octets of the digest.
 */
const KEY_BYTES = 8;
const ENTRY_BYTES = 24;
const ENTRIES_OF_PAGE = (PAGE_BYTES - HEADER_BYTES) / ENTRY_BYTES;
const FILE_MAGIC = Buffer.from('pfcng-serials-1\n', 'latin1');
/**
 * Offsets in the first page, which has `FILE_MAGIC`, the number of pages, and the number and hash
 * of an entry of the journal. `bytes`: the length of all this.
 */
const FIRST_PAGE = {
  pages: FILE_MAGIC.length,
  seq: FILE_MAGIC.length + 8,
  hash: FILE_MAGIC.length + 16,
  bytes: FILE_MAGIC.length + 48,
} as const;

/** The last page of a chain, and how many entries it has. */
type LastPage = { readonly page: number; entries: number };

export async function openSerialIndex(file: string): Promise<SerialIndex> {
  const handle = await open(file, constants.O_RDWR | constants.O_CREAT, 0o640);
  const { fd } = handle;
  let pages = Math.floor((await handle.stat()).size / PAGE_BYTES);
  const saved = await readFirstPage(handle, pages);
  const found = saved === null ? null : readLastPages(fd, pages);
  if (found === null) {
    await handle.truncate(0);
    pages = 1;
  }
  const completeTo = found === null ? null : saved;
  const lastPages = found ?? new Map<number, LastPage>();
  const page = Buffer.alloc(PAGE_BYTES);

  function find(last: LastPage | undefined, key: Buffer): Buffer | null {
    for (let number = last?.page ?? 0; number > 0 && number < pages; number = previousOf(page, number)) {
      readPage(fd, number, page);
      const at = entryOf(page, key);
      if (at !== null) return page.subarray(at + KEY_BYTES, at + ENTRY_BYTES);
    }
    return null;
  }

  function add(chain: number, last: LastPage | undefined, entry: Buffer): void {
    if (last !== undefined && last.entries < ENTRIES_OF_PAGE) {
      writeAt(fd, entry, last.page * PAGE_BYTES + HEADER_BYTES + last.entries * ENTRY_BYTES);
      last.entries += 1;
      return;
    }
    const made = Buffer.alloc(PAGE_BYTES);
    made.writeUInt32BE(chain + 1, 0);
    made.writeUInt32BE(last?.page ?? 0, 4);
    entry.copy(made, HEADER_BYTES);
    writeAt(fd, made, pages * PAGE_BYTES);
    lastPages.set(chain, { page: pages, entries: 1 });
    pages += 1;
  }

  return {
    completeTo,
    claim({ issuer, serial, sha256: digest }) {
      const hash = Buffer.from(sha256(utf8(`${issuer}/${serial}`)));
      const [key, chain] = [hash.subarray(0, KEY_BYTES), hash.readUInt32BE(KEY_BYTES) % CHAINS];
      const bytes = Buffer.from(digest, 'hex').subarray(0, ENTRY_BYTES - KEY_BYTES);
      const last = lastPages.get(chain);
      const known = find(last, key);
      if (known !== null) return known.equals(bytes);
      add(chain, last, Buffer.concat([key, bytes]));
      return true;
    },
    async save({ seq, hash }) {
      const first = Buffer.alloc(PAGE_BYTES);
      FILE_MAGIC.copy(first);
      first.writeBigUInt64BE(BigInt(pages), FIRST_PAGE.pages);
      first.writeBigUInt64BE(BigInt(seq), FIRST_PAGE.seq);
      Buffer.from(hash, 'hex').copy(first, FIRST_PAGE.hash);
      await handle.datasync();
      writeAt(fd, first, 0);
    },
    close: () => handle.close(),
  };
}

/**
 * Reads up to which entry the file is complete. null: the file has another form, or fewer pages
 * than when it was saved.
 */
async function readFirstPage(handle: FileHandle, pages: number): Promise<IndexedEntry | null> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(FIRST_PAGE.bytes), 0, FIRST_PAGE.bytes, 0);
  if (bytesRead < FIRST_PAGE.bytes || !buffer.subarray(0, FILE_MAGIC.length).equals(FILE_MAGIC)) return null;
  if (pages < Number(buffer.readBigUInt64BE(FIRST_PAGE.pages))) return null;
  const seq = Number(buffer.readBigUInt64BE(FIRST_PAGE.seq));
  return { seq, hash: buffer.subarray(FIRST_PAGE.hash).toString('hex') };
}

/**
 * Finds the last page of each chain. null: a page does not name the page before it in its chain,
 * because a power cut has emptied that page; earlier entries of the chain would not be found any
 * more.
 */
function readLastPages(fd: number, pages: number): Map<number, LastPage> | null {
  const lastPages = new Map<number, LastPage>();
  const page = Buffer.alloc(PAGE_BYTES);
  for (let number = 1; number < pages; number += 1) {
    readPage(fd, number, page);
    const chain = page.readUInt32BE(0) - 1;
    // After a power cut the last page of a chain may be empty. The certificates that it had are
    // claimed again from the journal.
    if (chain < 0 || chain >= CHAINS) continue;
    if (page.readUInt32BE(4) !== (lastPages.get(chain)?.page ?? 0)) return null;
    lastPages.set(chain, { page: number, entries: entriesIn(page) });
  }
  return lastPages;
}

function readPage(fd: number, number: number, page: Buffer): void {
  let filled = 0;
  while (filled < PAGE_BYTES) {
    const read = readSync(fd, page, filled, PAGE_BYTES - filled, number * PAGE_BYTES + filled);
    if (read === 0) throw new Error(`page ${number} of the serial index is not complete`);
    filled += read;
  }
}

function writeAt(fd: number, bytes: Buffer, position: number): void {
  let written = 0;
  while (written < bytes.length) written += writeSync(fd, bytes, written, bytes.length - written, position + written);
}

/**
 * Returns the number of the previous page in the chain; 0: there is none. The pages of a chain have
 * descending numbers, so that a damaged file cannot make a circle.
 */
function previousOf(page: Buffer, number: number): number {
  const previous = page.readUInt32BE(4);
  return previous < number ? previous : 0;
}

/** Returns the offset of the entry with this key; null: the page has none. */
function entryOf(page: Buffer, key: Buffer): number | null {
  for (let at = page.indexOf(key, HEADER_BYTES); at >= 0; at = page.indexOf(key, at + 1))
    if ((at - HEADER_BYTES) % ENTRY_BYTES === 0) return at;
  return null;
}

/** Counts the entries of a page up to the last one that is not empty. */
function entriesIn(page: Buffer): number {
  let entries = ENTRIES_OF_PAGE;
  const isEmpty = (at: number): boolean => page.subarray(at, at + ENTRY_BYTES).every((octet) => octet === 0);
  while (entries > 0 && isEmpty(HEADER_BYTES + (entries - 1) * ENTRY_BYTES)) entries -= 1;
  return entries;
}
