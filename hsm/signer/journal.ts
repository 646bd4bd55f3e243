/**
 * The signer's own record of what it has signed, in a place that the service cannot reach. An entry
 * is on disk before its signature exists, so that no signature without an entry leaves the signer.
 * (The test signatures of a start have none, and do not leave it.) An entry without a signature is
 * possible (a crash in between); reconciliation reports it.
 *
 * Between the signatures, the same chain has entries for refusals and alarms, and at most once a
 * minute the number of certificates of each profile in the last hour. The chain is written in
 * segments, of which OCSP signers delete old ones.
 */
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { assert } from '../../src/kernel/assert.js';
import { formatInstant, type Instant } from '../../src/kernel/clock.js';
import { sha256Hex } from '../../src/kernel/digest.js';
import { errorMessage } from '../../src/kernel/errors.js';
import { err, ok, type Result } from '../../src/kernel/result.js';
import type { CrlScope } from '../../src/ports/store/crls.js';
import {
  type CrlEvent,
  formatLine,
  type JournalRecord,
  type LineContent,
  type PreviousList,
  type PreviousLists,
  type Tally,
} from '../journal/journal-entry.js';
import type { JournalFailure } from '../journal/read-journal.js';
import { deleteOldSegments, openSegment, type SegmentRetention } from './journal-segments.js';
import { type LastCrl, type LastCrls, lastCrlOf, type RecoveredJournal, recoverJournal } from './recover-journal.js';
import { openSerialIndex, type SerialIndex, type SerialUse } from './serial-index.js';

export type Journal = {
  /**
   * Resolves with the entry's number when the entry is on disk. Calls that wait share one write,
   * and the OCSP responses of one key among them share entries. Apart from that, entries have the
   * order of the calls.
   */
  append(record: JournalRecord): Promise<Result<number, JournalFailure>>;
  /**
   * Returns the last CRL of this issuer and scope. It is updated when `append` is called, before
   * the entry is on disk.
   */
  lastCrl(issuer: string, scope: CrlScope): LastCrl | undefined;
  /**
   * Notes the serial number of a certificate before its entry is appended; only called on a CA
   * token. Returns false if the number was noted for other to-be-signed bytes before.
   */
  claimSerial(use: SerialUse): Result<boolean, JournalFailure>;
  /** Returns the number of the last entry, which may not be on disk yet; 0: there is none. */
  lastSeq(): number;
  close(): Promise<void>;
};

