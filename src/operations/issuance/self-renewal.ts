/**
 * A certificate that renews itself has at most one live successor, and no other one after a
 * successor that its client has confirmed by CMP, whatever became of it. A successor by EST, whose
 * answer may have been lost, opens the way to another one when it is revoked.
 */
import { wasInForce } from '../../lifecycle/certificate-states.js';
import type { CertificateRecord } from '../../ports/store/certificates.js';
import type { Reads } from '../../ports/store.js';
import { fault } from '../../texts/text.js';
import type { OperationFailure } from '../failures.js';

type RenewalRequest = { readonly records: readonly CertificateRecord[] };

type Successors = {
  /** null: each certificate that renews itself by this request may have a successor. */
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
  const found = new Map<string, CertificateRecord>();
  for (const id of new Set(candidates.flatMap(selfRenewed)))
    for (const one of await reads.renewalsOf(id))
      if (one.selfRenewal && (one.state.status !== 'revoked' || isFinal(one))) found.set(id, one);
  return {
    conflict: (request) => {
      const [successor] = selfRenewed(request).flatMap((id) => found.get(id) ?? []);
      if (successor === undefined) return null;
      return { kind: 'state-conflict', ...fault('renewal-under-way', { successor: successor.serial }) };
    },
  };
}

function isFinal(successor: CertificateRecord): boolean {
  return successor.protocol === 'cmp' && wasInForce(successor);
}
