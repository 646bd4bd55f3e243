/** A client of remote updates: orders a card's first set, and takes it through an update. */
import assert from 'node:assert/strict';
import type { Client } from '../service/client.js';
import { IDENTITY, professional } from '../service/orders.js';
import {
  beginBody,
  type CardCertificate,
  type CardSet,
  type FieldCard,
  presentSet,
  prove,
  readBack,
  requestsOf,
  type StatementPlace,
  USES,
  writeOn,
} from './field-card.js';

export type SentAnswer = { readonly status: number; readonly body: unknown };

/** Sends a GET, or a POST with a body. */
export type Send = (path: string, body?: unknown) => Promise<SentAnswer>;

export function sendBy(client: Client): Send {
  return (path, body) => client.call(body === undefined ? 'GET' : 'POST', path, body === undefined ? {} : { body });
}

export function cardPathOf({ number }: Pick<FieldCard, 'number'>): string {
  return `/v1/cards/${encodeURIComponent(number)}`;
}

/** The answer's body; the test fails unless it is a success. */
export async function accepted<Body>(send: Send, path: string, body?: unknown): Promise<Body> {
  const answer = await send(path, body);
  assert.ok(answer.status < 300, `${path} -> ${answer.status} ${JSON.stringify(answer.body)}`);
  // The route documents this body.
  return answer.body as Body;
}

/** Orders certificates for the keys of the card's only set, and writes them on it. */
export async function issueFirstSet(send: Send, card: FieldCard, holder: number): Promise<void> {
  const { certificates } = await accepted<{ readonly certificates: readonly CardCertificate[] }>(
    send,
    `${cardPathOf(card)}/certificates`,
    {
      holder: professional(holder),
      card: { tokenId: card.number, product: 'cps' },
      identity: IDENTITY,
      requests: requestsOf(card.sets[0] ?? presentSet(card)).requests,
    },
  );
  assert.equal(certificates.length, USES.length);
  for (const certificate of certificates) assert.ok(writeOn(card, certificate));
}

/** What statements to this service name. */
export async function placeOf(send: Send): Promise<StatementPlace> {
  const { keys } = await accepted<{ readonly keys: readonly { readonly id: string }[] }>(send, '/v1/keys');
  return { environment: 'development', platform: keys[0]?.id ?? '' };
}

export type ShownUpdate = {
  readonly id: string;
  readonly state: string;
  readonly certificates: readonly CardCertificate[];
};

export type Wire = { readonly send: Send; readonly place: StatementPlace; readonly clock: () => number };

export const instant = (at: number): string => `${new Date(at).toISOString().slice(0, 19)}Z`;

/** Begins an update with the keys of `set`, which the card gets beside its present ones. */
export function beginUpdate({ send, place, clock }: Wire, card: FieldCard, set: CardSet): Promise<ShownUpdate> {
  const body = beginBody(card, set, { place, at: instant(clock()) });
  card.sets.push(set);
  return accepted(send, `${cardPathOf(card)}/updates`, body);
}

/** Writes what is offered on the card, unless it is there. */
export async function writeUpdate({ send }: Wire, card: FieldCard, { id, certificates }: ShownUpdate): Promise<void> {
  await accepted(send, `${cardPathOf(card)}/updates/${id}/writing`, {});
  for (const certificate of certificates) assert.ok(writeOn(card, certificate));
}

/** The body of a confirmation, signed by the set that the card uses. */
export function confirmBody(
  { place, clock }: Pick<Wire, 'place' | 'clock'>,
  card: FieldCard,
  { id }: Pick<ShownUpdate, 'id'>,
) {
  const members = { verb: 'confirm', update: id, onCard: readBack(card) };
  return { proof: prove(card, presentSet(card), { place, at: instant(clock()), members }) };
}
