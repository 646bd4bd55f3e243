/**
 * Reads a signer's journal. The service also uses this, to compare the journal with the database
 * and to count responses: a job stores the position of the last entry that it has read, and reads
 * only what was written since.
 */
import { createReadStream } from 'node:fs';
import { sha256Hex } from '../../src/kernel/digest.js';
import { err, ok, type Result } from '../../src/kernel/result.js';
import type { JournalId, JournalPosition } from '../../src/ports/store/journals.js';
import { type JournalEntry, parseLine } from './journal-entry.js';
import { segmentFile, segmentNumbers } from './segments.js';

export type JournalFailure =
  | { readonly kind: 'journal-broken'; readonly file: string; readonly afterSeq: number; readonly detail: string }
  | { readonly kind: 'journal-not-writable'; readonly file: string; readonly detail: string };

export type PlacedEntry = { readonly entry: JournalEntry; readonly position: JournalPosition };

type ReadOptions = {
  /**
   * Begins after this entry. Its line is read again and must have its digest; null: begins with the
   * first entry, or with the oldest one that is left if `isPruned`.
   */
  readonly after: JournalPosition | null;
  /**
   * Whether the signer deletes old segments. If the segment of `after` is no longer there, reading
   * begins with the oldest segment, and the gap shows in the numbers of the entries.
   */
  readonly isPruned: boolean;
};

/** Stands for the `prev` of a first entry, which is the id of the journal and no digest. */
const ANY_PREV = 'any';
const NEWLINE = 0x0a;
/**
 * Limit of a line. Signers write shorter ones: the longest has the last CRLs of all partitions of
 * all CAs of a token.
 */
const LINE_BYTES_MAX = 1024 * 1024;

/**
 * Reads the entries after a position, and checks each against the entry before it. Ends with a
 * failure at the first line that does not continue the chain. A line at the end that is not
 * complete yet is not read.
 */
export async function* readJournalAfter(
  folder: string,
  { after, isPruned }: ReadOptions,
): AsyncGenerator<Result<PlacedEntry, JournalFailure>> {
  const numbers = await segmentNumbers(folder);
  const [oldest = 1] = numbers;
  const isGone = after !== null && after.segment < oldest && isPruned;
  const start = isGone ? null : after;
  let next = start?.segment ?? (isPruned ? oldest : 1);
  let previous: Pick<JournalPosition, 'seq' | 'sha256'> | null =
    start === null ? (next === 1 ? { seq: 0, sha256: ANY_PREV } : null) : { seq: start.seq - 1, sha256: '' };
  for (const number of numbers.filter((one) => one >= next)) {
    const file = segmentFile(folder, number);
    const broken = (detail: string): Result<never, JournalFailure> =>
      err({ kind: 'journal-broken', file, afterSeq: previous?.seq ?? 0, detail });
    if (number !== next) return yield broken(`segment ${next} is missing`);
    next += 1;
    const isLast = number === numbers.at(-1);
    for await (const { line, octet } of linesOf(file, number === start?.segment ? start.octet : 0)) {
      const entry = line === null ? null : parseLine(line);
      // What follows the last newline of the last segment is still being written.
      if (line === null && isLast) break;
      if (line === null || entry === null) return yield broken('the next line is no entry');
      const sha256 = sha256Hex(line);
      const isAgain = entry.seq === start?.seq;
      if (isAgain ? sha256 !== start.sha256 : previous !== null && !follows(entry, previous))
        return yield broken(isAgain ? 'the entry that was read last has changed' : 'the next line does not follow');
      previous = { seq: entry.seq, sha256 };
      if (!isAgain) yield ok({ entry, position: { segment: number, octet, seq: entry.seq, sha256 } });
    }
  }
  // No line was read, not even that of the entry `after`, which must be there.
  if (start !== null && previous?.sha256 === '')
    yield err({
      kind: 'journal-broken',
      file: segmentFile(folder, start.segment),
      afterSeq: start.seq,
      detail: 'the entry that was read last is not there',
    });
}

/**
 * Returns the id of the journal in this folder, which is random and never changes while the journal
 * goes on. Jobs recognise by it whether they have read this journal before: otherwise they would
 * begin again and report its signatures twice. The id is read from the first line of the last
 * segment that has one. null: there is no such line, or it is no entry.
 */
export async function readJournalId(folder: string): Promise<JournalId | null> {
  for (const number of (await segmentNumbers(folder)).toReversed()) {
    for await (const { line } of linesOf(segmentFile(folder, number), 0)) {
      // This segment has no complete line yet: its first entry is being written, or a crash has
      // left it incomplete.
      if (line === null) break;
      const entry = parseLine(line);
      if (entry?.kind === 'segment') return entry.journal as JournalId;
      return entry?.seq === 1 ? (entry.prev as JournalId) : null;
    }
  }
  return null;
}

/** Reads all entries in the folder, as `readJournalAfter` does. */
export async function* readJournal(
  folder: string,
  options: Partial<ReadOptions> = {},
): AsyncGenerator<Result<JournalEntry, JournalFailure>> {
  for await (const read of readJournalAfter(folder, { after: null, isPruned: false, ...options }))
    yield read.ok ? ok(read.value.entry) : read;
}

function follows({ seq, prev }: JournalEntry, previous: Pick<JournalPosition, 'seq' | 'sha256'>): boolean {
  return seq === previous.seq + 1 && (prev === previous.sha256 || previous.sha256 === ANY_PREV);
}

/**
 * Reads the lines of a segment from this octet on. A line that is null stands for octets at the end
 * without a newline, or for a line that is too long.
 */
async function* linesOf(
  file: string,
  from: number,
): AsyncGenerator<{ readonly line: string | null; readonly octet: number }> {
  let rest: Buffer = Buffer.alloc(0);
  let octet = from;
  for await (const chunk of createReadStream(file, { start: from }) as AsyncIterable<Buffer>) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    for (let end = rest.indexOf(NEWLINE); end >= 0; end = rest.indexOf(NEWLINE)) {
      yield { line: rest.toString('utf8', 0, end), octet };
      octet += end + 1;
      rest = rest.subarray(end + 1);
    }
    if (rest.length > LINE_BYTES_MAX) break;
  }
  if (rest.length > 0) yield { line: null, octet };
}
