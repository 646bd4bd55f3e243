/**
 * Compares the journals of the signers with the database. A signature that is in a journal but not
 * in the database raises an alarm, because somebody may have stolen the credentials of the service.
 * A certificate is known if its stored bytes have the digest and serial number of the entry,
 * whether it is issued, open or abandoned. A CRL is known if its number and digest match. OCSP
 * responses and signatures of the platform key are counted, not compared, because the database does
 * not have them one by one.
 *
 * The job stores the position of the last entry that it has compared, by the id of the journal, and
 * continues from there, so that its work does not grow with the journals and no signature is
 * reported twice. After a backup was restored, a hundred thousand signatures may be unknown: all of
 * them are counted, and the first fifty are named. `pfcng hsm reconcile` reads the journals from
 * their beginning.
 */
import type { JournalEntry } from '../../../hsm/journal/journal-entry.js';
import { readJournalAfter, readJournalId } from '../../../hsm/journal/read-journal.js';
import { journalEnd, segmentNumbers } from '../../../hsm/journal/segments.js';
import type { TokenKind } from '../../../hsm/wire/permissions.js';
import type { Instant } from '../../kernel/clock.js';
import { DAY_MS, MINUTE_MS } from '../../kernel/duration.js';
import { ok, type Result } from '../../kernel/result.js';
import type { NodeId } from '../../ports/node.js';
import type { IssuerId } from '../../ports/signer.js';
import type { StoreFailure } from '../../ports/store/failure.js';
import {
  type CertificatesOfDay,
  type JournalId,
  type JournalPosition,
  type JournalPurpose,
  LOOK_UP_MAX,
} from '../../ports/store/journals.js';
import type { Reads, Store } from '../../ports/store.js';
import type { Clock, Log } from '../../ports/world.js';
import { type JobLease, type ReadingStore, type SharedJob, valueOrThrow } from '../job.js';
import { type CountedNotes, createNoteCount, recordRefusalsAndAlarms } from './signer-notes.js';

export type JournalLocation = { readonly token: string; readonly kind: TokenKind; readonly folder: string };
export type Reconciliation = CountedNotes & {
  readonly token: string;
  /** null: the journal has no entry, or its first line cannot be read. */
  readonly journalId: JournalId | null;
  readonly entries: number;
  /**
   * Number of signatures in the entries. An entry is written before its signature is made, so the
   * signature may not exist.
   */
  readonly signatures: number;
  /** Number of the signatures that are counted, but not compared with the database. */
  readonly notCompared: number;
  /** Whether the journal is on this machine; otherwise nothing is compared. */
  readonly journal: 'read' | 'not-here';
  /**
   * The signatures that the database does not know: `count` is the number of all, and `named` has
   * the first ones.
   */
  readonly unknown: { readonly count: number; readonly named: readonly UnknownSignature[] };
  /** Numbers of the known certificates among the entries, by issuer and day. */
  readonly journalled: readonly CertificatesOfDay[];
  /** Inconsistencies of the journal itself. */
  readonly faults: readonly string[];
  /** The last entry that was compared, now or before; null: none. */
  readonly last: JournalPosition | null;
  /**
   * Whether the end of the journal was reached; otherwise the next attempt continues from `last`.
   */
  readonly isComplete: boolean;
};

type UnknownSignature = { readonly seq: number; readonly detail: string };

/** How many unknown signatures of a journal are named; all of them are counted. */
export const NAMED_SIGNATURES_MAX = 50;

export type JournalWorld<Writing = Store> = {
  readonly store: Writing;
  readonly clock: Clock;
  readonly log: Log;
  readonly node: NodeId;
};

type ReconcileParts = JournalWorld<ReadingStore> & { readonly journals: readonly JournalLocation[] };

export const reconciliationJob: SharedJob<ReconcileParts> = {
  name: 'journal',
  scope: 'item',
  roles: ['worker'],
  everyMs: MINUTE_MS,
  leaseDurationMs: MINUTE_MS,
  budgetMs: 5 * MINUTE_MS,
  isEssential: false,
  prepare: ({ journals, ...world }) => {
    /**
     * For each journal, where it ended when this process last compared it, and the last compared
     * entry according to the database. A journal is due when one of them differs: it has new
     * entries, or an older database was put in place, which has an earlier position.
     */
    const compared = new Map<string, string>();
    return {
      due: async (reads) => {
        const due: string[] = [];
        for (const [item, { folder }] of await journalItems(world.node, journals)) {
          const position = await positionIn(reads, await readJournalId(folder), 'reconcile');
          if (compared.get(item) !== stateOf(await journalEnd(folder), position)) due.push(item);
        }
        return due;
      },
      work: async (leased, item) => {
        const journal = (await journalItems(world.node, journals)).get(item);
        if (journal === undefined) return 'done';
        const end = await journalEnd(journal.folder);
        const { last, isComplete } = await reconcileAndReport({ ...world, store: leased.store }, leased, journal);
        if (!isComplete) return 'more';
        compared.set(item, stateOf(end, last));
        return 'done';
      },
    };
  },
};

