/**
 * The signer's own record of what it has signed, where the service cannot reach: one JSON object a line, each with the SHA-256 of
 * the line before it. An entry is on disk before its signature exists, so that a signature without an entry cannot be;
 * an entry without a signature can (a crash in between), and is what reconciliation looks at.
 *
 * Between the signatures stand notes, of the same chain: what was refused, what was found alarming, and once a minute how many
 * certificates of each profile the hour has had, so that a start need not read the hour again.
 */
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { assert } from '../../src/kernel/assert.js';
import { formatInstant, type Instant, parseInstant } from '../../src/kernel/clock.js';
import { sha256Hex } from '../../src/kernel/digest.js';
import { err, ok, type Result } from '../../src/kernel/result.js';
import type { CrlScope } from '../../src/ports/store/crls.js';
import type { NoteKind, SigningKind } from '../wire/permissions.js';
import { parseLine } from './journal-line.js';
import { createRecount, type Tally } from './rate-caps.js';

export type JournalRecord = {
  readonly at: Instant;
  /** The steady time (`steady-time.ts`), where it is of another minute than `at`. */
  readonly steadyAt?: Instant | undefined;
  readonly kind: SigningKind | NoteKind;
  /** Empty in a note that is about none. */
  readonly issuer: string;
  /** SHA-256 of the to-be-signed bytes, hex; of no octets in a note that is about none. */
  readonly sha256: string;
  readonly serial?: string | undefined;
  /** CRL number, decimal. */
  readonly number?: string | undefined;
  /** Of a CRL: what it covers. Entries of former versions lack it, and are of full lists. */
  readonly scope?: CrlScope | undefined;
  /** Of a delta list. */
  readonly base?: number | undefined;
  /** Of a CRL, RFC 3339. Entries of former versions lack it. */
  readonly thisUpdate?: string | undefined;
  /** Certificates that a CRL lists. Entries of former versions lack it. */
  readonly entries?: number | undefined;
  readonly profile?: string | undefined;
  /** What was asked for and refused. */
  readonly asked?: string | undefined;
  /** Of a refusal, the rule; of an alarm, its name. */
  readonly rule?: string | undefined;
  /** Of refusals that have no entry of their own: how many they were. */
  readonly count?: number | undefined;
  readonly tally?: Tally | undefined;
};
/** As it stands in the file: times in RFC 3339, `seq` from 1 without gaps, `prev` the hash of the line before. */
export type JournalEntry = Omit<JournalRecord, 'at' | 'steadyAt'> & {
  /** Of a CRL: the last of its issuer's other scopes, so that a start need not look for each of them. */
  readonly lists?: ListsBefore;
  readonly seq: number;
  readonly at: string;
  readonly steadyAt?: string;
  readonly prev: string;
};

/** Of octets that are not there. */
export const NO_OCTETS_SHA256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

export type JournalFailure =
  | { readonly kind: 'journal-broken'; readonly file: string; readonly afterSeq: number; readonly detail: string }
  | { readonly kind: 'journal-not-writable'; readonly file: string; readonly detail: string };

export type LastCrl = {
  readonly number: bigint;
  readonly sha256: string;
  /** null: the entry is of a version that did not journal it. */
  readonly thisUpdate: Instant | null;
  readonly entries: number | null;
};

export type ListBefore = {
  readonly number: string;
  readonly sha256: string;
  readonly thisUpdate?: string | undefined;
  readonly entries?: number | undefined;
};
/** By scope. */
export type ListsBefore = Readonly<Record<string, ListBefore>>;

export type Journal = {
  /** Resolves when the entry is on disk. All who wait share one write. Order of entries is order of calls. */
  append(record: JournalRecord): Promise<Result<number, JournalFailure>>;
  /** The last CRL of this issuer and scope that was appended, from the moment of the call of `append`. */
  lastCrl(issuer: string, scope: CrlScope): LastCrl | undefined;
  lastSeq(): number;
  close(): Promise<void>;
};

export type OpenedJournal = {
  readonly journal: Journal;
  /** Octets of a last line that a crash cut short; they were never acknowledged, and are gone now. */
  readonly tornBytes: number;
  /** The certificates of the last hour, and the steady time of the last entry; 0 without any. */
  readonly recent: { readonly lastAt: Instant; readonly tally: Tally };
};

const FIRST_PREV = '0'.repeat(64);
const NEWLINE = 0x0a;
const BLOCK_BYTES = 1024 * 1024;
/** A tally of twenty profiles in each minute of an hour is a third of it. */
const LINE_BYTES_MAX = 64 * 1024;

/** As `a+`; a write returns when what was written can be read after a power cut, as after an fdatasync of its own (open(2)). */
const JOURNAL_FLAGS = constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | constants.O_DSYNC;

type Waiting = { readonly seq: number; readonly settle: (result: Result<number, JournalFailure>) => void };

