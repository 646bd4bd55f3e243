/**
 * What a card is to do next. The answer needs no HSM and may be cached. An answer to a card of an
 * open campaign may take a place for it, or send it to a desk; every other answer only reads, and
 * simultaneous requests share one read.
 */
import { decideAccess, isUnlimited, subjectOf } from '../../access/decide.js';
import { decideSelf, type SelfPrincipal } from '../../access/principal.js';
import { SYSTEM } from '../../audit/actors.js';
import type { Instant } from '../../kernel/clock.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { type CertificateStatus, statusOf } from '../../lifecycle/certificate-states.js';
import type { Policy } from '../../policy/model.js';
import type { Account } from '../../ports/store/accounts.js';
import type { CardOfCampaign, DeskReason } from '../../ports/store/cards/campaigns.js';
import type { GroupedWork, Reads } from '../../ports/store.js';
import { type Ticket, ticketOf } from '../../updates/tickets.js';
import { notFound, type OperationFailure } from '../failures.js';
import type { World } from '../world.js';
import { currentByCard, needsTicket, PLACES } from './tickets.js';
import { sendToDesk } from './update-hooks.js';

export type PendingAnswer = {
  readonly now: Instant;
  readonly next: 'none' | 'wait' | 'begin' | 'confirm' | 'desk';
  /** The live update of the card. */
  readonly update: string | null;
  readonly campaign: {
    readonly id: string;
    readonly class: string;
    readonly suspendsAt: Instant | null;
    readonly revokesAt: Instant | null;
  } | null;
  readonly ticket: Ticket | null;
  readonly deskReason: DeskReason | null;
};

type Outcome = Promise<Result<PendingAnswer, OperationFailure>>;
type PendingWorld = Pick<World, 'store' | 'policy'>;

/** For an account that may update cards like this one. */
export async function readPending(world: PendingWorld, account: Account, cardTokenId: string): Outcome {
  const permitted = decideAccess(account, 'update-card', null);
  if (!permitted.ok) return permitted;
  if (isUnlimited(account.scope)) return pendingOf(world, cardTokenId);
  const found = await world.store.read((reads) => reads.certificatesOfCards([cardTokenId]));
  if (!found.ok) return found;
  const isVisible = found.value.some((record) => decideAccess(account, 'update-card', subjectOf(record)).ok);
  return isVisible ? pendingOf(world, cardTokenId) : err(notFound('no-certificate-on-card', { card: cardTokenId }));
}

/** For a card that asks for itself. */
export async function readOwnPending(world: PendingWorld, self: SelfPrincipal, cardTokenId: string): Outcome {
  const permitted = decideSelf(self, 'read-self', { certificateId: null, cardTokenId });
  return permitted.ok ? pendingOf(world, cardTokenId) : err(notFound('no-certificate-on-card', { card: cardTokenId }));
}

/** For a caller that has checked the access. */
export async function pendingOf(world: PendingWorld, cardTokenId: string): Outcome {
  const found = await world.store.groupedRead(SITUATIONS, cardTokenId);
  if (!found.ok) return found;
  if (found.value === null) return err(notFound('no-certificate-on-card', { card: cardTokenId }));
  const situation = { ...found.value, obstacle: obstacleOf(world.policy, found.value) };
  const { row, now, update, obstacle } = situation;
  if (row === null || update !== null || obstacle === 'ended') return ok(answerOf(situation));
  if (obstacle === 'no-live-authentication-key') {
    const cause = { actor: SYSTEM, at: now };
    const sent = await world.store.transaction((tx) => sendToDesk(tx, { cardTokenId, reason: obstacle }, cause));
    return sent.ok ? ok(answerOf(situation)) : sent;
  }
  if (!needsTicket(row, now)) return ok(answerOf(situation));
  const taken = await world.store.groupedTransaction(PLACES, cardTokenId);
  if (!taken.ok) return taken;
  return ok(answerOf({ ...situation, ...taken.value }));
}

type Situation = {
  readonly now: Instant;
  readonly isInUse: boolean;
  readonly isBarred: boolean;
  /** The certificates that have not ended; only of a card in a campaign. */
  readonly left: readonly { readonly profile: string; readonly status: CertificateStatus | null }[];
  readonly update: { readonly id: string; readonly state: string } | null;
  readonly row: CardOfCampaign | null;
};

