import { ok, type Result } from '../../../kernel/result.js';
import { deskReasonsOf } from '../../../operations/cards/desk-reasons.js';
import { type CardHistory, readCardHistory } from '../../../operations/cards/read-history.js';
import { recordReading } from '../../../operations/certificates/record-reading.js';
import type { OperationFailure } from '../../../operations/failures.js';
import type { ServingContext } from '../../../operations/serving.js';
import type { CapabilityReason } from '../../../policy/card-generations.js';
import { codeListOf, findCode } from '../../../policy/code-lists.js';
import type { CertificateSummary } from '../../../ports/store/certificates.js';
import type { RevocationReason } from '../../../ports/store/statuses.js';
import { type Evidence, evidenceOfRevoked, liveOf, NO_EVIDENCE } from '../../evidence.js';
import type { PageRequest } from '../../page.js';
import { reasonsOf } from '../../situations.js';

export type CardData = CardHistory & {
  /** Label and code of the profession, such as `Médecin (10)`; null: it is not known. */
  readonly profession: string | null;
  /** The certificates that a revocation would change. */
  readonly live: readonly CertificateSummary[];
  /** None: it can be updated remotely, or its capabilities are not known. */
  readonly deskReasons: readonly CapabilityReason[];
  /** The reasons that the account may give. */
  readonly reasons: readonly RevocationReason[];
  /** The action that has just been done here; empty: none. */
  readonly done: string;
  readonly evidence: Evidence;
};

export async function loadCard(
  context: ServingContext,
  { account, params, query, isShown }: PageRequest,
): Promise<Result<CardData, OperationFailure>> {
  const { world } = context;
  const tokenId = params.tokenId ?? '';
  const recorded = isShown ? await recordReading(world, account, { card: tokenId }) : ok(undefined);
  if (!recorded.ok) return recorded;
  const found = await readCardHistory(world, account, tokenId);
  if (!found.ok) return found;
  const { card, certificates } = found.value;
  const done = query.done ?? '';
  const isAsked = isShown && done === 'oppose';
  const evidence = isAsked ? await evidenceOfRevoked(context, account, certificates.toReversed()) : ok(NO_EVIDENCE);
  if (!evidence.ok) return evidence;
  return ok({
    ...found.value,
    profession: card.profession === null ? null : professionText(world, card.profession),
    live: liveOf(certificates, world.clock()),
    deskReasons: card.capabilities === null ? [] : deskReasonsOf(world, certificates, card.capabilities),
    reasons: reasonsOf(account),
    done,
    evidence: evidence.value,
  });
}

/** A code that the list does not have is shown as it is. */
function professionText({ policy }: ServingContext['world'], code: string): string {
  const found = findCode(codeListOf(policy, 'professions'), code);
  return found === null ? code : `${found.label} (${code})`;
}
