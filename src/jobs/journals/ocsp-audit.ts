/**
 * Records the numbers of signed OCSP responses in the audit log, because the responses are too many
 * for an entry each. Once an hour, the new responses of each OCSP signer are counted from its
 * journal. Then one entry for each token goes into the audit log: counts by responder key, the
 * numbers of the journal entries, and a digest over the digests of all responses in their order. An
 * auditor who has the journal can compute the digest again. The position of the last entry is
 * stored, so that each attempt reads only what is new.
 */
import { createHash } from 'node:crypto';
import { readJournalAfter, readJournalId } from '../../../hsm/journal/read-journal.js';
import { HOUR_MS, MINUTE_MS } from '../../kernel/duration.js';
import type { Result } from '../../kernel/result.js';
import type { StoreFailure } from '../../ports/store/failure.js';
import type { JournalId, JournalPosition } from '../../ports/store/journals.js';
import { type JobLease, type ReadingStore, type SharedJob, valueOrThrow } from '../job.js';
import { type JournalLocation, type JournalWorld, journalItems } from './reconcile.js';

type OcspCount = {
  readonly fromSeq: number;
  readonly toSeq: number;
  readonly answersByIssuer: Readonly<Record<string, number>>;
  /** SHA-256 in hex over the `sha256` values of the entries, one per line. */
  readonly sha256: string;
};

type OcspAuditParts = JournalWorld<ReadingStore> & { readonly ocspJournals: readonly JournalLocation[] };

export const recordOcspCountsJob: SharedJob<OcspAuditParts> = {
  name: 'ocsp-audit',
  scope: 'item',
  roles: ['worker'],
  everyMs: HOUR_MS,
  leaseDurationMs: MINUTE_MS,
  budgetMs: 5 * MINUTE_MS,
  isEssential: false,
  prepare: ({ ocspJournals, ...world }) => ({
    due: async () => [...(await journalItems(world.node, ocspJournals)).keys()],
    work: async (leased, item) => {
      const journal = (await journalItems(world.node, ocspJournals)).get(item);
      return journal === undefined ? 'done' : countResponses({ ...world, store: leased.store }, leased, journal);
    },
  }),
};

async function countResponses(
  world: JournalWorld,
  { mustEnd }: JobLease,
  { token, folder }: JournalLocation,
): Promise<'done' | 'more'> {
  const journal = await readJournalId(folder);
  const after =
    journal === null ? null : valueOrThrow(await world.store.read((reads) => reads.journalPosition(journal, PURPOSE)));
  const { count, last, fault, isComplete } = await countAfter(folder, after, mustEnd);
  if (fault !== null) world.log.error('ocsp-audit.journal', { token, detail: fault });
  if (journal !== null && last !== null) valueOrThrow(await record(world, { journal, token, count, last }));
  return isComplete ? 'done' : 'more';
}

const PURPOSE = 'ocsp-audit';

type NewResponses = {
  /** null: there are no new responses. */
  readonly count: OcspCount | null;
  /** The last entry that was read; null: no entry is new. */
  readonly last: JournalPosition | null;
  /** The inconsistency that was found in the journal; null: none. */
  readonly fault: string | null;
  /** Whether the end of the journal was reached. */
  readonly isComplete: boolean;
};

/** Counts the responses in the journal entries that follow `after`; null: in all entries. */
async function countAfter(
  folder: string,
  after: JournalPosition | null,
  mustEnd: () => boolean,
): Promise<NewResponses> {
  const digest = createHash('sha256');
  const answersByIssuer: Record<string, number> = {};
  let first: number | null = null;
  let last: JournalPosition | null = null;
  let fault: string | null = null;
  let isComplete = true;
  for await (const read of readJournalAfter(folder, { after, isPruned: true })) {
    if (!read.ok) {
      fault = read.error.detail;
      break;
    }
    const { entry, position } = read.value;
    if (first === null && after !== null && entry.seq > after.seq + 1)
      fault = `entries ${after.seq + 1} to ${entry.seq - 1} were deleted before they were counted`;
    first ??= entry.seq;
    last = position;
    if (entry.kind !== 'ocsp') continue;
    for (const sha256 of entry.sha256) digest.update(`${sha256}\n`);
    answersByIssuer[entry.issuer] = (answersByIssuer[entry.issuer] ?? 0) + entry.sha256.length;
    if (!mustEnd()) continue;
    isComplete = false;
    break;
  }
  if (first === null || last === null || Object.keys(answersByIssuer).length === 0)
    return { count: null, last, fault, isComplete };
  const count = { fromSeq: first, toSeq: last.seq, answersByIssuer, sha256: digest.digest('hex') };
  return { count, last, fault, isComplete };
}

type CountToRecord = Pick<NewResponses, 'count'> & {
  readonly journal: JournalId;
  readonly token: string;
  readonly last: JournalPosition;
};

async function record(
  { store, clock, node }: Pick<JournalWorld, 'store' | 'clock' | 'node'>,
  { journal, token, count, last }: CountToRecord,
): Promise<Result<void, StoreFailure>> {
  return store.transaction(async (tx) => {
    await tx.setJournalPosition({ journal, purpose: PURPOSE, token, node, position: last });
    if (count === null) return;
    const details = { token, ...count };
    await tx.appendAudit([{ at: clock(), type: 'ocsp.signed', actor: 'system', details }]);
  });
}
