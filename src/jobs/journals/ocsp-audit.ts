/**
 * OCSP answers are too many for an audit entry each. Once an hour, and when the service stops, what each OCSP signer has
 * signed since is counted from its own journal and goes into the audit log as one entry a token: counts by responder key, the
 * journal's numbers, and a digest over the digests of all answers in their order. Who has the journal can recompute it.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readJournal } from '../../../hsm/signer/journal.js';
import type { Store } from '../../ports/store.js';
import type { Clock, Log } from '../../ports/world.js';
import type { JournalPlace } from './reconcile.js';

type Counted = {
  readonly fromSeq: number;
  readonly toSeq: number;
  readonly answersByIssuer: Readonly<Record<string, number>>;
  /** SHA-256, hex, over the entries' `sha256` values as lines. */
  readonly sha256: string;
};

export async function auditOcspAnswers(
  { store, clock, log }: { readonly store: Store; readonly clock: Clock; readonly log: Log },
  journals: readonly JournalPlace[],
): Promise<void> {
  for (const { token, file } of journals) {
    if (!existsSync(file)) continue;
    const mark = await store.read((reads) => reads.mark(`ocsp-audit:${token}`));
    if (!mark.ok) return;
    const counted = await countSince(file, Number(mark.value ?? '0'));
    if (typeof counted === 'string') log.error('ocsp-audit.journal', { token, detail: counted });
    else if (counted !== null) await record({ store, clock }, token, counted);
  }
}

/** null: nothing new. A text: where the journal does not hold together. */
async function countSince(file: string, after: number): Promise<Counted | null | string> {
  const digest = createHash('sha256');
  const answersByIssuer: Record<string, number> = {};
  let toSeq = after;
  for await (const entry of readJournal(file)) {
    if (!entry.ok) return entry.error.detail;
    if (entry.value.seq <= after || entry.value.kind !== 'ocsp') continue;
    const { seq, issuer, sha256 } = entry.value;
    // Its notes are copied by `reconcile.ts`.

    digest.update(`${sha256}\n`);
    answersByIssuer[issuer] = (answersByIssuer[issuer] ?? 0) + 1;
    toSeq = seq;
  }
  return toSeq === after ? null : { fromSeq: after + 1, toSeq, answersByIssuer, sha256: digest.digest('hex') };
}

async function record(
  { store, clock }: { readonly store: Store; readonly clock: Clock },
  token: string,
  counted: Counted,
): Promise<void> {
  await store.transaction(async (tx) => {
    // Another service may have counted the same meanwhile.
    if (Number((await tx.mark(`ocsp-audit:${token}`)) ?? '0') !== counted.fromSeq - 1) return;
    await tx.setMark(`ocsp-audit:${token}`, String(counted.toSeq));
    const details = { token, ...counted };
    await tx.appendAudit([{ at: clock(), type: 'ocsp.signed', actor: 'system', outcome: 'success', details }]);
  });
}
