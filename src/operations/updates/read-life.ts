/** Reads all that is known of one update, for those who watch over updates. */
import { decideAccess } from '../../access/decide.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { Account } from '../../ports/store/accounts.js';
import type { CampaignCard } from '../../ports/store/cards/campaigns.js';
import type { CardProof, CardUpdate } from '../../ports/store/cards/card-updates.js';
import type { CertificateRecord } from '../../ports/store/certificates.js';
import { notFound, type OperationFailure } from '../failures.js';
import type { World } from '../world.js';
import { decideUpdate } from './decide.js';
import { visibleUpdate } from './read.js';

export type UpdateLife = {
  readonly update: CardUpdate;
  /** The old certificates and the new ones, each in the order of the update. */
  readonly oldOnes: readonly CertificateRecord[];
  readonly newOnes: readonly CertificateRecord[];
  /** The statements of the card that were accepted, oldest first. */
  readonly proofs: readonly CardProof[];
  /** The card in the campaign of the update; null: it is part of none. */
  readonly campaignCard: CampaignCard | null;
  /** Id of the approval of a decision that waits for its second officer; null: none waits. */
  readonly openApproval: string | null;
};

export async function readUpdateLife(
  { store }: Pick<World, 'store'>,
  account: Account,
  id: string,
): Promise<Result<UpdateLife, OperationFailure>> {
  const permitted = decideAccess(account, 'read-updates', null);
  if (!permitted.ok) return permitted;
  const found = await store.read(async (reads): Promise<UpdateLife | null> => {
    const [known] = await reads.updatesByIds([id]);
    if (known === undefined) return null;
    const { cardTokenId, campaignId, oldIds, newIds } = known;
    if ((await visibleUpdate(reads, account, { cardTokenId, id })) === null) return null;
    const records = await reads.certificatesByIds([...oldIds, ...newIds]);
    const inOrder = (ids: readonly string[]): readonly CertificateRecord[] =>
      ids.flatMap((one) => records.find((record) => record.id === one) ?? []);
    const [campaignCard = null] = campaignId === null ? [] : await reads.campaignCards(campaignId, [cardTokenId]);
    const approval = await reads.openApproval({ action: decideUpdate.name, subjectKey: id });
    return {
      update: known,
      oldOnes: inOrder(oldIds),
      newOnes: inOrder(newIds),
      proofs: await reads.proofsOfUpdate(id),
      campaignCard,
      openApproval: approval?.id ?? null,
    };
  });
  if (!found.ok) return found;
  return found.value === null ? err(notFound('no-update', { id })) : ok(found.value);
}
