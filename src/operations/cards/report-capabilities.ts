/**
 * What a card can do, as a client has read it from the card. A card that is not known yet is in use
 * from then on. An account makes a limited number of cards known in this way, because a row of a
 * card is never deleted. A card in a campaign that cannot be updated remotely is sent to a desk.
 */
import { decideAccess } from '../../access/decide.js';
import { accountActor } from '../../audit/actors.js';
import type { Instant } from '../../kernel/clock.js';
import { DAY_MS, HOUR_MS } from '../../kernel/duration.js';
import { LIMITS } from '../../kernel/limits.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { decideCard } from '../../lifecycle/card-states.js';
import { isCardTokenId } from '../../policy/rules/card.js';
import type { Account } from '../../ports/store/accounts.js';
import type { CardCapabilities } from '../../ports/store/cards/cards.js';
import type { Transaction } from '../../ports/store.js';
import { text } from '../../texts/text.js';
import { appendEntry } from '../append-entry.js';
import { noteCapabilities } from '../campaigns/update-hooks.js';
import { notFound, type OperationFailure } from '../failures.js';
import type { World } from '../world.js';
import { findCard, type VisibleCard } from './visible-card.js';

type CapabilityReport = {
  readonly account: Account;
  readonly capabilities: Omit<CardCapabilities, 'reportedAt' | 'reportedBy'>;
};

export async function reportCapabilities(
  { store, clock, policy }: Pick<World, 'store' | 'clock' | 'policy'>,
  tokenId: string,
  { account, capabilities }: CapabilityReport,
): Promise<Result<VisibleCard, OperationFailure>> {
  const permitted = decideAccess(account, 'update-card', null);
  if (!permitted.ok) return permitted;
  if (!isCardTokenId(tokenId)) return err(notFound('no-card', { card: tokenId }));
  const at = clock();
  const reported = await store.transaction(async (tx): Promise<Result<VisibleCard, OperationFailure>> => {
    const [known] = await tx.cardsById([tokenId]);
    if (known === undefined) {
      const tooMany = await tooManyUnknown(tx, accountActor(account.id), at);
      if (tooMany !== null) return err(tooMany);
      await putUnknownCard(tx, tokenId, at);
    }
    const found = await findCard(tx, account, tokenId);
    // A rollback is not needed: a card that was put in now is seen by whoever reports it.
    if (found === null && known !== undefined) return err(notFound('no-card', { card: tokenId }));
    const event = policy.environment.refusesOpposed ? 'use' : 'use-again';
    const usable = decideCard(known?.state ?? 'in-use', event, tokenId);
    if (!usable.ok) return usable;
    const actor = accountActor(account.id);
    const report = { ...capabilities, reportedAt: at, reportedBy: actor };
    await tx.setCapabilities([{ tokenId, capabilities: report }]);
    const details = { card: tokenId, ...capabilities };
    await appendEntry(tx, { at, type: 'card.capabilities', actor, details });
    await noteCapabilities({ policy, clock }, tx, { tokenId, capabilities: report, actor });
    const [card] = await tx.cardsById([tokenId]);
    return card === undefined
      ? err(notFound('no-card', { card: tokenId }))
      : ok({ card, certificates: found?.certificates ?? [] });
  });
  return reported.ok ? reported.value : reported;
}

/** How long a client waits before it asks again whether there is room. */
const FULL_RETRY_MS = HOUR_MS;

/** null: the account may make one more card known. */
async function tooManyUnknown(tx: Transaction, reportedBy: string, at: Instant): Promise<OperationFailure | null> {
  const max = LIMITS.cardsWithoutCertificatePerDayMax;
  const count = await tx.countCardsWithoutHolder({ reportedBy, since: at - DAY_MS, limit: max });
  if (count < max) return null;
  return { kind: 'quota-exceeded', retryAfterMs: FULL_RETRY_MS, message: text('cards-without-certificate', { max }) };
}

function putUnknownCard(tx: Transaction, tokenId: string, at: number): Promise<void> {
  return tx.putCardsInUse([{ tokenId, product: null, holderId: null, profession: null }], at);
}
