/**
 * The signer's own record of what it has signed, in a place that the service cannot reach. An entry
 * is on disk before its signature exists, so that there is no signature without an entry. An entry
 * without a signature is possible (a crash in between); reconciliation reports it.
 *
 * Between the signatures, the same chain has entries for refusals and alarms, and once a minute the
 * number of certificates of each profile in the last hour.
 */
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { assert } from '../../src/kernel/assert.js';
import { formatInstant, type Instant, parseInstant } from '../../src/kernel/clock.js';
import { sha256Hex } from '../../src/kernel/digest.js';
import { err, ok, type Result } from '../../src/kernel/result.js';
import type { CrlScope } from '../../src/ports/store/crls.js';
import {
  type CrlEntry,
  type CrlEvent,
  FIRST_PREV,
  formatLine,
  type JournalEntry,
  type JournalRecord,
  type PreviousList,
  type PreviousLists,
  parseLine,
  type Tally,
} from '../journal/journal-entry.js';
import type { JournalFailure } from '../journal/read-journal.js';
import { createRecount, type RecountedEntry } from './rate-caps.js';

export type LastCrl = {
  readonly number: bigint;
  readonly sha256: string;
  readonly thisUpdate: Instant;
  readonly entries: number;
};

export type Journal = {
  /**
   * Resolves with the entry's number when the entry is on disk. Calls that wait share one write.
   * Entries have the order of the calls.
   */
  append(record: JournalRecord): Promise<Result<number, JournalFailure>>;
  /**
   * The last CRL of this issuer and scope, updated when `append` is called, before its entry is on
   * disk.
   */
  lastCrl(issuer: string, scope: CrlScope): LastCrl | undefined;
  lastSeq(): number;
  close(): Promise<void>;
};

export type OpenedJournal = {
  readonly journal: Journal;
  /** Length of an incomplete last line, which was removed. Its `append` had not resolved. */
  readonly tornBytes: number;
  /**
   * The certificates of the last hour, and the steady time of the last entry; 0: the journal is
   * empty.
   */
  readonly recent: { readonly lastAt: Instant; readonly tally: Tally };
};

const NEWLINE = 0x0a;
const BLOCK_BYTES = 1024 * 1024;
/**
 * A tally of twenty profiles with a count for every minute of an hour takes a third of this limit.
 */
const LINE_BYTES_MAX = 64 * 1024;

/** Like `a+`, but a write returns only when its data survives a power cut (open(2), O_DSYNC). */
const JOURNAL_FLAGS = constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | constants.O_DSYNC;

type PendingAppend = { readonly seq: number; readonly settle: (result: Result<number, JournalFailure>) => void };

/**
 * Opens or creates the journal. `crlIssuers`: the CAs of the token; other tokens have none. The
 * file is read from its end until the last CRL of each CA is found and the certificates of the last
 * hour are counted.
 */
export async function openJournal(
  file: string,
  crlIssuers: readonly string[],
): Promise<Result<OpenedJournal, JournalFailure>> {
  let handle: FileHandle;
  try {
    handle = await open(file, JOURNAL_FLAGS, 0o640);
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
    const { tornBytes, recent, ...state } = recovered.value;
    return ok({ journal: createJournal(handle, file, state), tornBytes, recent });
  } catch (thrown) {
    await handle.close();
    return err({ kind: 'journal-not-writable', file, detail: messageOf(thrown) });
  }
}

type RecoveredState = { readonly lastSeq: number; readonly lastHash: string; readonly crls: Map<string, LastCrls> };
type LastCrls = ReadonlyMap<CrlScope, LastCrl>;

