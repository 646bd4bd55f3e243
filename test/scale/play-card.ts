/**
 * One card of a drill: it asks what is next and does it, until it is confirmed or must go to a
 * desk. One card of ten meets a fault, and comes back with nothing but its number and its keys.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  beginBody,
  CAPABILITIES,
  type CardCertificate,
  type FieldCard,
  presentSet,
  prove,
  readBack,
  unfinishedSet,
  writeOn,
} from '../support/updates/field-card.js';
import { cardPathOf, confirmBody, type Send, type ShownUpdate, type Wire } from '../support/updates/update-client.js';
import { derivedSet, type Fleet, fleetCard, lotOf } from './fleet.js';

/** What goes wrong on the way of a card, by lot. */
export const FAULTS = [
  'begin-unanswered',
  'power-loss',
  'confirmation-unanswered',
  'keys-lost',
  'no-spare-container',
] as const;
export type CardFault = (typeof FAULTS)[number];

const FAULTY_OF = 10;

export function faultOf(fleet: Fleet, number: number): CardFault | null {
  if (lotOf(fleet, `${number} fault`, FAULTY_OF) > 0) return null;
  return FAULTS[lotOf(fleet, `${number} which`, FAULTS.length)] ?? null;
}

export type CardEnd =
  /** `resumed`: the fault that the card met and came back from; null: it met none. */
  | { readonly kind: 'confirmed'; readonly resumed: CardFault | null }
  | { readonly kind: 'desk'; readonly reason: string };

type PendingAnswer = {
  readonly now: string;
  readonly next: string;
  readonly update: string | null;
  readonly ticket: { readonly from: string } | null;
  readonly deskReason: string | null;
};

/** Thrown where the fault of a card interrupts its client. */
class FaultMet extends Error {}

/** Thrown instead of a request of a drill that is to stop. */
export class DrillStopped extends Error {}

type Run = {
  readonly wire: Wire;
  readonly card: FieldCard;
  readonly fleet: Fleet;
  readonly number: number;
  /** Sets of keys that the card has made; lost keys are not made again. */
  setsMade: number;
};

type Play = {
  readonly wire: Wire;
  readonly fleet: Fleet;
  /** Whether an earlier start of the drill may have come to the card. */
  readonly isAgain: boolean;
  /** Called with the certificates that the card signs with from now on. */
  readonly onSet: SetSeen;
};

export async function playCard({ wire, fleet, isAgain, onSet }: Play, number: number): Promise<CardEnd> {
  const { card, setsMade } = await cardAsItIs(wire.send, { fleet, number, isAgain });
  onSet(number, certificatesOf(card));
  const planned = faultOf(fleet, number);
  let fault = planned;
  const run: Run = { wire, card, fleet, number, setsMade };
  for (;;) {
    try {
      const end = await step(run, fault);
      if (end === null) continue;
      onSet(number, certificatesOf(card));
      if (end.kind === 'desk') return end;
      // An earlier start of the drill may have played the fault.
      return { kind: 'confirmed', resumed: fault === null || end.isEarlier === true ? planned : null };
    } catch (error) {
      if (!(error instanceof FaultMet)) throw error;
      fault = null;
    }
  }
}

type SetSeen = (number: number, present: readonly CardCertificate[]) => void;

function certificatesOf(card: FieldCard): readonly CardCertificate[] {
  return [...presentSet(card).certificates.values()];
}

type CardOfFleet = Pick<Play, 'fleet' | 'isAgain'> & { readonly number: number };

/** The certificates that a card of the fleet signs with now. */
export async function presentCertificates(send: Send, one: CardOfFleet): Promise<readonly CardCertificate[]> {
  const { card } = await cardAsItIs(send, one);
  return certificatesOf(card);
}

/**
 * The card with its first certificates from the bureau. If an earlier start may have come to it, it
 * has the keys of its last update too, with their certificates if it has confirmed them; those of
 * an update before that were lost.
 */
async function cardAsItIs(
  send: Send,
  { fleet, number, isAgain }: CardOfFleet,
): Promise<{ readonly card: FieldCard; readonly setsMade: number }> {
  const card = fleetCard(fleet, number);
  const updates = isAgain ? await updatesOf(send, card) : [];
  const setsMade = 1 + updates.length;
  if (updates[0] !== undefined && !isOver(updates[0])) card.sets.push(derivedSet(fleet, number, setsMade));
  const { certificates } = await answered<{ readonly certificates: readonly StatedCertificate[] }>(
    send,
    cardPathOf(card),
  );
  for (const certificate of certificates) if (certificate.status === 'issued') writeOn(card, certificate);
  return { card, setsMade };
}

type StatedCertificate = CardCertificate & { readonly status: string };
type StatedUpdate = { readonly state: string };

/** The newest first. */
async function updatesOf(send: Send, card: FieldCard): Promise<readonly StatedUpdate[]> {
  const path = `${cardPathOf(card)}/updates`;
  const { updates } = await answered<{ readonly updates: readonly StatedUpdate[] }>(send, path);
  return updates;
}