export type JournalOptions = {
  /** The CAs of the token; other tokens have none. */
  readonly crlIssuers?: readonly string[];
  /** Size of a segment, in bytes, from which on it gets no further entry. */
  readonly segmentBytesMax?: number;
  /** When a complete segment is deleted; absent: never. */
  readonly retention?: SegmentRetention;
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

const SEGMENT_BYTES_MAX = 64 * 1024 * 1024;
/** At most this many OCSP responses share an entry, which then has 17 kB. */
const RESPONSES_PER_ENTRY_MAX = 256;
/** After this many claims of serial numbers the index is marked as complete. */
const CLAIMS_UNSAVED_MAX = 4096;

/**
 * Opens or creates the journal in this folder. It is read from its end until the last CRL of each
 * CA is found, the certificates of the last hour are counted and the serial index is complete.
 */
export async function openJournal(
  folder: string,
  { crlIssuers = [], segmentBytesMax = SEGMENT_BYTES_MAX, retention }: JournalOptions = {},
): Promise<Result<OpenedJournal, JournalFailure>> {
  let serials: SerialIndex | null = null;
  try {
    if (crlIssuers.length > 0) serials = await openSerialIndex(join(folder, 'serials.index'));
    const recovered = await recoverJournal(folder, { crlIssuers, serials });
    if (!recovered.ok) {
      await serials?.close();
      return recovered;
    }
    const { segment, tornBytes, recent } = recovered.value;
    const handle = await openSegment(folder, segment);
    const journal = createJournal(handle, recovered.value, { folder, segmentBytesMax, retention, serials });
    return ok({ journal, tornBytes, recent });
  } catch (thrown) {
    await serials?.close();
    return err({ kind: 'journal-not-writable', file: folder, detail: errorMessage(thrown) });
  }
}

type JournalPlace = {
  readonly folder: string;
  readonly segmentBytesMax: number;
  readonly retention: SegmentRetention | undefined;
  /** null: the token signs no certificates. */
  readonly serials: SerialIndex | null;
};

type PendingAppend = {
  readonly record: JournalRecord;
  /** The last CRLs of the other scopes of the issuer; null: the event is no CRL. */
  readonly lists: PreviousLists | null;
  readonly settle: (result: Result<number, JournalFailure>) => void;
};

function createJournal(opened: FileHandle, recovered: RecoveredJournal, place: JournalPlace): Journal {
  const { folder, segmentBytesMax, retention, serials } = place;
  const { crls } = recovered;
  let handle = opened;
  let { lastSeq, lastHash, segment, segmentBytes } = recovered;
  let pending: PendingAppend[] = [];
  let flushing: Promise<void> | null = null;
  let failure: JournalFailure | null = null;
  let claimsUnsaved = 0;

  /**
   * Marks the serial index as complete up to the last entry: every certificate is claimed before
   * its entry is appended.
   */
  async function saveSerials(): Promise<void> {
    if (serials === null || claimsUnsaved < CLAIMS_UNSAVED_MAX) return;
    claimsUnsaved = 0;
    await serials.save({ seq: lastSeq, hash: lastHash });
  }

  async function flush(): Promise<void> {
    // All calls in the same turn of the event loop share the first write.
    await new Promise<void>((resolve) => setImmediate(resolve));
    while (pending.length > 0 && failure === null) {
      const written = pending;
      pending = [];
      try {
        const settled = await write(written);
        await saveSerials();
        for (const [settle, seq] of settled) settle(ok(seq));
      } catch (thrown) {
        // Nothing is written after a failed write, because the content of the disk is unknown. The
        // process is replaced, and its successor reads the files again.
        failure = { kind: 'journal-not-writable', file: folder, detail: errorMessage(thrown) };
        for (const { settle } of [...written, ...pending]) settle(err(failure));
      }
    }
    flushing = null;
  }

  /**
   * Writes the entries. Returns for each call of `append` its function `settle` and the number of
   * its entry.
   */
  async function write(appends: readonly PendingAppend[]): Promise<readonly (readonly [Settle, number])[]> {
    const settled: (readonly [Settle, number])[] = [];
    let text = '';
    const add = (content: LineContent): void => {
      const line = formatLine(content, { seq: lastSeq + 1, prev: lastHash });
      [lastSeq, lastHash] = [lastSeq + 1, sha256Hex(line)];
      text += `${line}\n`;
    };
    for (const { content, settles } of entriesOf(appends)) {
      if (segmentBytes + text.length >= segmentBytesMax) {
        await append(text);
        await beginSegment(content.at);
        text = '';
      }
      if (segmentBytes === 0 && segment > 1 && text === '')
        add({ ...content, members: { kind: 'segment', journal: recovered.id, segment, lists: listsByIssuer(crls) } });
      add(content);
      settled.push(...settles.map((settle) => [settle, lastSeq] as const));
    }
    await append(text);
    return settled;
  }

  async function append(text: string): Promise<void> {
    const bytes = Buffer.from(text, 'utf8');
    let written = 0;
    while (written < bytes.length) written += (await handle.write(bytes, written)).bytesWritten;
    segmentBytes += bytes.length;
  }

  async function beginSegment(now: Instant): Promise<void> {
    await handle.close();
    segment += 1;
    segmentBytes = 0;
    handle = await openSegment(folder, segment);
    // A segment that cannot be deleted now is deleted when the next one begins.
    if (retention !== undefined)
      await deleteOldSegments(folder, { current: segment, now, ...retention }).catch(() => undefined);
  }

  function listsFor(event: CrlEvent): PreviousLists {
    const known = crls.get(event.issuer);
    crls.set(event.issuer, new Map(known).set(event.scope, lastCrlOf(event)));
    return listsOf(known, event.scope);
  }

  return {
    append(record) {
      if (failure !== null) return Promise.resolve(err(failure));
      const { event } = record;
      const lists = event.kind === 'crl' ? listsFor(event) : null;
      return new Promise((settle) => {
        pending.push({ record, lists, settle });
        flushing ??= flush();
      });
    },
    lastCrl: (issuer, scope) => crls.get(issuer)?.get(scope),
    claimSerial(use) {
      assert(serials !== null, 'a CA token signs certificates');
      try {
        claimsUnsaved += 1;
        return ok(serials.claim(use));
      } catch (thrown) {
        return err({ kind: 'journal-not-writable', file: folder, detail: `serial index: ${errorMessage(thrown)}` });
      }
    },
    lastSeq: () => lastSeq,
    async close() {
      await flushing;
      await handle.close();
      if (failure === null) await serials?.save({ seq: lastSeq, hash: lastHash });
      await serials?.close();
    },
  };
}

type Settle = PendingAppend['settle'];
type EntryToWrite = { readonly content: LineContent; readonly settles: Settle[] };

/** Makes one entry for each record, except that OCSP responses of one key share entries. */
function entriesOf(appends: readonly PendingAppend[]): readonly EntryToWrite[] {
  const entries: EntryToWrite[] = [];
  /** The last entry for the responses of each key, by the label of the key. */
  const responses = new Map<string, { readonly digests: string[]; readonly settles: Settle[] }>();
  for (const { record, lists, settle } of appends) {
    const { at, steadyAt, event } = record;
    if (event.kind !== 'ocsp') {
      const members = event.kind === 'crl' ? { ...event, lists: lists ?? {} } : event;
      entries.push({ content: { at, steadyAt, members }, settles: [settle] });
      continue;
    }
    const { issuer, sha256 } = event;
    const shared = responses.get(issuer);
    if (shared !== undefined && shared.digests.length < RESPONSES_PER_ENTRY_MAX) {
      shared.digests.push(sha256);
      shared.settles.push(settle);
    } else {
      const begun = { digests: [sha256], settles: [settle] };
      responses.set(issuer, begun);
      const members = { kind: event.kind, issuer, sha256: begun.digests };
      entries.push({ content: { at, steadyAt, members }, settles: begun.settles });
    }
  }
  return entries;
}
function listsByIssuer(crls: RecoveredJournal['crls']): Readonly<Record<string, PreviousLists>> {
  return Object.fromEntries([...crls].map(([issuer, lists]) => [issuer, listsOf(lists, null)]));
}

/** Returns the last CRLs of an issuer, without that of the scope `except`. */
function listsOf(known: LastCrls | undefined, except: CrlScope | null): PreviousLists {
  const others = [...(known ?? [])].filter(([scope]) => scope !== except);
  return Object.fromEntries(
    others.map(([scope, { number, sha256, thisUpdate, entries }]): [string, PreviousList] => [
      scope,
      { number: String(number), thisUpdate: formatInstant(thisUpdate), entries, sha256 },
    ]),
  );
}