/**
 * Opens or makes the journal. `crlIssuers`: the CAs of the token, whose last CRL is to be found and whose certificates of the last
 * hour are counted; the file is read from its end until that is done. Other tokens have none.
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

type Recovered = { readonly lastSeq: number; readonly lastHash: string; readonly crls: Map<string, LastCrls> };
type LastCrls = Map<CrlScope, LastCrl>;

function createJournal(handle: FileHandle, file: string, recovered: Recovered): Journal {
  let { lastSeq, lastHash } = recovered;
  const { crls } = recovered;
  let lines: string[] = [];
  let waiting: Waiting[] = [];
  let flushing: Promise<void> | null = null;
  let failure: JournalFailure | null = null;

  async function flush(): Promise<void> {
    // Whoever comes in the same turn of the event loop shares the first write.
    await new Promise<void>((resolve) => setImmediate(resolve));
    while (waiting.length > 0 && failure === null) {
      const settled = waiting;
      const bytes = Buffer.from(lines.join(''), 'utf8');
      waiting = [];
      lines = [];
      try {
        await writeAll(handle, bytes);
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
      const { scope = 'full' } = record;
      const last = lastCrlOf(record);
      const known = crls.get(record.issuer);
      const line = formatLine(record, { seq: lastSeq, prev: lastHash, lists: last && listsBefore(known, scope) });
      lastHash = sha256Hex(line);
      lines.push(`${line}\n`);
      if (last !== null) crls.set(record.issuer, new Map(known).set(scope, last));
      const seq = lastSeq;
      return new Promise((settle) => {
        waiting.push({ seq, settle });
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
      previous = { seq: entry.seq, hash: sha256Hex(line) };
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
): Promise<Result<Recovered & Pick<OpenedJournal, 'tornBytes' | 'recent'>, JournalFailure>> {
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
  /** The earliest line read so far: what its predecessor must hash to. */
  let next: JournalEntry | null = null;
  const recount = createRecount();
  let recounting = true;
  while (end > 0 && (recounting || wanted.size > 0)) {
    const start = await startOfBlock(handle, end);
    const lines = (await read(handle, start, end)).toString('utf8').split('\n').slice(0, -1);
    for (const line of lines.reverse()) {
      // The chain is checked over what is read on the way; `readJournal` checks all of it.
      const entry = parseLine(line);
      if (entry === null || (next !== null && (next.prev !== sha256Hex(line) || next.seq !== entry.seq + 1))) {
        const afterSeq = entry?.seq ?? 0;
        return err({ kind: 'journal-broken', file, afterSeq, detail: `no chain in the lines up to octet ${end}` });
      }
      last ??= { seq: entry.seq, hash: sha256Hex(line) };
      next = entry;
      const crl = lastCrlOf(entry);
      if (crl !== null && wanted.delete(entry.issuer)) crls.set(entry.issuer, lastCrlsOf(entry, crl));
      recounting &&= recount.push(countedOf(entry)) && crlIssuers.length > 0;
    }
    end = start;
  }
  const recent = recount.result();
  return ok({ lastSeq: last?.seq ?? 0, lastHash: last?.hash ?? FIRST_PREV, crls, tornBytes, recent });
}

function lastCrlOf(of: Pick<JournalRecord, 'kind' | 'number' | 'sha256' | 'thisUpdate' | 'entries'>): LastCrl | null {
  const { kind, number, sha256, thisUpdate, entries = null } = of;
  if (kind !== 'crl' || number === undefined) return null;
  return { number: BigInt(number), sha256, thisUpdate: parseInstant(thisUpdate ?? ''), entries };
}

/** Of its issuer, as the entry knew them. */
function lastCrlsOf({ scope = 'full', lists = {} }: JournalEntry, own: LastCrl): LastCrls {
  const others = Object.entries(lists).map(([other, { number, sha256, thisUpdate = '', entries = null }]) => {
    const crl: LastCrl = { number: BigInt(number), sha256, thisUpdate: parseInstant(thisUpdate), entries };
    return [other as CrlScope, crl] as const;
  });
  return new Map([...others, [scope, own]]);
}

function listsBefore(known: LastCrls | undefined, scope: CrlScope): ListsBefore | null {
  const others = [...(known ?? [])].filter(([other]) => other !== scope);
  if (others.length === 0) return null;
  return Object.fromEntries(
    others.map(([other, { number, sha256, thisUpdate, entries }]): [string, ListBefore] => [
      other,
      {
        number: String(number),
        ...(thisUpdate === null ? {} : { thisUpdate: formatInstant(thisUpdate) }),
        ...(entries === null ? {} : { entries }),
        sha256,
      },
    ]),
  );
}

/** What an entry is to the count of the last hour. */
function countedOf({ kind, at, steadyAt, profile, tally }: JournalEntry) {
  const isCounted = kind === 'certificate' || kind === 'responder-certificate';
  return {
    steadyAt: parseInstant(steadyAt ?? at) ?? 0,
    ...(isCounted && profile !== undefined ? { profile } : {}),
    ...(tally === undefined ? {} : { tally }),
  };
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

type Links = { readonly seq: number; readonly prev: string; readonly lists: ListsBefore | null };

function formatLine(record: JournalRecord, { seq, prev, lists }: Links): string {
  const { kind, issuer, serial, number, scope, base, thisUpdate, entries } = record;
  const { profile, asked, rule, count, tally, sha256 } = record;
  const at = formatInstant(record.at);
  const steadyAt = record.steadyAt === undefined ? undefined : formatInstant(record.steadyAt);
  // Member by member: a copy by spreading costs more than all else of an entry. What is undefined is left out.
  const known = {
    seq,
    at,
    steadyAt,
    kind,
    issuer,
    serial,
    number,
    scope,
    base,
    thisUpdate,
    entries,
    ...(lists === null ? {} : { lists }),
    profile,
    asked,
    rule,
    count,
    tally,
    sha256,
    prev,
  };
  return JSON.stringify(known);
}

function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