function stateOf(end: string, position: JournalPosition | null): string {
  return `${end} ${position?.sha256 ?? ''}`;
}

/**
 * Returns the journals of this machine by their ids, which are unique among all nodes. A journal
 * that is missing, or whose id cannot be read, gets an id made of the node and the name of the
 * token.
 */
export async function journalItems(
  node: NodeId,
  journals: readonly JournalLocation[],
): Promise<ReadonlyMap<string, JournalLocation>> {
  const items = new Map<string, JournalLocation>();
  for (const journal of journals) {
    items.set((await readJournalId(journal.folder)) ?? `${node} ${journal.token}`, journal);
  }
  return items;
}

async function reconcileAndReport(
  world: JournalWorld,
  leased: JobLease,
  location: JournalLocation,
): Promise<Reconciliation> {
  const { store, log } = world;
  const result = valueOrThrow(
    await reconcileOne(store, location, {
      from: 'last-entry',
      namedMax: NAMED_SIGNATURES_MAX,
      mustEnd: leased.mustEnd,
    }),
  );
  const { token, notes, journal, signatures, notCompared, unknown } = result;
  log.info('reconcile.done', { token, journal, signatures, notCompared, unknown: unknown.count });
  if (notes !== null) log.error('reconcile.signer-notes', { token, ...notes });
  // If this fails, the position is not stored, and the next attempt reads the same entries again.
  valueOrThrow(await recordRefusalsAndAlarms(world, result));
  await storeAndRaiseAlarm(world, leased, result);
  return result;
}

/**
 * Raises an alarm for unknown signatures and new inconsistencies, and stores the last compared
 * entry. The cursor has the inconsistencies that were reported already.
 */
async function storeAndRaiseAlarm(
  { store, clock, log, node }: JournalWorld,
  leased: JobLease,
  { token, journalId, unknown, journalled, faults, last }: Reconciliation,
): Promise<void> {
  const named = unknown.named.map(({ seq, detail }) => `${seq}: ${detail}`);
  const details = { token, count: unknown.count, unknown: named, faults };
  const areNew = JSON.stringify(faults) !== JSON.stringify(leased.cursor ?? []);
  const isAlarm = unknown.count > 0 || (faults.length > 0 && areNew);
  const stored = await store.transaction(async (tx) => {
    const type = 'signer.unknown-signature';
    if (isAlarm) await tx.appendAudit([{ at: clock(), type, actor: 'system', details }]);
    if (journalId !== null && last !== null) {
      await tx.setJournalPosition({ journal: journalId, purpose: 'reconcile', token, node, position: last });
      await tx.addJournalled(journalId, journalled);
    }
    if (areNew) await leased.setCursor(tx, faults);
  });
  // The alarm is logged also if the transaction has failed. The next attempt then raises it again,
  // so that it is not lost.
  if (isAlarm) log.error('reconcile.alarm', details);
  valueOrThrow(stored);
}

type ReconcileOptions = {
  /** Whether to stop before the end of the journal. */
  readonly mustEnd?: () => boolean;
  /**
   * Where the comparison begins: at the beginning of each journal, or after the last entry that the
   * job has compared.
   */
  readonly from?: 'beginning' | 'last-entry';
  /** At most this many unknown signatures of each journal are named in the result. */
  readonly namedMax?: number;
};

/**
 * Compares several journals with the database, for commands. Nothing is stored, recorded or logged.
 */
export async function reconcileJournals(
  store: Store,
  journals: readonly JournalLocation[],
  { from = 'beginning', namedMax = NAMED_SIGNATURES_MAX, mustEnd = () => false }: ReconcileOptions = {},
): Promise<Result<readonly Reconciliation[], StoreFailure>> {
  const results: Reconciliation[] = [];
  for (const journal of journals) {
    const one = await reconcileOne(store, journal, { from, namedMax, mustEnd });
    if (!one.ok) return one;
    results.push(one.value);
  }
  return ok(results);
}

