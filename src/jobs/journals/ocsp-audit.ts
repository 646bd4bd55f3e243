/**
 * OCSP responses are too many for an audit entry each. Once an hour, and when the service stops,
 * the responses that each OCSP signer has signed since are counted from its journal, and one entry
 * for each token goes into the audit log: counts by responder key, the numbers of the journal
 * entries, and a digest over the digests of all responses in their order. An auditor who has the
 * journal can recompute it. The position of the last entry is stored, so that each run reads only
 * what is new.
 */
import { createHash } from 'node:crypto';
import { readJournalAfter, readJournalId } from '../../../hsm/journal/read-journal.js';
import { HOUR_MS } from '../../kernel/duration.js';
import { ok } from '../../kernel/result.js';
import type { JournalId, JournalPosition } from '../../ports/store/journals.js';
import type { RunJob } from '../job.js';
import type { JournalLocation, JournalWorld } from './reconcile.js';

type OcspCount = {
  readonly fromSeq: number;
  readonly toSeq: number;
  readonly answersByIssuer: Readonly<Record<string, number>>;
  /** SHA-256 in hex over the `sha256` values of the entries, one per line. */
  readonly sha256: string;
};

type OcspAuditParts = JournalWorld & { readonly ocspJournals: readonly JournalLocation[] };

export const auditOcsp: RunJob<OcspAuditParts> = {
  name: 'ocsp-audit',
  scope: 'run',
  role: 'all',
  everyMs: HOUR_MS,
  isEssential: false,
  alsoRuns: ['at-stop'],
  prepare: (parts) => ({ run: () => countResponses(parts) }),
};

async function countResponses({ ocspJournals, ...world }: OcspAuditParts): Promise<void> {
  for (const { token, folder } of ocspJournals) {
    const journal = await readJournalId(folder);
    const after =
      journal === null ? ok(null) : await world.store.read((reads) => reads.journalPosition(journal, PURPOSE));
    if (!after.ok) return;
    const { count, last, fault } = await countAfter(folder, after.value);
    if (fault !== null) world.log.error('ocsp-audit.journal', { token, detail: fault });
    if (journal !== null && last !== null) await record(world, { journal, token, count, before: after.value, last });
  }
}

const PURPOSE = 'ocsp-audit';

type NewResponses = {
  /** null: there are none. */
  readonly count: OcspCount | null;
  /** The last entry that was read; null: no entry is new. */
  readonly last: JournalPosition | null;
  /** The inconsistency that was found in the journal; null: none. */
  readonly fault: string | null;
};

/** Counts the responses in the entries after this one; null: in all entries. */
async function countAfter(folder: string, after: JournalPosition | null): Promise<NewResponses> {
  const digest = createHash('sha256');
  const answersByIssuer: Record<string, number> = {};
  let first: number | null = null;
  let last: JournalPosition | null = null;
  let fault: string | null = null;
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
  }
  if (first === null || last === null || Object.keys(answersByIssuer).length === 0) return { count: null, last, fault };
  const count = { fromSeq: first, toSeq: last.seq, answersByIssuer, sha256: digest.digest('hex') };
  return { count, last, fault };
}

type CountToRecord = Pick<NewResponses, 'count'> & {
  readonly journal: JournalId;
  readonly token: string;
  /** The stored position from which was counted. */
  readonly before: JournalPosition | null;
  readonly last: JournalPosition;
};

async function record(
  { store, clock, node }: Pick<JournalWorld, 'store' | 'clock' | 'node'>,
  { journal, token, count, before, last }: CountToRecord,
): Promise<void> {
  await store.transaction(async (tx) => {
    // Another service may have counted the same entries meanwhile.
    if ((await tx.journalPosition(journal, PURPOSE))?.seq !== before?.seq) return;
    await tx.setJournalPosition({ journal, purpose: PURPOSE, token, node, position: last });
    if (count === null) return;
    const details = { token, ...count };
    await tx.appendAudit([{ at: clock(), type: 'ocsp.signed', actor: 'system', details }]);
  });
}
