/**
 * Requests of the simulated clients on their way: answered, lost, doubled, late, or forged.
 * Whatever arrives, the model follows it and compares the answer.
 */
import assert from 'node:assert/strict';
import { present } from '../../../src/kernel/assert.js';
import { toSecond } from '../../../src/kernel/clock.js';
import { fromPem } from '../../support/service/csr.js';
import {
  beginBody,
  type CardCertificate,
  type CardSet,
  newSet,
  presentSet,
  prove,
  readBack,
  unfinishedSet,
  writeOn,
} from '../../support/updates/field-card.js';
import { sha256Of } from '../../support/updates/statements.js';
import { cardPathOf, instant } from '../../support/updates/update-client.js';
import type { Answer } from '../../support/updates/update-service.js';
import {
  liveUpdate,
  type Message,
  type Model,
  type ModelCard,
  type ModelUpdate,
  mayBegin,
  move,
  predict,
  UNTOLD,
} from './model.js';
import { assertKeys, noteAccepted, type RunningUpdates, shown } from './real.js';

/** What becomes of a message on its way. */
export const DELIVERIES = ['answered', 'lost', 'unanswered', 'doubled', 'late', 'other-key', 'altered'] as const;
export type Delivery = (typeof DELIVERIES)[number];

/** The begin of the keys that the card has, or makes now. */
export function beginMessage(model: Model, card: ModelCard, { service }: RunningUpdates): Message {
  const left = unfinishedSet(card);
  const isUsed = card.updates.some(({ newSet: set }) => set === left);
  // Keys are certified once: those of an update that failed are erased.
  if (left !== null && isUsed && liveUpdate(card) === null) card.sets.pop();
  if (unfinishedSet(card) === null) card.sets.push(newSet());
  const set = present(unfinishedSet(card), 'new keys');
  const body = beginBody(card, set, { place: service.place, at: instant(model.now) });
  return {
    kind: 'begin',
    card,
    path: `${cardPathOf(card)}/updates`,
    body,
    at: model.now,
    update: null,
    set,
    onCard: [],
  };
}

export function messageAbout(
  model: Model,
  { kind, update }: { readonly kind: Exclude<Message['kind'], 'begin'>; readonly update: ModelUpdate },
  { service: { place } }: RunningUpdates,
): Message {
  const { card, newSet: set } = update;
  const onCard = readBack(card);
  const at = instant(model.now);
  const path = (event: string): string => `${cardPathOf(card)}/updates/${update.id}/${event}`;
  const members = { verb: kind, update: update.id, onCard };
  const common = { kind, card, update, set: null, at: toSecond(model.now), onCard };
  switch (kind) {
    case 'writing':
      return { ...common, path: path('writing'), body: {} };
    case 'word':
      return { ...common, path: path('abandonment'), body: { written: false } };
    case 'confirm':
      return { ...common, path: path('confirmation'), body: { proof: prove(card, set, { place, at, members }) } };
    case 'abandon':
      return {
        ...common,
        path: path('abandonment'),
        body: { proof: prove(card, update.oldSet, { place, at, members }) },
      };
  }
}

export const isDone = ({ status }: Answer): boolean => status < 300;

/** The message arrives, and the model follows. */
export async function arrive(model: Model, message: Message, real: RunningUpdates): Promise<Answer> {
  const answer = await real.service.send('cards', message.path, message.body);
  follow(model, { message, answer }, real);
  return answer;
}

type MessageAnswer = { readonly message: Message; readonly answer: Answer };

export function follow(model: Model, { message, answer }: MessageAnswer, real: RunningUpdates): void {
  if (message.kind === 'begin') {
    followBegin(model, { message, answer }, real);
    return;
  }
  const { accepted, apply } = predict(model, message);
  if (accepted !== 'either')
    assert.equal(isDone(answer), accepted === 'yes', `${message.kind}, ${message.update?.state}: ${shown(answer)}`);
  apply();
  const { kind, update } = message;
  if (!isDone(answer) || update === null || update.said.has(kind)) return;
  // The first word is kept, whoever has ended the update. A repeated one gets the same answer.
  update.said.add(kind);
  noteAccepted(real, message);
}

type UpdateBody = { readonly id: string; readonly state: string; readonly certificates: readonly CardCertificate[] };

function followBegin(model: Model, { message, answer }: MessageAnswer, real: RunningUpdates): void {
  const { card, at } = message;
  const set = present(message.set, 'new keys');
  const known = card.updates.find((update) => update.newSet === set);
  if (known !== undefined) {
    // Those keys were certified before: it is the same update, or it is refused.
    if (isDone(answer)) assert.equal(answer.body.id, known.id);
    return;
  }
  const expected = mayBegin(model, card, at);
  assert.equal(isDone(answer), expected, `begin: ${shown(answer)}`);
  if (expected) beginInModel(model, { card, set, body: answer.body as unknown as UpdateBody, message }, real);
}

type BeginAnswer = {
  readonly card: ModelCard;
  readonly set: CardSet;
  readonly body: UpdateBody;
  readonly message: Message;
};

