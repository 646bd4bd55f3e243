/**
 * Compares the journals of the signers with the database. A signature that is in a journal but not
 * in the database raises an alarm, because somebody may have stolen the credentials of the service.
 * A certificate is known if its stored bytes have the digest and serial of the entry (whether
 * issued, open or abandoned), and a CRL if its number and digest match. OCSP entries are only
 * counted, because the responses are not stored one by one.
 *
 * The job stores the position of the last entry that it has compared, and reads on from there, so
 * that its work does not grow with the journals. `pfcng hsm reconcile` reads them from their
 * beginning.
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
  /** Refusals and alarms that are not in the audit log yet; null: none. */
  readonly notes: Notes | null;
  readonly unknown: readonly { readonly seq: number; readonly detail: string }[];
  /** Inconsistencies of the journal itself. */
  readonly faults: readonly string[];
  /** The last entry that was read; null: there is no new entry. */
  readonly last: JournalPosition | null;
};

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
  const result = await reconcileJournals(store, journals, 'last-entry');
  if (!result.ok) return log.error('reconcile.failed', { detail: result.error.detail });
  for (const { token, unknown, faults, notes, last } of result.value) {
    if (notes !== null) log.error('reconcile.signer-notes', { token, ...notes });
    const recorded = await recordRefusalsAndAlarms({ store, clock }, { token, notes });
    if (!recorded.ok) log.error('reconcile.failed', { token, detail: recorded.error.detail });
    const isAlarm = unknown.length > 0 || faults.length > 0;
    const details = { token, unknown: unknown.map(({ seq, detail }) => `${seq}: ${detail}`), faults };
    if (isAlarm) log.error('reconcile.alarm', details);
    const stored = await store.transaction(async (tx) => {
      if (isAlarm)
        await tx.appendAudit([
          { at: clock(), type: 'signer.unknown-signature', actor: 'system', outcome: 'failure', details },
        ]);
      // What was not recorded is read again.
      if (last !== null && recorded.ok) await tx.setMark(positionMarkOf(token), formatPosition(last));
    });
    if (!stored.ok) log.error('reconcile.failed', { token, detail: stored.error.detail });
  }
}

const BATCH = 500;
/**
 * Counts refusals whose rules are unknown, because there were too many for one journal entry each.
 */
const RULE_NOT_KEPT = 'others';

/** `from`: the beginning of each journal, or the last entry that the job has compared. */
export async function reconcileJournals(
  store: Store,
  journals: readonly JournalLocation[],
  from: 'beginning' | 'last-entry' = 'beginning',
): Promise<Result<readonly Reconciliation[], StoreFailure>> {
  const results: Reconciliation[] = [];
  for (const journal of journals) {
    const position =
      from === 'beginning' ? ok(null) : await store.read((reads) => reads.mark(positionMarkOf(journal.token)));
    if (!position.ok) return position;
    const after = position.value === null ? null : parsePosition(position.value);
    const one = await reconcileOne(store, journal, after);
    if (!one.ok) return one;
    results.push(one.value);
  }
  return ok(results);
}

async function reconcileOne(
  store: Store,
  { token, kind, folder }: JournalLocation,
  after: JournalPosition | null,
): Promise<Result<Reconciliation, StoreFailure>> {
  const mark = await store.read((reads) => reads.mark(markOf(token)));
  if (!mark.ok) return mark;
  const notes = createNoteCount(Number(mark.value ?? '0'));
  const unknown: { seq: number; detail: string }[] = [];
  const faults: string[] = [];
  let last: JournalPosition | null = null;
  let entries = 0;
  let signatures = 0;
  let batch: SignatureEntry[] = [];
  const flush = async (): Promise<Result<void, StoreFailure>> => {
    const entriesToCheck = batch;
    batch = [];
    return store.read(async (reads) => {
      for (const entry of entriesToCheck) if (!(await isKnown(reads, entry))) unknown.push(describe(entry));
    });
  };
  for await (const read of readJournalAfter(folder, { after, isPruned: kind === 'ocsp' })) {
    if (!read.ok) {
      faults.push(`${read.error.kind}: ${read.error.detail}`);
      break;
    }
    const { entry, position } = read.value;
    last = position;
    entries += 1;
    notes.add(entry);
    if (!isSignature(entry)) continue;
    signatures += entry.kind === 'ocsp' ? entry.sha256.length : 1;
    batch.push(entry);
    if (batch.length < BATCH) continue;
    const flushed = await flush();
    if (!flushed.ok) return flushed;
  }
  const flushed = await flush();
  return flushed.ok ? ok({ token, entries, signatures, notes: notes.result(), unknown, faults, last }) : flushed;
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

async function isKnown(reads: Reads, entry: SignatureEntry): Promise<boolean> {
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
    case 'ocsp':
    case 'platform':
      return true;
  }
}

function describe(entry: SignatureEntry): { seq: number; detail: string } {
  const { seq, kind, issuer, sha256 } = entry;
  const which = 'serial' in entry ? entry.serial : 'number' in entry ? entry.number : '?';
  return { seq, detail: `${kind} ${which} of ${issuer} (to-be-signed SHA-256 ${sha256}) is not in the database` };
}
