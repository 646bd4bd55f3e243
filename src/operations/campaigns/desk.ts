/** An officer sends one card of a campaign to a desk, where it can still be updated. */
import { decideAccess } from '../../access/decide.js';
import { accountActor } from '../../audit/actors.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { Account } from '../../ports/store/accounts.js';
import type { CampaignCard } from '../../ports/store/cards/campaigns.js';
import { fault } from '../../texts/text.js';
import { notFound, type OperationFailure } from '../failures.js';
import type { World } from '../world.js';
import { moveCards } from './move-cards.js';

type Outcome = Promise<Result<CampaignCard, OperationFailure>>;

/** A repeated request changes nothing. */
export async function sendCardToDesk(
  { store }: Pick<World, 'store'>,
  account: Account,
  { id, cardTokenId }: { readonly id: string; readonly cardTokenId: string },
): Outcome {
  const permitted = decideAccess(account, 'run-campaigns', null);
  if (!permitted.ok) return permitted;
  const outcome = await store.transaction(async (tx): Outcome => {
    const [card] = await tx.campaignCards(id, [cardTokenId]);
    if (card === undefined) return err(notFound('no-card-in-campaign', { card: cardTokenId }));
    if (card.state === 'to-desk') return ok(card);
    const { now } = await tx.databaseClock();
    const cause = { actor: accountActor(account.id), at: now };
    const [moved] = await moveCards(tx, [{ card, event: 'send-to-desk', reason: 'officer' }], cause);
    return moved === undefined
      ? err({ kind: 'state-conflict', ...fault('card-done', { state: card.state }) })
      : ok(moved);
  });
  return outcome.ok ? outcome.value : outcome;
}
