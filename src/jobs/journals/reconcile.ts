/**
 * Compares the journals of the signers with the database. A signature that is in a journal but not
 * in the database raises an alarm, because somebody may have stolen the credentials of the service.
 * A certificate is known if its stored bytes have the digest and serial of the entry (whether
 * issued, open or abandoned), and a CRL if its number and digest match. OCSP responses and
 * signatures of the platform key are counted, not compared, because the database does not have them
 * one by one.
 *
 * The job stores the position of the last entry that it has compared, and reads on from there, so
 * that its work does not grow with the journals and no signature is reported twice. After a
 * restored backup a hundred thousand may be unknown: they are counted, and the first hundred named.
 * `pfcng hsm reconcile` reads the journals from their beginning.
 *
 * Refusals and alarms of the signers are copied from the journal into the audit log, once: counts
 * by name, with the numbers of the journal entries that have the details.
 */
import type { JournalEntry } from '../../../hsm/journal/journal-entry.js';
import {
  formatPosition,
  type JournalPosition,
  parsePosition,
  readJournalAfter,
} from '../../../hsm/journal/read-journal.js';
import { segmentNumbers } from '../../../hsm/journal/segments.js';
import type { TokenKind } from '../../../hsm/wire/permissions.js';
import { sha256Hex } from '../../kernel/digest.js';
import { HOUR_MS } from '../../kernel/duration.js';
import { ok, type Result } from '../../kernel/result.js';
import type { IssuerId } from '../../ports/signer.js';
import type { StoreFailure } from '../../ports/store/failure.js';
import type { Reads, Store } from '../../ports/store.js';
import type { Clock, Log } from '../../ports/world.js';
import type { Job } from '../job.js';

export type JournalLocation = { readonly token: string; readonly kind: TokenKind; readonly folder: string };
export type Reconciliation = {
  readonly token: string;
  readonly entries: number;
  /**
   * Number of signature entries. An entry is written before its signature, so its signature may not
   * exist.
   */
  readonly signatures: number;
  /** How many of them are counted, not compared. */
  readonly notCompared: number;
  /** Whether the journal is on this machine; otherwise nothing is compared. */
  readonly journal: 'read' | 'not-here';
  /** Refusals and alarms that are not in the audit log yet; null: none. */
  readonly notes: Notes | null;
  /** The signatures that the database does not know: how many, and the first of them. */
  readonly unknown: { readonly count: number; readonly named: readonly UnknownSignature[] };
  /** Inconsistencies of the journal itself. */
  readonly faults: readonly string[];
  /** The mark with the position after which it was read; null: from the beginning. */
  readonly from: string | null;
  /** The last entry that was read; null: there is no new entry. */
  readonly last: JournalPosition | null;
};

type UnknownSignature = { readonly seq: number; readonly detail: string };

/** How many unknown signatures of a journal are named; all of them are counted. */
export const NAMED_MAX = 100;

/** Numbers of refusals and alarms in the journal entries `fromSeq` to `toSeq`. */
type Notes = {
  readonly fromSeq: number;
  readonly toSeq: number;
  /** Number of refusals, by rule. */
  readonly refusals: Counts;
  /**
   * Number of alarms, by name and subject: `rate-cap fort/cps-signature`, `crl-shrank aci-fo-pp`.
   */
  readonly alarms: Counts;
};
type Counts = Readonly<Record<string, number>>;

type ReconcileParts = {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly journals: readonly JournalLocation[];
};

export const reconcile: Job<ReconcileParts> = {
  name: 'reconcile',
  everyMs: HOUR_MS,
  leaseDurationMs: null,
  alsoRuns: [],
  prepare: (parts) => ({ run: () => reconcileAndReport(parts) }),
};

async function reconcileAndReport({ store, clock, log, journals }: ReconcileParts): Promise<void> {
  const result = await reconcileJournals(store, journals, { from: 'last-entry' });
  if (!result.ok) return log.error('reconcile.failed', { detail: result.error.detail });
  for (const one of result.value) {
    const { token, notes, journal, signatures, notCompared, unknown } = one;
    log.info('reconcile.done', { token, journal, signatures, notCompared, unknown: unknown.count });
    if (notes !== null) log.error('reconcile.signer-notes', { token, ...notes });
    const recorded = await recordRefusalsAndAlarms({ store, clock }, { token, notes });
    if (!recorded.ok) log.error('reconcile.failed', { token, detail: recorded.error.detail });
    // What was not recorded is read again.
    else await raiseAlarm({ store, clock, log }, one);
  }
}

