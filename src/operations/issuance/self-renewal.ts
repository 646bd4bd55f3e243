/** A certificate that renews itself has at most one live successor. */
import type { CertificateRecord } from '../../ports/store/certificates.js';
import type { Reads } from '../../ports/store.js';
import { fault } from '../../texts/text.js';
import type { OperationFailure } from '../failures.js';

type RenewalRequest = { readonly records: readonly CertificateRecord[] };

export type Successors = {
  /** null: no certificate that renews itself by this request has a live successor. */
  readonly conflict: (request: RenewalRequest) => OperationFailure | null;
};

/** The ids of the certificates that renew themselves by this request. */
export function selfRenewed({ records }: RenewalRequest): readonly string[] {
  return records.flatMap(({ selfRenewal, renews }) => (selfRenewal && renews !== null ? [renews] : []));
}

export async function readSuccessors(
  reads: Pick<Reads, 'renewalsOf'>,
  candidates: readonly RenewalRequest[],
): Promise<Successors> {
  const live = new Map<string, CertificateRecord>();
  for (const id of new Set(candidates.flatMap(selfRenewed)))
    for (const one of await reads.renewalsOf(id))
      if (one.selfRenewal && one.state.status !== 'revoked') live.set(id, one);
  return {
    conflict: (request) => {
      const [successor] = selfRenewed(request).flatMap((id) => live.get(id) ?? []);
      if (successor === undefined) return null;
      return { kind: 'state-conflict', ...fault('renewal-under-way', { successor: successor.serial }) };
    },
  };
}
