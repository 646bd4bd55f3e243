/**
 * The signer's own record of what it has signed, where the service cannot reach: one JSON object a line, each with the SHA-256 of
 * the line before it. An entry is on disk before its signature exists, so that a signature without an entry cannot be;
 * an entry without a signature can (a crash in between), and is what reconciliation looks at.
 */
import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { assert } from '../src/kernel/assert.js';
import { formatInstant, type Instant } from '../src/kernel/clock.js';
import { err, ok, type Result } from '../src/kernel/result.js';
import type { SigningKind } from './permissions.js';

export type JournalRecord = {
  readonly at: Instant;
  readonly kind: SigningKind;
  readonly issuer: string;
  /** SHA-256 of the to-be-signed bytes, hex. */
  readonly sha256: string;
  readonly serial?: string;
  /** CRL number, decimal. */
  readonly number?: string;
  readonly profile?: string;
};
/** As it stands in the file: `at` in RFC 3339, `seq` from 1 without gaps, `prev` the hash of the line before. */
export type JournalEntry = Omit<JournalRecord, 'at'> & {
  readonly seq: number;
  readonly at: string;
  readonly prev: string;
};

export type JournalFailure =
  | { readonly kind: 'journal-broken'; readonly file: string; readonly afterSeq: number; readonly detail: string }
  | { readonly kind: 'journal-not-writable'; readonly file: string; readonly detail: string };

export type LastCrl = { readonly number: bigint; readonly sha256: string };

export type Journal = {
  /** Resolves when the entry is on disk. All who wait share one write and one fdatasync. Order of entries is order of calls. */
  append(record: JournalRecord): Promise<Result<number, JournalFailure>>;
  /** The last CRL of this issuer that was appended, from the moment of the call of `append`. */
  lastCrl(issuer: string): LastCrl | undefined;
  lastSeq(): number;
  close(): Promise<void>;
};

export type OpenedJournal = {
  readonly journal: Journal;
  /** Octets of a last line that a crash cut short; they were never acknowledged, and are gone now. */
  readonly tornBytes: number;
};

const FIRST_PREV = '0'.repeat(64);
const NEWLINE = 0x0a;
const BLOCK_BYTES = 1024 * 1024;
const LINE_BYTES_MAX = 4096;

type Waiting = { readonly seq: number; readonly settle: (result: Result<number, JournalFailure>) => void };

/** Opens or makes the journal. `crlIssuers`: whose last CRL is to be found; the file is read from its end until all are. */
export async function openJournal(
  file: string,
  crlIssuers: readonly string[],
): Promise<Result<OpenedJournal, JournalFailure>> {
  let handle: FileHandle;
  try {
    handle = await open(file, 'a+', 0o640);
  } catch (thrown) {
    return err({ kind: 'journal-not-writable', file, detail: messageOf(thrown) });
  }
  try {
    const recovered = await recover(handle, file, crlIssuers);
    if (!recovered.ok) {
      await handle.close();
      return recovered;
    }
    await syncFolder(dirname(file));
    const { tornBytes, ...state } = recovered.value;
    return ok({ journal: createJournal(handle, file, state), tornBytes });
  } catch (thrown) {
    await handle.close();
    return err({ kind: 'journal-not-writable', file, detail: messageOf(thrown) });
  }
}

type Recovered = { readonly lastSeq: number; readonly lastHash: string; readonly crls: Map<string, LastCrl> };

function createJournal(handle: FileHandle, file: string, recovered: Recovered): Journal {
  let { lastSeq, lastHash } = recovered;
  const { crls } = recovered;
  let lines: string[] = [];
  let waiting: Waiting[] = [];
  let flushing: Promise<void> | null = null;
  let failure: JournalFailure | null = null;

  async function flush(): Promise<void> {
    while (waiting.length > 0 && failure === null) {
      const settled = waiting;
      const bytes = Buffer.from(lines.join(''), 'utf8');
      waiting = [];
      lines = [];
      try {
        await writeAll(handle, bytes);
        await handle.datasync();
        for (const { seq, settle } of settled) settle(ok(seq));
      } catch (thrown) {
        // For good: after a failed fsync nobody knows what is on disk. The process is replaced and reads the file again.
        failure = { kind: 'journal-not-writable', file, detail: messageOf(thrown) };
        for (const { settle } of [...settled, ...waiting]) settle(err(failure));
      }
    }
    flushing = null;
  }

  return {
    append(record) {
      if (failure !== null) return Promise.resolve(err(failure));
      lastSeq += 1;
      const line = formatLine(record, lastSeq, lastHash);
      lastHash = hashOf(line);
      lines.push(`${line}\n`);
      const { kind, issuer, number, sha256 } = record;
      if (kind === 'crl' && number !== undefined) crls.set(issuer, { number: BigInt(number), sha256 });
      const seq = lastSeq;
      return new Promise((settle) => {
        waiting.push({ seq, settle });
        flushing ??= flush();
      });
    },
    lastCrl: (issuer) => crls.get(issuer),
    lastSeq: () => lastSeq,
    async close() {
      await flushing;
      await handle.close();
    },
  };
}