/** Raises the alarm for what is new, and stores how far the journal was compared. */
async function raiseAlarm(
  { store, clock, log }: Omit<ReconcileParts, 'journals'>,
  { token, unknown, faults, from, last }: Reconciliation,
): Promise<void> {
  const named = unknown.named.map(({ seq, detail }) => `${seq}: ${detail}`);
  const details = { token, count: unknown.count, unknown: named, faults };
  const stored = await store.transaction(async (tx): Promise<boolean> => {
    // Another service may have compared the same entries meanwhile.
    if ((await tx.mark(positionMarkOf(token))) !== from) return false;
    const faultsBefore = (await tx.mark(faultsMarkOf(token))) ?? '[]';
    const isAlarm = unknown.count > 0 || (faults.length > 0 && JSON.stringify(faults) !== faultsBefore);
    const type = 'signer.unknown-signature';
    if (isAlarm) await tx.appendAudit([{ at: clock(), type, actor: 'system', outcome: 'failure', details }]);
    if (last !== null) await tx.setMark(positionMarkOf(token), formatPosition(last));
    if (JSON.stringify(faults) !== faultsBefore) await tx.setMark(faultsMarkOf(token), JSON.stringify(faults));
    return isAlarm;
  });
  if (!stored.ok) log.error('reconcile.failed', { token, detail: stored.error.detail });
  // Without the database the alarm is repeated rather than lost.
  if (stored.ok ? stored.value : unknown.count > 0 || faults.length > 0) log.error('reconcile.alarm', details);
}

const BATCH = 500;
/**
 * Counts refusals whose rules are unknown, because there were too many for one journal entry each.
 */
const RULE_NOT_KEPT = 'others';

type ReconcileOptions = {
  /** The beginning of each journal, or the last entry that the job has compared. */
  readonly from?: 'beginning' | 'last-entry';
  /** How many unknown signatures of each journal are named. */
  readonly namedMax?: number;
};

export async function reconcileJournals(
  store: Store,
  journals: readonly JournalLocation[],
  { from = 'beginning', namedMax = NAMED_MAX }: ReconcileOptions = {},
): Promise<Result<readonly Reconciliation[], StoreFailure>> {
  const results: Reconciliation[] = [];
  for (const journal of journals) {
    const position =
      from === 'beginning' ? ok(null) : await store.read((reads) => reads.mark(positionMarkOf(journal.token)));
    if (!position.ok) return position;
    const one = await reconcileOne(store, journal, { from: position.value, namedMax });
    if (!one.ok) return one;
    results.push(one.value);
  }
  return ok(results);
}

async function reconcileOne(
  store: Store,
  { token, kind, folder }: JournalLocation,
  { from, namedMax }: { readonly from: string | null; readonly namedMax: number },
): Promise<Result<Reconciliation, StoreFailure>> {
  const mark = await store.read((reads) => reads.mark(markOf(token)));
  if (!mark.ok) return mark;
  const notes = createNoteCount(Number(mark.value ?? '0'));
  const unknown = { count: 0, named: [] as UnknownSignature[] };
  const faults: string[] = [];
  const counts = { entries: 0, signatures: 0, notCompared: 0 };
  const journal = (await segmentNumbers(folder)).length > 0 ? 'read' : 'not-here';
  const after = from === null ? null : parsePosition(from);
  let last: JournalPosition | null = null;
  let batch: ComparedEntry[] = [];
  const flush = async (): Promise<Result<void, StoreFailure>> => {
    const entriesToCheck = batch;
    batch = [];
    return store.read(async (reads) => {
      for (const entry of entriesToCheck) {
        if (await isKnown(reads, entry)) continue;
        unknown.count += 1;
        if (unknown.named.length < namedMax) unknown.named.push(describe(entry));
      }
    });
  };
  for await (const read of readJournalAfter(folder, { after, isPruned: kind === 'ocsp' })) {
    if (!read.ok) {
      faults.push(`${read.error.kind}: ${read.error.detail}`);
      break;
    }
    const { entry, position } = read.value;
    last = position;
    counts.entries += 1;
    notes.add(entry);
    if (!isSignature(entry)) continue;
    const made = entry.kind === 'ocsp' ? entry.sha256.length : 1;
    counts.signatures += made;
    if (!isCompared(entry)) {
      counts.notCompared += made;
      continue;
    }
    batch.push(entry);
    if (batch.length < BATCH) continue;
    const flushed = await flush();
    if (!flushed.ok) return flushed;
  }
  const flushed = await flush();
  if (!flushed.ok) return flushed;
  return ok({ token, journal, ...counts, notes: notes.result(), unknown, faults, from, last });
}