async function reconcileOne(
  store: Pick<Store, 'read'>,
  { token, kind, folder }: JournalLocation,
  options: Required<ReconcileOptions>,
): Promise<Result<Reconciliation, StoreFailure>> {
  const journalId = await readJournalId(folder);
  const positions = await store.read(async (reads) => ({
    notes: await positionIn(reads, journalId, 'notes'),
    compared: options.from === 'beginning' ? null : await positionIn(reads, journalId, 'reconcile'),
  }));
  if (!positions.ok) return positions;
  const from = positions.value.compared;
  const notes = createNoteCount(positions.value.notes?.seq ?? 0);
  const unknown = { count: 0, named: [] as UnknownSignature[] };
  const journalled = createDayCount();
  const faults: string[] = [];
  const counts = { entries: 0, signatures: 0, notCompared: 0 };
  const journal = (await segmentNumbers(folder)).length > 0 ? 'read' : 'not-here';
  let last = from;
  let isComplete = true;
  let batch: ComparedEntry[] = [];
  const flush = async (): Promise<Result<void, StoreFailure>> => {
    const entriesToCheck = batch;
    batch = [];
    const compared = await store.read((reads) => compare(reads, entriesToCheck));
    if (!compared.ok) return compared;
    journalled.add(compared.value.known);
    for (const entry of compared.value.unknown) {
      unknown.count += 1;
      if (unknown.named.length < options.namedMax) unknown.named.push(describe(entry));
    }
    return ok(undefined);
  };
  for await (const read of readJournalAfter(folder, { after: from, isPruned: kind === 'ocsp' })) {
    if (!read.ok) {
      faults.push(`${read.error.kind}: ${read.error.detail}`);
      break;
    }
    const { entry, position } = read.value;
    last = position;
    counts.entries += 1;
    notes.add(read.value);
    if (!isSignature(entry)) continue;
    const made = entry.kind === 'ocsp' ? entry.sha256.length : 1;
    counts.signatures += made;
    if (!isCompared(entry)) {
      counts.notCompared += made;
      continue;
    }
    batch.push(entry);
    if (batch.length < LOOK_UP_MAX) continue;
    const flushed = await flush();
    if (!flushed.ok) return flushed;
    if (!options.mustEnd()) continue;
    isComplete = false;
    break;
  }
  const flushed = await flush();
  if (!flushed.ok) return flushed;
  return ok({
    token,
    journalId,
    journal,
    ...counts,
    ...notes.result(),
    unknown,
    journalled: journalled.result(),
    faults,
    last,
    isComplete,
  });
}

async function positionIn(
  reads: Reads,
  journal: JournalId | null,
  purpose: JournalPurpose,
): Promise<JournalPosition | null> {
  return journal === null ? null : reads.journalPosition(journal, purpose);
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

/** Creates a counter of certificates by issuer and by the day of their intents. */
function createDayCount() {
  const counts = new Map<string, CertificatesOfDay>();
  return {
    add(known: Comparison['known']): void {
      for (const { issuer, at } of known) {
        const day = Math.floor(at / DAY_MS);
        const key = `${issuer} ${day}`;
        counts.set(key, { issuer, day, count: (counts.get(key)?.count ?? 0) + 1 });
      }
    },
    result: (): readonly CertificatesOfDay[] => [...counts.values()],
  };
}

type Comparison = {
  readonly unknown: readonly ComparedEntry[];
  /** The issuer of each known certificate, and when its intent was made. */
  readonly known: readonly { readonly issuer: IssuerId; readonly at: Instant }[];
};

async function compare(reads: Reads, entries: readonly ComparedEntry[]): Promise<Comparison> {
  const certificates = entries.filter((entry) => entry.kind !== 'crl');
  const crls = entries.filter((entry) => entry.kind === 'crl');
  const times = await reads.intentTimes(
    certificates.map(({ issuer, serial, sha256 }) => ({ issuer: issuer as IssuerId, serial, sha256 })),
  );
  const areKnown = await reads.areCrlsKnown(
    crls.map(({ issuer, scope, number, sha256 }) => ({
      issuer: issuer as IssuerId,
      scope,
      number: Number(number),
      sha256,
    })),
  );
  const known = certificates.flatMap(({ issuer }, place) => {
    const at = times[place] ?? null;
    return at === null ? [] : [{ issuer: issuer as IssuerId, at }];
  });
  const unknown = [
    ...certificates.filter((_, at) => (times[at] ?? null) === null),
    ...crls.filter((_, at) => areKnown[at] !== true),
  ];
  return { unknown: unknown.sort((one, other) => one.seq - other.seq), known };
}

function describe(entry: ComparedEntry): UnknownSignature {
  const { seq, kind, issuer, sha256 } = entry;
  const which = 'serial' in entry ? entry.serial : entry.number;
  return { seq, detail: `${kind} ${which} of ${issuer} (to-be-signed SHA-256 ${sha256}) is not in the database` };
}
