/**
 * Reads what a signer needs from its journal when it starts: the end of the chain, the last CRLs of
 * each CA, the certificates of the last hour, and those that the serial index lacks. Removes an
 * incomplete last line. The journal is read from its end, and no further back than needed.
 */
import { randomBytes } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { assert } from '../../src/kernel/assert.js';
import { type Instant, parseInstant } from '../../src/kernel/clock.js';
import { sha256Hex } from '../../src/kernel/digest.js';
import { err, ok, type Result } from '../../src/kernel/result.js';
import type { CrlScope } from '../../src/ports/store/crls.js';
import {
  type JournalEntry,
  type PreviousList,
  type PreviousLists,
  parseLine,
  type Tally,
} from '../journal/journal-entry.js';
import { type JournalFailure, readJournalId } from '../journal/read-journal.js';
import { segmentFile, segmentNumbers } from '../journal/segments.js';
import { openSegment } from './journal-segments.js';
import { createRecount, type RecountedEntry } from './rate-caps.js';
import type { SerialIndex } from './serial-index.js';

export type LastCrl = {
  readonly number: bigint;
  readonly sha256: string;
  readonly thisUpdate: Instant;
  readonly entries: number;
};
export type LastCrls = ReadonlyMap<CrlScope, LastCrl>;

export type RecoveredJournal = {
  /** Id of the journal; a new id if the journal is empty. */
  readonly id: string;
  /** Number of the segment that gets the next entry, and its size. */
  readonly segment: number;
  readonly segmentBytes: number;
  readonly lastSeq: number;
  readonly lastHash: string;
  /** The last CRLs of each issuer, by its id. */
  readonly crls: Map<string, LastCrls>;
  /** Length of an incomplete last line, which was removed. */
  readonly tornBytes: number;
  readonly recent: { readonly lastAt: Instant; readonly tally: Tally };
};

const ID_OCTETS = 32;
const NEWLINE = 0x0a;
const BLOCK_BYTES = 1024 * 1024;
/** Limit of a line. The longest line has the last CRLs of all partitions of the CAs of a token. */
const LINE_BYTES_MAX = 512 * 1024;

type JournalNeeds = {
  /** The CAs of the token; other tokens have none. */
  readonly crlIssuers: readonly string[];
  /**
   * The index of used serial numbers, to which the certificates are added that are in the journal
   * only; null: the token signs no certificates.
   */
  readonly serials: SerialIndex | null;
};

/**
 * Reads the journal from its end. The failure says where its chain is broken. Rejects if a file
 * cannot be read, or the serial index cannot be written.
 */
export async function recoverJournal(
  folder: string,
  needs: JournalNeeds,
): Promise<Result<RecoveredJournal, JournalFailure>> {
  const numbers = await segmentNumbers(folder);
  const current = numbers.at(-1) ?? 1;
  const { segmentBytes, tornBytes } = await removeIncompleteLine(folder, current);
  const id = (await readJournalId(folder)) ?? randomBytes(ID_OCTETS).toString('hex');
  const search = createSearch(needs);
  for (const number of numbers.toReversed()) {
    const file = segmentFile(folder, number);
    const handle = await open(file, 'r');
    try {
      const fault = await searchSegment(handle, search);
      if (fault !== null) return err({ kind: 'journal-broken', file, ...fault });
    } finally {
      await handle.close();
    }
    if (search.isOver()) break;
  }
  const result = search.result(id);
  if (result.lastSeq > 0) await needs.serials?.save({ seq: result.lastSeq, hash: result.lastHash });
  return ok({ id, segment: current, segmentBytes, tornBytes, ...result });
}

/**
 * Removes an incomplete last line, which was being written when the process ended. Nothing was
 * signed for it, because its `append` had not resolved.
 */
async function removeIncompleteLine(
  folder: string,
  number: number,
): Promise<{ readonly segmentBytes: number; readonly tornBytes: number }> {
  const handle = await openSegment(folder, number);
  try {
    const { size } = await handle.stat();
    const segmentBytes = await endOfLastLine(handle, size);
    if (segmentBytes < size) {
      await handle.truncate(segmentBytes);
      await handle.datasync();
    }
    return { segmentBytes, tornBytes: size - segmentBytes };
  } finally {
    await handle.close();
  }
}

type Search = ReturnType<typeof createSearch>;