/** Whether the card holds nothing of the update. */
function isOver({ state }: StatedUpdate): boolean {
  return state === 'abandoned' || state === 'failed' || state === 'ended';
}

/** One turn of the client; null: it asks again. */
async function step(run: Run, fault: CardFault | null): Promise<ConfirmedEnd | DeskEnd | null> {
  const { wire, card } = run;
  const pending = await answered<PendingAnswer>(wire.send, `${cardPathOf(card)}/pending`);
  switch (pending.next) {
    case 'begin':
      return finish(run, await begin(run, { pending, fault }), { pending, fault });
    case 'confirm': {
      const update = await answered<ShownUpdate>(wire.send, `${cardPathOf(card)}/updates/${pending.update}`);
      return finish(run, update, { pending, fault });
    }
    case 'desk':
      return { kind: 'desk', reason: pending.deskReason ?? 'unknown' };
    case 'wait':
      await sleep(
        Math.max(100, Math.min(5_000, Date.parse(pending.ticket?.from ?? '') - Date.parse(pending.now) || 1_000)),
      );
      return null;
    default:
      return alreadyConfirmed(run);
  }
}

/** Nothing is to be done: an earlier run of the drill has taken the card to its end. */
async function alreadyConfirmed({ wire, card }: Run): Promise<ConfirmedEnd> {
  const updates = await updatesOf(wire.send, card);
  if (updates.some(({ state }) => state === 'confirmed' || state === 'completed'))
    return { kind: 'confirmed', isEarlier: true };
  throw new Error(`the card ${card.number} was not updated, and has nothing to do`);
}

/** `isEarlier`: the service had the confirmation before this turn. */
type ConfirmedEnd = { readonly kind: 'confirmed'; readonly isEarlier?: boolean };
type DeskEnd = { readonly kind: 'desk'; readonly reason: string };
type Turn = { readonly pending: PendingAnswer; readonly fault: CardFault | null };

async function begin(run: Run, { pending, fault }: Turn): Promise<ShownUpdate | null> {
  const { wire, card, fleet, number } = run;
  if (unfinishedSet(card) === null) {
    run.setsMade += 1;
    card.sets.push(derivedSet(fleet, number, run.setsMade));
  }
  const set = unfinishedSet(card) ?? presentSet(card);
  const capabilities = { ...CAPABILITIES, ...(fault === 'no-spare-container' ? { spareContainers: 0 } : {}) };
  const body = { ...beginBody(card, set, { place: wire.place, at: pending.now }), capabilities };
  const answer = await wire.send(`${cardPathOf(card)}/updates`, body);
  if (fault === 'begin-unanswered') throw new FaultMet();
  if (answer.status < 300) return answer.body as ShownUpdate;
  const { code } = answer.body as { readonly code: string };
  // The desk's reason is in the next answer of `pending`.
  if (code === 'card-to-desk') return null;
  if (answer.status === 429 || answer.status === 503) return null;
  throw new Error(`begin of ${card.number}: ${answer.status} ${JSON.stringify(answer.body)}`);
}

async function finish(run: Run, update: ShownUpdate | null, { pending, fault }: Turn): Promise<ConfirmedEnd | null> {
  if (update === null) return null;
  const { wire, card } = run;
  const path = `${cardPathOf(card)}/updates/${update.id}`;
  if (fault === 'keys-lost') {
    card.sets.pop();
    const members = { verb: 'abandon', update: update.id, onCard: readBack(card) };
    await answered(wire.send, `${path}/abandonment`, {
      proof: prove(card, presentSet(card), { place: wire.place, at: pending.now, members }),
    });
    throw new FaultMet();
  }
  if (update.state === 'offered') await answered(wire.send, `${path}/writing`, {});
  for (const [at, certificate] of update.certificates.entries()) {
    if (fault === 'power-loss' && at === 1) throw new FaultMet();
    if (!writeOn(card, certificate)) throw new Error(`the card ${card.number} has not the key of its update`);
  }
  await answered(
    wire.send,
    `${path}/confirmation`,
    confirmBody({ ...wire, clock: () => Date.parse(pending.now) }, card, update),
  );
  if (fault === 'confirmation-unanswered') throw new FaultMet();
  return { kind: 'confirmed' };
}

const TRIES_MAX = 600;

/** The answer's body. What is not answered, or is to be asked later, is asked again. */
export async function answered<Body>(send: Send, path: string, body?: unknown): Promise<Body> {
  for (let tries = 1; ; tries += 1) {
    const answer = await send(path, body).catch((error: unknown) => {
      if (error instanceof DrillStopped) throw error;
      return { status: 0, body: null };
    });
    if (answer.status >= 200 && answer.status < 300) return answer.body as Body;
    const isLater = answer.status === 0 || answer.status === 429 || answer.status === 503;
    if (!isLater || tries === TRIES_MAX) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    await sleep(1_000);
  }
}
