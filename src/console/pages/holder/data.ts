import { ok, type Result } from '../../../kernel/result.js';
import { type HolderHistory, readHolderHistory } from '../../../operations/cards/read-history.js';
import { recordReading } from '../../../operations/certificates/record-reading.js';
import type { OperationFailure } from '../../../operations/failures.js';
import type { ServingContext } from '../../../operations/serving.js';
import type { CertificateSummary } from '../../../ports/store/certificates.js';
import type { RevocationReason } from '../../../ports/store/statuses.js';
import { type Evidence, evidenceOfRevoked, liveOf, NO_EVIDENCE } from '../../evidence.js';
import type { PageRequest } from '../../page.js';
import { reasonsOf } from '../../situations.js';

export type HolderData = HolderHistory & {
  /** The certificates that a revocation would change. */
  readonly live: readonly CertificateSummary[];
  /** The reasons that the account may give. */
  readonly reasons: readonly RevocationReason[];
  /** The action that has just been done here; empty: none. */
  readonly done: string;
  readonly evidence: Evidence;
};

export async function loadHolder(
  context: ServingContext,
  { account, params, query, isShown }: PageRequest,
): Promise<Result<HolderData, OperationFailure>> {
  const { world } = context;
  const holder = params.idNat ?? '';
  const recorded = isShown ? await recordReading(world, account, { holder }) : ok(undefined);
  if (!recorded.ok) return recorded;
  const found = await readHolderHistory(world, account, holder);
  if (!found.ok) return found;
  const { certificates } = found.value;
  const done = query.done ?? '';
  const isAsked = isShown && done !== '';
  const evidence = isAsked ? await evidenceOfRevoked(context, account, certificates.toReversed()) : ok(NO_EVIDENCE);
  if (!evidence.ok) return evidence;
  return ok({
    ...found.value,
    live: liveOf(certificates, world.clock()),
    reasons: reasonsOf(account),
    done,
    evidence: evidence.value,
  });
}