/** All entries from the first, each checked against the one before; ends with the failure where the chain does not hold. */
export async function* readJournal(file: string): AsyncGenerator<Result<JournalEntry, JournalFailure>> {
  const handle = await open(file, 'r');
  try {
    let previous = { seq: 0, hash: FIRST_PREV };
    for await (const line of handle.readLines({ encoding: 'utf8', autoClose: false })) {
      const entry = parseLine(line);
      if (entry === null || entry.seq !== previous.seq + 1 || entry.prev !== previous.hash) {
        yield err({ kind: 'journal-broken', file, afterSeq: previous.seq, detail: 'the next line does not follow' });
        return;
      }
      previous = { seq: entry.seq, hash: hashOf(line) };
      yield ok(entry);
    }
  } finally {
    await handle.close();
  }
}

async function recover(
  handle: FileHandle,
  file: string,
  crlIssuers: readonly string[],
): Promise<Result<Recovered & { readonly tornBytes: number }, JournalFailure>> {
  const { size } = await handle.stat();
  const crls = new Map<string, LastCrl>();
  const wanted = new Set(crlIssuers);
  let end = await endOfLastLine(handle, size);
  const tornBytes = size - end;
  if (tornBytes > 0) {
    await handle.truncate(end);
    await handle.datasync();
  }
  let last: { readonly seq: number; readonly hash: string } | null = null;
  /** The earliest line read so far: what its predecessor must hash to. */
  let next: JournalEntry | null = null;
  while (end > 0 && (last === null || wanted.size > 0)) {
    const start = await startOfBlock(handle, end);
    const lines = (await read(handle, start, end)).toString('utf8').split('\n').slice(0, -1);
    for (const line of lines.reverse()) {
      // The chain is checked over what is read on the way; `readJournal` checks all of it.
      const entry = parseLine(line);
      if (entry === null || (next !== null && (next.prev !== hashOf(line) || next.seq !== entry.seq + 1))) {
        const afterSeq = entry?.seq ?? 0;
        return err({ kind: 'journal-broken', file, afterSeq, detail: `no chain in the lines up to octet ${end}` });
      }
      last ??= { seq: entry.seq, hash: hashOf(line) };
      next = entry;
      if (entry.kind === 'crl' && entry.number !== undefined && wanted.delete(entry.issuer)) {
        crls.set(entry.issuer, { number: BigInt(entry.number), sha256: entry.sha256 });
      }
    }
    end = start;
  }
  return ok({ lastSeq: last?.seq ?? 0, lastHash: last?.hash ?? FIRST_PREV, crls, tornBytes });
}

/** Where the last whole line ends: after the last newline, or 0. A torn line is shorter than `LINE_BYTES_MAX` or zeros. */
async function endOfLastLine(handle: FileHandle, size: number): Promise<number> {
  let end = size;
  while (end > 0) {
    const start = Math.max(0, end - BLOCK_BYTES);
    const at = (await read(handle, start, end)).lastIndexOf(NEWLINE);
    if (at >= 0) return start + at + 1;
    end = start;
  }
  return 0;
}

/** The start of a line about one block before `end`. */
async function startOfBlock(handle: FileHandle, end: number): Promise<number> {
  if (end <= BLOCK_BYTES) return 0;
  const from = end - BLOCK_BYTES;
  const at = (await read(handle, from, from + LINE_BYTES_MAX)).indexOf(NEWLINE);
  assert(at >= 0, `a line of the journal is longer than ${LINE_BYTES_MAX} octets`);
  return from + at + 1;
}

async function read(handle: FileHandle, start: number, end: number): Promise<Buffer> {
  const bytes = Buffer.alloc(end - start);
  let filled = 0;
  while (filled < bytes.length) {
    const { bytesRead } = await handle.read(bytes, filled, bytes.length - filled, start + filled);
    assert(bytesRead > 0, 'the journal is as long as its size says');
    filled += bytesRead;
  }
  return bytes;
}

async function writeAll(handle: FileHandle, bytes: Buffer): Promise<void> {
  let written = 0;
  while (written < bytes.length) written += (await handle.write(bytes, written)).bytesWritten;
}

/** So that a new file's name survives a power cut too. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function formatLine(record: JournalRecord, seq: number, prev: string): string {
  const { at, kind, issuer, serial, number, profile, sha256 } = record;
  return JSON.stringify({ seq, at: formatInstant(at), kind, issuer, serial, number, profile, sha256, prev });
}

function parseLine(line: string): JournalEntry | null {
  try {
    const value: unknown = JSON.parse(line);
    return isEntry(value) ? value : null;
  } catch {
    return null;
  }
}

const KINDS: readonly unknown[] = ['certificate', 'crl', 'ocsp', 'platform'] satisfies readonly SigningKind[];

function isEntry(value: unknown): value is JournalEntry {
  if (typeof value !== 'object' || value === null) return false;
  const { seq, at, kind, issuer, sha256, prev, number, serial, profile } = value as Readonly<Record<string, unknown>>;
  return (
    Number.isSafeInteger(seq) &&
    typeof at === 'string' &&
    KINDS.includes(kind) &&
    typeof issuer === 'string' &&
    isHash(sha256) &&
    isHash(prev) &&
    (number === undefined || (typeof number === 'string' && /^\d{1,50}$/.test(number))) &&
    [serial, profile].every((text) => text === undefined || typeof text === 'string')
  );
}

function isHash(value: unknown): boolean {
  return typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
}

function hashOf(line: string): string {
  return createHash('sha256').update(line, 'utf8').digest('hex');
}

function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