function beginInModel(model: Model, begun: BeginAnswer, real: RunningUpdates): ModelUpdate {
  const update = reserveInModel(begun, real);
  assertKeys(update);
  move(model, update, 'offered');
  return update;
}

function reserveInModel({ card, set, body, message }: BeginAnswer, real: RunningUpdates): ModelUpdate {
  noteAccepted(real, message);
  const { id, certificates } = body;
  const oldSet = presentSet(card);
  const update: ModelUpdate = {
    id,
    card,
    oldSet,
    newSet: set,
    certificates,
    requests: hashesOfRequests(message),
    said: new Set(),
    state: 'issuing',
    dueAt: null,
  };
  card.updates.push(update);
  return update;
}

function hashesOfRequests({ body }: Message): ModelUpdate['requests'] {
  const { requests } = body as { readonly requests: readonly { readonly csr: string; readonly profile: string }[] };
  return requests.map(({ csr, profile }) => ({ csrSha256: sha256Of(fromPem(csr)[0] ?? Buffer.alloc(0)), profile }));
}

/** A message on its way. The answer is null where the client does not get it. */
export async function deliver(
  model: Model,
  message: Message,
  { delivery, real }: DeliveryPlan,
): Promise<Answer | null> {
  switch (delivery) {
    case 'answered':
      return arrive(model, message, real);
    case 'lost':
      return null;
    case 'unanswered':
      await arrive(model, message, real);
      return null;
    case 'doubled': {
      const { path, body } = message;
      const both = await Promise.all([real.service.send('cards', path, body), real.service.send('cards', path, body)]);
      // One of the two may be told that the other one is in progress.
      const [answer, other] = both.sort((one, two) => one.status - two.status);
      follow(model, { message, answer: present(answer, 'an answer') }, real);
      if (other !== undefined && isDone(other)) assert.equal(other.body.id, answer?.body.id);
      return answer ?? null;
    }
    case 'late':
      model.late.push(message);
      return null;
    case 'other-key':
    case 'altered':
      await forge(model, message, { delivery, real });
      return null;
  }
}

type DeliveryPlan = { readonly delivery: Delivery; readonly real: RunningUpdates };

/** A message that somebody else made of this one is refused, and changes nothing. */
async function forge(
  model: Model,
  { path, body, card, set }: Message,
  { delivery, real }: DeliveryPlan,
): Promise<void> {
  // The keys of an update that exists name it, whoever has signed.
  if (card.updates.some(({ newSet: used }) => used === set)) return;
  const { proof } = body as { readonly proof?: { readonly certificateId: string; readonly statement: string } };
  if (proof === undefined) return;
  const stranger = presentSet(
    present(
      model.cards.find((one) => one !== card),
      'another card',
    ),
  );
  const { verb, at, ...members } = JSON.parse(proof.statement) as { verb: string; at: string };
  const forged =
    delivery === 'other-key'
      ? {
          ...prove(card, stranger, { place: real.service.place, at, members: { ...members, verb } }),
          certificateId: proof.certificateId,
        }
      : {
          ...proof,
          statement: proof.statement.replace('"onCard":[', `"onCard":["${'0'.repeat(64)}",`).replace(',]', ']'),
        };
  const answer = await real.service.send('cards', path, { ...body, proof: forged });
  assert.ok(answer.status >= 400 && answer.status < 500, shown(answer));
}

/** The client learns of an update whose begin it got no answer to. */
export async function adopt(model: Model, message: Message, real: RunningUpdates): Promise<ModelUpdate> {
  return beginInModel(model, await findBegun(message, real), real);
}

/** As `adopt`, of an update that is still being issued. */
export async function adoptIssuing(message: Message, real: RunningUpdates): Promise<ModelUpdate> {
  const begun = await findBegun(message, real);
  assert.equal(begun.body.state, 'issuing');
  return reserveInModel({ ...begun, body: { ...begun.body, certificates: [] } }, real);
}

async function findBegun(message: Message, real: RunningUpdates): Promise<BeginAnswer> {
  const { card } = message;
  const { updates } = (await real.service.send('cards', `${cardPathOf(card)}/updates`)).body as {
    readonly updates: readonly { readonly id: string }[];
  };
  const known = card.updates.map(({ id }) => id);
  const { id } = present(
    updates.find((one) => !known.includes(one.id)),
    'the update that was begun',
  );
  const { body } = await real.service.send('cards', `${cardPathOf(card)}/updates/${id}`);
  return { card, set: present(message.set, 'keys'), body: body as unknown as UpdateBody, message };
}

/** A client that knows nothing but the card asks what is next, and does it. */
export async function resume(model: Model, card: ModelCard, real: RunningUpdates): Promise<void> {
  const update = liveUpdate(card);
  if (update === null || !UNTOLD.includes(update.state) || card.isOpposed) return;
  if (!card.sets.includes(update.newSet))
    return void (await arrive(model, messageAbout(model, { kind: 'abandon', update }, real), real));
  await arrive(model, messageAbout(model, { kind: 'writing', update }, real), real);
  for (const certificate of update.certificates) assert.ok(writeOn(card, certificate));
  await arrive(model, messageAbout(model, { kind: 'confirm', update }, real), real);
}