function faultsMarkOf(token: string): string {
  return `signer-faults:${token}`;
}

function positionMarkOf(token: string): string {
  return `reconciled:${token}`;
}

function markOf(token: string): string {
  return `signer-notes:${token}`;
}

type SignatureEntry = Extract<
  JournalEntry,
  { readonly kind: 'certificate' | 'responder-certificate' | 'crl' | 'ocsp' | 'platform' }
>;

function isSignature(entry: JournalEntry): entry is SignatureEntry {
  return 'sha256' in entry && entry.kind !== 'refused' && entry.kind !== 'alarm';
}

type ComparedEntry = Exclude<SignatureEntry, { readonly kind: 'ocsp' | 'platform' }>;

function isCompared(entry: SignatureEntry): entry is ComparedEntry {
  return entry.kind !== 'ocsp' && entry.kind !== 'platform';
}

/** Counts the refusals and alarms in the entries after number `after`. */
function createNoteCount(after: number) {
  const refusals: Record<string, number> = {};
  const alarms: Record<string, number> = {};
  let toSeq = after;
  return {
    add(entry: JournalEntry): void {
      if (entry.seq <= after) return;
      if (entry.kind === 'refused') count(refusals, entry.rule, 1);
      else if (entry.kind === 'refusals-over-limit') count(refusals, RULE_NOT_KEPT, entry.count);
      else if (entry.kind === 'alarm') count(alarms, `${entry.alarm} ${entry.profile ?? entry.issuer}`, 1);
      else return;
      toSeq = entry.seq;
    },
    result: (): Notes | null => (toSeq === after ? null : { fromSeq: after + 1, toSeq, refusals, alarms }),
  };
}

function count(counts: Record<string, number>, name: string, more: number): void {
  counts[name] = (counts[name] ?? 0) + more;
}

/** Writes the counts of refusals and alarms into the audit log, as one entry for each journal. */
export async function recordRefusalsAndAlarms(
  { store, clock }: { readonly store: Store; readonly clock: Clock },
  { token, notes }: Pick<Reconciliation, 'token' | 'notes'>,
): Promise<Result<void, StoreFailure>> {
  if (notes === null) return ok(undefined);
  return store.transaction(async (tx) => {
    // Another service or an officer's command may have copied them meanwhile.
    if (Number((await tx.mark(markOf(token))) ?? '0') !== notes.fromSeq - 1) return;
    await tx.setMark(markOf(token), String(notes.toSeq));
    const details = { token, ...notes };
    await tx.appendAudit([{ at: clock(), type: 'signer.notes', actor: 'system', outcome: 'failure', details }]);
  });
}

async function isKnown(reads: Reads, entry: ComparedEntry): Promise<boolean> {
  const issuer = entry.issuer as IssuerId;
  switch (entry.kind) {
    case 'certificate':
    case 'responder-certificate': {
      const record = await reads.certificateBySerial(issuer, entry.serial);
      return record !== null && sha256Hex(record.tbs) === entry.sha256;
    }
    case 'crl': {
      const crl = await reads.crlByNumber(issuer, Number(entry.number), entry.scope);
      return crl !== null && crl.tbsSha256 === entry.sha256;
    }
  }
}

function describe(entry: ComparedEntry): UnknownSignature {
  const { seq, kind, issuer, sha256 } = entry;
  const which = 'serial' in entry ? entry.serial : entry.number;
  return { seq, detail: `${kind} ${which} of ${issuer} (to-be-signed SHA-256 ${sha256}) is not in the database` };
}
