/** A card that cannot or must not be updated remotely: nothing changes, and it goes to a desk. */
import { accountActor } from '../../audit/actors.js';
import { err, type Result } from '../../kernel/result.js';
import type { Account } from '../../ports/store/accounts.js';
import type { DeskReason } from '../../ports/store/cards/campaigns.js';
import { text } from '../../texts/text.js';
import type { Reader } from '../campaigns/move-cards.js';
import { sendToDesk } from '../campaigns/update-hooks.js';
import type { OperationFailure } from '../failures.js';
import type { World } from '../world.js';

type CardToDesk = Extract<OperationFailure, { readonly kind: 'card-to-desk' }>;

export function cardToDesk(reason: DeskReason): CardToDesk {
  return { kind: 'card-to-desk', reason, message: text(`desk/${reason}`) };
}

type CardAtReader = Reader & { readonly account: Account; readonly cardTokenId: string };

/** Returns the refusal, after the campaigns of the card have sent it to a desk too. */
export async function refuseToDesk(
  { store, clock }: Pick<World, 'store' | 'clock'>,
  { account, cardTokenId, reader, middleware }: CardAtReader,
  refused: CardToDesk,
): Promise<Result<never, OperationFailure>> {
  const cause = { actor: accountActor(account.id), at: clock() };
  const desk = { cardTokenId, reason: refused.reason, reader: { reader, middleware } };
  const sent = await store.transaction((tx) => sendToDesk(tx, desk, cause));
  return sent.ok ? err(refused) : sent;
}