function createJournal(handle: FileHandle, file: string, recovered: RecoveredState): Journal {
  let { lastSeq, lastHash } = recovered;
  const { crls } = recovered;
  let lines: string[] = [];
  let pending: PendingAppend[] = [];
  let flushing: Promise<void> | null = null;
  let failure: JournalFailure | null = null;

  async function flush(): Promise<void> {
    // All calls in the same turn of the event loop share the first write.
    await new Promise<void>((resolve) => setImmediate(resolve));
    while (pending.length > 0 && failure === null) {
      const written = pending;
      const bytes = Buffer.from(lines.join(''), 'utf8');
      pending = [];
      lines = [];
      try {
        await writeAll(handle, bytes);
        for (const { seq, settle } of written) settle(ok(seq));
      } catch (thrown) {
        // Nothing is written after a failed write, because the content of the disk is unknown. The
        // process is replaced, and its successor reads the file again.
        failure = { kind: 'journal-not-writable', file, detail: messageOf(thrown) };
        for (const { settle } of [...written, ...pending]) settle(err(failure));
      }
    }
    flushing = null;
  }

  function listsFor(event: CrlEvent): PreviousLists {
    const known = crls.get(event.issuer);
    crls.set(event.issuer, new Map(known).set(event.scope, lastCrlOf(event)));
    return previousListsOf(known, event.scope);
  }

  return {
    append(record) {
      if (failure !== null) return Promise.resolve(err(failure));
      lastSeq += 1;
      const { event } = record;
      const lists = event.kind === 'crl' ? listsFor(event) : null;
      const line = formatLine(record, { seq: lastSeq, prev: lastHash, lists });
      lastHash = sha256Hex(line);
      lines.push(`${line}\n`);
      const seq = lastSeq;
      return new Promise((settle) => {
        pending.push({ seq, settle });
        flushing ??= flush();
      });
    },
    lastCrl: (issuer, scope) => crls.get(issuer)?.get(scope),
    lastSeq: () => lastSeq,
    async close() {
      await flushing;
      await handle.close();
    },
  };
}

async function recover(
  handle: FileHandle,
  file: string,
  crlIssuers: readonly string[],
): Promise<Result<RecoveredState & Pick<OpenedJournal, 'tornBytes' | 'recent'>, JournalFailure>> {
  const { size } = await handle.stat();
  const crls = new Map<string, LastCrls>();
  const wanted = new Set(crlIssuers);
  let end = await endOfLastLine(handle, size);
  const tornBytes = size - end;
  if (tornBytes > 0) {
    await handle.truncate(end);
    await handle.datasync();
  }
  let last: { readonly seq: number; readonly hash: string } | null = null;
  /** The earliest line read so far: its `prev` must be the hash of its predecessor. */
  let next: JournalEntry | null = null;
  const recount = createRecount();
  let recounting = true;
  while (end > 0 && (recounting || wanted.size > 0)) {
    const start = await startOfBlock(handle, end);
    const lines = (await read(handle, start, end)).toString('utf8').split('\n').slice(0, -1);
    for (const line of lines.reverse()) {
      // The chain is checked for the lines read here; `readJournal` checks the whole file.
      const entry = parseLine(line);
      if (entry === null || (next !== null && (next.prev !== sha256Hex(line) || next.seq !== entry.seq + 1))) {
        const afterSeq = entry?.seq ?? 0;
        return err({ kind: 'journal-broken', file, afterSeq, detail: `no chain in the lines up to byte ${end}` });
      }
      last ??= { seq: entry.seq, hash: sha256Hex(line) };
      next = entry;
      if (entry.kind === 'crl' && wanted.delete(entry.issuer)) crls.set(entry.issuer, lastCrlsOf(entry));
      recounting &&= recount.push(recountedEntryOf(entry)) && crlIssuers.length > 0;
    }
    end = start;
  }
  const recent = recount.result();
  return ok({ lastSeq: last?.seq ?? 0, lastHash: last?.hash ?? FIRST_PREV, crls, tornBytes, recent });
}

function lastCrlOf({ number, sha256, thisUpdate, entries }: PreviousList): LastCrl {
  return { number: BigInt(number), sha256, thisUpdate: parseInstant(thisUpdate) ?? 0, entries };
}

/** The last lists of the entry's issuer, by scope, at the time of the entry. */
function lastCrlsOf(entry: CrlEntry): LastCrls {
  const others = Object.entries(entry.lists).map(([scope, list]) => [scope as CrlScope, lastCrlOf(list)] as const);
  return new Map([...others, [entry.scope, lastCrlOf(entry)]]);
}

function previousListsOf(known: LastCrls | undefined, scope: CrlScope): PreviousLists {
  const others = [...(known ?? [])].filter(([other]) => other !== scope);
  return Object.fromEntries(
    others.map(([other, { number, sha256, thisUpdate, entries }]): [string, PreviousList] => [
      other,
      { number: String(number), thisUpdate: formatInstant(thisUpdate), entries, sha256 },
    ]),
  );
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

/** The end of the last complete line, after its newline; 0: there is none. */
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
  assert(at >= 0, `a line of the journal is longer than ${LINE_BYTES_MAX} bytes`);
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

/** Syncs the folder, so that the name of a new file survives a power cut too. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