/** Creates a search, which gets the lines of the journal, the last one first. */
function createSearch({ crlIssuers, serials }: JournalNeeds) {
  const crls = new Map<string, LastCrls>();
  const wanted = new Set(crlIssuers);
  const recount = createRecount();
  let recounting = true;
  let claiming = serials !== null;
  let last: { readonly seq: number; readonly hash: string } | null = null;
  /** The earliest entry that was read so far: its `prev` must be the hash of the line before it. */
  let next: JournalEntry | null = null;
  return {
    /**
     * Returns false when the line is no entry, or not the predecessor of the line that was read
     * before.
     */
    push(line: string): boolean {
      const entry = parseLine(line);
      const hash = sha256Hex(line);
      if (entry === null || (next !== null && (next.prev !== hash || next.seq !== entry.seq + 1))) return false;
      last ??= { seq: entry.seq, hash };
      next = entry;
      claiming &&= serials?.completeTo?.seq !== entry.seq || serials.completeTo.hash !== hash;
      if (claiming && (entry.kind === 'certificate' || entry.kind === 'responder-certificate')) serials?.claim(entry);
      if (entry.kind === 'crl' && wanted.delete(entry.issuer)) crls.set(entry.issuer, lastCrlsOf(entry));
      // The first entry of a segment has the last CRLs of all issuers: an issuer that it does not
      // name has none.
      if (entry.kind === 'segment') {
        for (const [issuer, lists] of Object.entries(entry.lists))
          if (!crls.has(issuer)) crls.set(issuer, lastCrlsIn(lists));
        wanted.clear();
      }
      recounting &&= recount.push(recountedEntryOf(entry)) && crlIssuers.length > 0;
      return true;
    },
    isOver: () => !recounting && !claiming && wanted.size === 0,
    seqOfNext: () => next?.seq ?? 0,
    result: (id: string) => ({
      lastSeq: last?.seq ?? 0,
      lastHash: last?.hash ?? id,
      crls,
      recent: recount.result(),
    }),
  };
}

/**
 * Searches from the end of the segment to its beginning. The chain is checked for the lines that
 * are read; `readJournal` checks all of them.
 */
async function searchSegment(
  handle: FileHandle,
  search: Search,
): Promise<{ readonly afterSeq: number; readonly detail: string } | null> {
  let end = (await handle.stat()).size;
  while (end > 0 && !search.isOver()) {
    const start = await startOfBlock(handle, end);
    const lines = (await readBytes(handle, start, end)).toString('utf8').split('\n').slice(0, -1);
    for (const line of lines.reverse())
      if (!search.push(line))
        return { afterSeq: Math.max(0, search.seqOfNext() - 2), detail: `no chain in the lines up to byte ${end}` };
    end = start;
  }
  return null;
}

export function lastCrlOf({ number, sha256, thisUpdate, entries }: PreviousList): LastCrl {
  return { number: BigInt(number), sha256, thisUpdate: parseInstant(thisUpdate) ?? 0, entries };
}

/** Returns the last CRLs of the entry's issuer, by scope, at the time of the entry. */
function lastCrlsOf(entry: Extract<JournalEntry, { readonly kind: 'crl' }>): LastCrls {
  return new Map([...lastCrlsIn(entry.lists), [entry.scope, lastCrlOf(entry)]]);
}

function lastCrlsIn(lists: PreviousLists): LastCrls {
  return new Map(Object.entries(lists).map(([scope, list]) => [scope as CrlScope, lastCrlOf(list)] as const));
}

function recountedEntryOf(entry: JournalEntry): RecountedEntry {
  const steadyAt = parseInstant(entry.steadyAt ?? entry.at) ?? 0;
  switch (entry.kind) {
    case 'certificate':
    case 'responder-certificate':
      return { steadyAt, profile: entry.profile };
    case 'tally':
      return { steadyAt, tally: entry.tally };
    default:
      return { steadyAt };
  }
}

/** Returns the end of the last complete line, after its newline; 0: there is none. */
async function endOfLastLine(handle: FileHandle, size: number): Promise<number> {
  let end = size;
  while (end > 0) {
    const start = Math.max(0, end - BLOCK_BYTES);
    const at = (await readBytes(handle, start, end)).lastIndexOf(NEWLINE);
    if (at >= 0) return start + at + 1;
    end = start;
  }
  return 0;
}

/** Returns the start of a line about one block before `end`. */
async function startOfBlock(handle: FileHandle, end: number): Promise<number> {
  if (end <= BLOCK_BYTES) return 0;
  const from = end - BLOCK_BYTES;
  const at = (await readBytes(handle, from, from + LINE_BYTES_MAX)).indexOf(NEWLINE);
  assert(at >= 0, `a line of the journal is longer than ${LINE_BYTES_MAX} bytes`);
  return from + at + 1;
}

async function readBytes(handle: FileHandle, start: number, end: number): Promise<Buffer> {
  const bytes = Buffer.alloc(end - start);
  let filled = 0;
  while (filled < bytes.length) {
    const { bytesRead } = await handle.read(bytes, filled, bytes.length - filled, start + filled);
    assert(bytesRead > 0, 'the journal is as long as its size says');
    filled += bytesRead;
  }
  return bytes;
}