const SITUATIONS: GroupedWork<Reads, string, Situation | null> = {
  run: async (reads, tokenIds) => {
    const wanted = [...new Set(tokenIds)];
    const { now } = await reads.databaseClock();
    const cards = new Map((await reads.cardsById(wanted)).map((card) => [card.tokenId, card]));
    const updates = new Map((await reads.liveUpdatesOf(wanted)).map((update) => [update.cardTokenId, update]));
    const rows = currentByCard(await reads.openCampaignCards(wanted));
    const concerned = wanted.filter((tokenId) => rows.has(tokenId));
    const records = concerned.length === 0 ? [] : await reads.certificatesOfCards(concerned);
    const holders = new Set(concerned.flatMap((tokenId) => cards.get(tokenId)?.holderId ?? []));
    const known = holders.size === 0 ? [] : await reads.holdersById([...holders]);
    const barred = new Set(known.filter(({ state }) => state === 'barred').map(({ holderId }) => holderId));
    return tokenIds.map((tokenId) => {
      const card = cards.get(tokenId);
      if (card === undefined) return null;
      return {
        now,
        isInUse: card.state === 'in-use',
        isBarred: card.holderId !== null && barred.has(card.holderId),
        left: records
          .filter(({ cardTokenId }) => cardTokenId === tokenId)
          .map((record) => ({ profile: record.profile, status: statusOf(record, now) }))
          .filter(({ status }) => status !== 'revoked' && status !== 'expired'),
        update: updates.get(tokenId) ?? null,
        row: rows.get(tokenId) ?? null,
      };
    });
  },
};

/** `ended`: nothing is issued for the card any more, or it has no certificate in force. */
type Obstacle = 'ended' | 'no-live-authentication-key';

/** Why a card in a campaign cannot begin an update; null: nothing of this kind prevents it. */
function obstacleOf({ profiles, environment }: Policy, { isInUse, isBarred, left, row }: Situation): Obstacle | null {
  if (!isInUse) return 'ended';
  if (row === null) return null;
  const isInForce = left.some(({ status }) => status === 'issued' || status === 'suspended');
  if (!isInForce || (isBarred && environment.refusesOpposed)) return 'ended';
  // The card is at a desk for a reason that is known already.
  if (row.card.state === 'to-desk') return null;
  const canSign = left.some(({ profile }) => profiles.get(profile)?.extendedKeyUsage.includes('clientAuth') !== false);
  return canSign ? null : 'no-live-authentication-key';
}

function answerOf({
  now,
  isInUse,
  update,
  row,
  obstacle,
}: Situation & { readonly obstacle: Obstacle | null }): PendingAnswer {
  const campaign = row === null ? null : campaignOf(row);
  const base = { now, update: update?.id ?? null, campaign, ticket: null, deskReason: null } as const;
  const deskAnswer = { ...base, next: 'desk', deskReason: row?.card.reason ?? null } as const;
  if (!isInUse) return { ...base, next: 'none' };
  // During the overlap of a confirmed update, the card has nothing to do.
  if (update !== null && update.state !== 'confirmed') {
    // While it is being issued there is nothing to confirm yet.
    if (update.state === 'issuing') return { ...base, next: 'wait' };
    // The desk finishes it.
    return row?.card.state === 'to-desk' ? deskAnswer : { ...base, next: 'confirm' };
  }
  if (row === null || obstacle === 'ended') return { ...base, next: 'none' };
  if (obstacle !== null) return { ...base, next: 'desk', deskReason: obstacle };
  const { state, ticketFrom } = row.card;
  if (state === 'to-desk') return deskAnswer;
  if (row.campaign.state !== 'open' || ticketFrom === null) return { ...base, next: 'wait' };
  const ticket = ticketOf(ticketFrom);
  return { ...base, next: ticket.from <= now ? 'begin' : 'wait', ticket };
}

function campaignOf({ card, campaign: { id, dates } }: CardOfCampaign): PendingAnswer['campaign'] {
  const suspendsAt = dates.suspension?.at ?? null;
  return { id, class: card.class, suspendsAt, revokesAt: dates.revocation?.at ?? null };
}
