/**
 * OCSP responses are too many for an audit entry each. Once an hour, and when the service stops,
 * the responses that each OCSP signer has signed since are counted from its journal, and one entry
 * for each token goes into the audit log: counts by responder key, the numbers of the journal
 * entries, and a digest over the digests of all responses in their order. An auditor who has the
 * journal can recompute it.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readJournal } from '../../../hsm/journal/read-journal.js';
import { HOUR_MS } from '../../kernel/duration.js';
import type { Store } from '../../ports/store.js';
import type { Clock, Log } from '../../ports/world.js';
import type { Job } from '../job.js';
import type { JournalLocation } from './reconcile.js';

type OcspCount = {
  readonly fromSeq: number;
  readonly toSeq: number;
  readonly answersByIssuer: Readonly<Record<string, number>>;
  /** SHA-256 in hex over the `sha256` values of the entries, one per line. */
  readonly sha256: string;
};

type OcspAuditParts = {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly ocspJournals: readonly JournalLocation[];
};

export const auditOcsp: Job<OcspAuditParts> = {
  name: 'ocsp-audit',
  everyMs: HOUR_MS,
  leaseDurationMs: null,
  alsoRuns: ['at-stop'],
  prepare: (parts) => ({ run: () => countResponses(parts) }),
};

async function countResponses({ store, clock, log, ocspJournals: journals }: OcspAuditParts): Promise<void> {
  for (const { token, file } of journals) {
    if (!existsSync(file)) continue;
    const mark = await store.read((reads) => reads.mark(`ocsp-audit:${token}`));
    if (!mark.ok) return;
    const counted = await countSince(file, Number(mark.value ?? '0'));
    if (typeof counted === 'string') log.error('ocsp-audit.journal', { token, detail: counted });
    else if (counted !== null) await record({ store, clock }, token, counted);
  }
}

/**
 * Counts the entries; null: there are none. A text: the inconsistency that was found in the
 * journal.
 */
async function countSince(file: string, after: number): Promise<OcspCount | null | string> {
  const digest = createHash('sha256');
  const answersByIssuer: Record<string, number> = {};
  let toSeq = after;
  for await (const entry of readJournal(file)) {
    if (!entry.ok) return entry.error.detail;
    if (entry.value.seq <= after || entry.value.kind !== 'ocsp') continue;
    const { seq, issuer, sha256 } = entry.value;
    digest.update(`${sha256}\n`);
    answersByIssuer[issuer] = (answersByIssuer[issuer] ?? 0) + 1;
    toSeq = seq;
  }
  return toSeq === after ? null : { fromSeq: after + 1, toSeq, answersByIssuer, sha256: digest.digest('hex') };
}

async function record(
  { store, clock }: { readonly store: Store; readonly clock: Clock },
  token: string,
  counted: OcspCount,
): Promise<void> {
  await store.transaction(async (tx) => {
    // Another service may have counted the same entries meanwhile.
    if (Number((await tx.mark(`ocsp-audit:${token}`)) ?? '0') !== counted.fromSeq - 1) return;
    await tx.setMark(`ocsp-audit:${token}`, String(counted.toSeq));
    const details = { token, ...counted };
    await tx.appendAudit([{ at: clock(), type: 'ocsp.signed', actor: 'system', outcome: 'success', details }]);
  });
}
