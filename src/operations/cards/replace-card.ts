/**
 * The replacement of a card: another card of the same holder is named, and after an overlap the
 * certificates of the old one are revoked as superseded (`end-replacements.ts`). A holder has one
 * open procedure for a profession, so that a replacement and an update never race.
 */
import { decideAccess, subjectOf } from '../../access/decide.js';
import { accountActor } from '../../audit/actors.js';
import type { Instant } from '../../kernel/clock.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { decideCard, decideHolder } from '../../lifecycle/card-states.js';
import { isCardTokenId } from '../../policy/rules/card.js';
import type { Account } from '../../ports/store/accounts.js';
import type { StoredCard } from '../../ports/store/cards/cards.js';
import type { ClaimRequest } from '../../ports/store/idempotency.js';
import type { Transaction } from '../../ports/store.js';
import { fault, violation } from '../../texts/text.js';
import { appendEntry } from '../append-entry.js';
import { claimOnce } from '../claim-once.js';
import { notFound, type OperationFailure } from '../failures.js';
import type { World } from '../world.js';
import { procedureOf } from './usable-cards.js';
import { findCard, type VisibleCard } from './visible-card.js';

type Replacement = {
  readonly account: Account;
  /** Number of the new card. */
  readonly by: string;
  readonly overlapMs: number;
  readonly idempotency?: ClaimRequest | null;
};

/**
 * A repeated request changes nothing, and gets the same answer: until the end of the overlap, or
 * under its Idempotency-Key.
 */
export async function replaceCard(
  { store, policy }: Pick<World, 'store' | 'policy'>,
  tokenId: string,
  replacement: Replacement,
): Promise<Result<StoredCard, OperationFailure>> {
  const { account, by, idempotency = null } = replacement;
  if (!isCardTokenId(by)) return err({ kind: 'invalid-request', ...violation('/tokenId', 'card-token-id') });
  if (by === tokenId) return err({ kind: 'invalid-request', ...violation('/tokenId', 'another-card') });
  const { refusesOpposed } = policy.environment;
  const replaced = await store.transaction(async (tx): Promise<Result<StoredCard, OperationFailure>> => {
    const found = await findCard(tx, account, tokenId);
    if (found === null) return err(notFound('no-card', { card: tokenId }));
    const { card } = found;
    const { now } = await tx.databaseClock();
    const claimed = await claimOnce(tx, {
      idempotency,
      now,
      store: async () => {
        const again = card.replacedBy === by && card.replacedUntil !== null;
        const stored = again ? ok(card) : await open(tx, { found, replacement, refusesOpposed, now });
        return stored.ok ? ok({ id: tokenId, card: stored.value }) : stored;
      },
      find: async (id) => ({ id, card }),
    });
    return claimed.ok ? ok(claimed.value.card) : claimed;
  });
  return replaced.ok ? replaced.value : replaced;
}

async function open(
  tx: Transaction,
  { now, ...facts }: Omit<Comparison, 'other'> & { readonly now: Instant },
): Promise<Result<StoredCard, OperationFailure>> {
  const { found, replacement } = facts;
  const [other] = await tx.cardsById([replacement.by]);
  const refused = await findRefusal(tx, { ...facts, other });
  return refused === null ? write(tx, { card: found.card, other, replacement, now }) : err(refused);
}

type Comparison = {
  readonly found: VisibleCard;
  /** The new card, if it is known. */
  readonly other: StoredCard | undefined;
  readonly replacement: Replacement;
  readonly refusesOpposed: boolean;
};

/** null: the card can be replaced by this one. */
async function findRefusal(
  tx: Transaction,
  { found: { card }, other, replacement: { account, by }, refusesOpposed }: Comparison,
): Promise<OperationFailure | null> {
  // The end of the replacement revokes all certificates, also those that the account may not see.
  for (const record of await tx.certificatesOfCards([card.tokenId])) {
    if (record.state.status === 'revoked') continue;
    const permitted = decideAccess(account, 'update-card', subjectOf(record));
    if (!permitted.ok) return permitted.error;
  }
  const usable = decideCard(card.state, 'use', card.tokenId);
  if (!usable.ok) return usable.error;
  const { holderId, tokenId } = card;
  if (await hasOpenProcedure(tx, card)) return procedureOpen(card);
  if (holderId === null) return { kind: 'state-conflict', ...fault('card-without-holder', { card: tokenId }) };
  const [holder] = await tx.holdersById([holderId]);
  const free = decideHolder(refusesOpposed ? (holder?.state ?? 'free') : 'free', 'use', holderId);
  if (!free.ok) return free.error;
  if (other === undefined) return null;
  const fits = decideCard(other.state, refusesOpposed ? 'use' : 'use-again', by);
  if (!fits.ok) return fits.error;
  return other.holderId === null || other.holderId === holderId
    ? null
    : { kind: 'state-conflict', ...fault('card-of-another-holder', { card: by }) };
}

/**
 * Whether this card itself is being updated or replaced. The open procedures of its holder do not
 * always say so: its next certificate may have given the card another profession since.
 */
async function hasOpenProcedure(tx: Transaction, { tokenId, replacedUntil }: StoredCard): Promise<boolean> {
  if (replacedUntil !== null) return true;
  const live = await tx.liveUpdatesOf([tokenId]);
  return live.some(({ state }) => state !== 'confirmed');
}

function procedureOpen({ holderId }: StoredCard): OperationFailure {
  return { kind: 'state-conflict', ...fault('procedure-open', { holder: holderId ?? '' }) };
}

async function write(
  tx: Transaction,
  {
    card,
    other,
    replacement: { account, by, overlapMs },
    now,
  }: Pick<Comparison, 'other' | 'replacement'> & { readonly card: StoredCard; readonly now: Instant },
): Promise<Result<StoredCard, OperationFailure>> {
  const { tokenId, product, profession } = card;
  const holderId = card.holderId ?? '';
  const procedure = { ...procedureOf({ holderId, profession }), kind: 'replacement', reference: tokenId } as const;
  const opened = (await tx.openProcedures([{ ...procedure, openedAt: now }])) === 1;
  if (!opened) return err(procedureOpen(card));
  const isReady = other?.state === 'in-use' && other.holderId !== null;
  await tx.putCardsInUse(isReady ? [] : [{ tokenId: by, product, holderId, profession }], now);
  const until = now + overlapMs;
  await tx.setReplacement(tokenId, { by, until });
  const details = { card: tokenId, by, until };
  await appendEntry(tx, { at: now, type: 'card.replaced', actor: accountActor(account.id), details });
  return ok({ ...card, replacedBy: by, replacedUntil: until });
}
