/** The lines that are uploaded to a campaign: the lists of its classes, and notices to holders. */
import { decideAccess } from '../../access/decide.js';
import { accountActor } from '../../audit/actors.js';
import { present } from '../../kernel/assert.js';
import type { Instant } from '../../kernel/clock.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { decideCampaign } from '../../lifecycle/campaign-states.js';
import type { Account } from '../../ports/store/accounts.js';
import type { Campaign } from '../../ports/store/cards/campaigns.js';
import type { StoreFailure } from '../../ports/store/failure.js';
import type { Transaction } from '../../ports/store.js';
import { fault } from '../../texts/text.js';
import { notFound, type OperationFailure } from '../failures.js';
import type { World } from '../world.js';
import { changeCampaign } from './change-campaign.js';
import { listClassesOf } from './create.js';
import { seenCards } from './seen-cards.js';

type Outcome<Value> = Promise<Result<Value, OperationFailure>>;
type ListOf = { readonly id: string; readonly class: string };

/** Stores some cards of a list. A card that is in it already stays. Returns how many are new. */
export async function storeListedCards(
  { store }: World,
  account: Account,
  { cards, ...list }: ListOf & { readonly cards: readonly string[] },
): Outcome<number> {
  const stored = await store.transaction(async (tx): Outcome<number> => {
    const campaign = await campaignOfList(tx, account, list);
    return campaign.ok ? ok(await tx.insertListedCards(list.id, list.class, cards)) : campaign;
  });
  return stored.ok ? stored.value : stored;
}

/** The list is complete. With the last list of a campaign, its population begins. */
export async function completeList(
  { store }: World,
  account: Account,
  { cards, ...list }: ListOf & { readonly cards: number },
): Outcome<Campaign> {
  const outcome = await store.transaction(async (tx): Outcome<Campaign> => {
    const found = await campaignOfList(tx, account, list);
    if (!found.ok) return found;
    const campaign = found.value;
    const { now } = await tx.databaseClock();
    const lists = [...new Set([...campaign.lists, list.class])].sort();
    const isLast = listClassesOf(campaign.document).every((name) => lists.includes(name));
    const state = isLast ? decideCampaign(campaign.state, 'prepare') : ok(campaign.state);
    if (!state.ok) return state;
    const changes = isLast ? { lists, state: state.value, stateAt: now, fixedAt: now } : { lists };
    return ok(
      await changeCampaign(tx, campaign, {
        changes,
        cause: {
          type: 'campaign.list-stored',
          actor: accountActor(account.id),
          at: now,
          details: { cards: { [list.class]: cards } },
        },
      }),
    );
  });
  return outcome.ok ? outcome.value : outcome;
}

/** An upload takes minutes, so account and campaign are looked at again for each part. */
async function campaignOfList(
  tx: Pick<Transaction, 'campaign' | 'accounts'>,
  { id: accountId }: Account,
  { id, class: className }: ListOf,
): Outcome<Campaign> {
  const account = present(
    (await tx.accounts()).find((one) => one.id === accountId),
    'the account of an upload',
  );
  const permitted = decideAccess(account, 'run-campaigns', null);
  if (!permitted.ok) return permitted;
  const campaign = await tx.campaign(id);
  if (campaign === null) return err(notFound('no-campaign', { id }));
  if (!listClassesOf(campaign.document).includes(className))
    return err(notFound('no-class-with-list', { class: className }));
  if (campaign.state !== 'draft')
    return err({ kind: 'state-conflict', ...fault('campaign-takes-lists', { state: campaign.state }) });
  return ok(campaign);
}

export type NoticeLine = { readonly card: string; readonly stage: string; readonly at: Instant };
/** `unknown-card`: it is not in the campaign, or the account does not see it. */
export type NoticeResult = 'recorded' | 'repeated' | 'unknown-card';

/** Answers in the order of the notices. The notice of a stage to a card is recorded once. */
export async function recordNotices(
  { store }: World,
  account: Account,
  { id, notices }: { readonly id: string; readonly notices: readonly NoticeLine[] },
): Outcome<readonly NoticeResult[]> {
  const permitted = decideAccess(account, 'record-notices', null);
  if (!permitted.ok) return permitted;
  const stored = await store.transaction(async (tx): Outcome<readonly NoticeResult[]> => {
    if ((await tx.campaign(id)) === null) return err(notFound('no-campaign', { id }));
    const cards = await tx.campaignCards(id, [...new Set(notices.map(({ card }) => card))]);
    const known = await seenCards(
      tx,
      account,
      cards.map(({ cardTokenId }) => cardTokenId),
    );
    const valid = notices.filter(({ card }) => known.has(card));
    const isNew = new Set(
      await tx.insertNotices(valid.map(({ card, ...notice }) => ({ ...notice, campaignId: id, cardTokenId: card }))),
    );
    // A notice that is twice in one upload is new once.
    return ok(
      notices.map(({ card, stage }): NoticeResult => {
        if (!known.has(card)) return 'unknown-card';
        return isNew.delete(`${stage} ${card}`) ? 'recorded' : 'repeated';
      }),
    );
  });
  return stored.ok ? stored.value : stored;
}

/** One audit entry for an upload, with how many of its lines had each result. */
export async function recordNoticeUpload(
  { store, clock }: Pick<World, 'store' | 'clock'>,
  account: Account,
  details: { readonly id: string; readonly results: Readonly<Record<string, number>> },
): Promise<Result<void, StoreFailure>> {
  const [at, actor] = [clock(), accountActor(account.id)];
  const recorded = await store.transaction((tx) =>
    tx.appendAudit([{ at, type: 'campaign.notices-recorded', actor, details }]),
  );
  return recorded.ok ? ok(undefined) : recorded;
}
