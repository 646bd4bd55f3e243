/**
 * What may happen to cards in the field, as commands that run on the model and on the service.
 *
 * A client keeps two rules, which ops/card-updates.md states: it writes only after `writing` was
 * answered, and erases the new keys before it signs an abandonment.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { present } from '../../../src/kernel/assert.js';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../src/kernel/duration.js';
import { presentSet, USES, writeOn } from '../../support/updates/field-card.js';
import { cardPathOf } from '../../support/updates/update-client.js';
import {
  adopt,
  arrive,
  beginMessage,
  DELIVERIES,
  type Delivery,
  deliver,
  follow,
  isDone,
  messageAbout,
} from './messages.js';
import {
  certificatesOf,
  liveUpdate,
  type Message,
  type Model,
  type ModelCard,
  type ModelUpdate,
  mayBegin,
  move,
  passTime,
  revoke,
  UNTOLD,
} from './model.js';
import { assertHolds, type RunningUpdates, shown } from './real.js';

export type UpdateCommand = fc.AsyncCommand<Model, RunningUpdates>;

/** How often each command was run, for the output. */
export const counted = new Map<string, number>();

type Step = {
  readonly name: string;
  readonly says: string;
  readonly check?: (model: Readonly<Model>) => boolean;
  readonly run: (model: Model, real: RunningUpdates) => Promise<void>;
};

export function command({ name, says, check = () => true, run }: Step): UpdateCommand {
  return {
    check,
    run: async (model, real) => {
      counted.set(name, (counted.get(name) ?? 0) + 1);
      await run(model, real);
      await assertHolds(model, real);
    },
    toString: () => says,
  };
}

export const cardOf = ({ cards }: Readonly<Model>, at: number): ModelCard =>
  present(cards[at % cards.length], 'a card');

export function begin(at: number, delivery: Delivery): UpdateCommand {
  return command({
    name: 'begin',
    says: `begin(${at}, ${delivery})`,
    run: async (model, real) => {
      const card = cardOf(model, at);
      const answer = await deliver(model, beginMessage(model, card, real), { delivery, real });
      const update = liveUpdate(card);
      if (answer !== null && isDone(answer) && update !== null) card.session = { update, mayWrite: false };
    },
  });
}

/** The process dies at this signature of a begin; another one finishes it. */
export function beginAndKill(at: number, signature: 1 | 2): UpdateCommand {
  return command({
    name: 'kill',
    says: `beginAndKill(${at}, ${signature})`,
    check: (model) => liveUpdate(cardOf(model, at)) === null,
    run: async (model, real) => {
      const card = cardOf(model, at);
      const message = beginMessage(model, card, real);
      const expected = mayBegin(model, card, message.at);
      const answer = await real.service.sendAndKill(message.path, message.body, signature);
      model.now = real.service.time.now;
      if (answer !== null) return follow(model, { message, answer }, real);
      assert.ok(expected, 'only an accepted begin asks for signatures');
      await adopt(model, message, real);
    },
  });
}

/** The signer is away during a begin, and comes back. */
export function beginWithoutSigner(at: number): UpdateCommand {
  return command({
    name: 'signer away',
    says: `beginWithoutSigner(${at})`,
    check: (model) => liveUpdate(cardOf(model, at)) === null && mayBegin(model, cardOf(model, at), model.now),
    run: async (model, real) => {
      const message = beginMessage(model, cardOf(model, at), real);
      await real.service.setSigner(false);
      const { status } = await real.service.send('cards', message.path, message.body);
      assert.equal(status, 503);
      await real.service.setSigner(true);
      const answer = await real.service.send('cards', message.path, message.body);
      follow(model, { message, answer }, real);
    },
  });
}

/** The next run of the client asks what is to be done. */
export function read(at: number): UpdateCommand {
  return command({
    name: 'read',
    says: `read(${at})`,
    run: async (model, real) => {
      const card = cardOf(model, at);
      const { status, body } = await real.service.send('cards', `${cardPathOf(card)}/pending`);
      assert.equal(status, 200, JSON.stringify(body));
      const update = liveUpdate(card);
      if (update === null || !UNTOLD.includes(update.state)) return assert.notEqual(body.next, 'confirm');
      assert.deepEqual([body.next, body.update], ['confirm', update.id]);
      card.session = { update, mayWrite: update.state !== 'offered' };
    },
  });
}

export function say(at: number, kind: Exclude<Message['kind'], 'begin'>, delivery: Delivery): UpdateCommand {
  return command({
    name: kind,
    says: `${kind}(${at}, ${delivery})`,
    check: (model) => canSay(cardOf(model, at), kind),
    run: async (model, real) => {
      const card = cardOf(model, at);
      const { update } = present(card.session, 'a session');
      if (kind === 'abandon') eraseNew(card, update);
      const answer = await deliver(model, messageAbout(model, { kind, update }, real), { delivery, real });
      if (kind === 'writing' && answer !== null && isDone(answer)) card.session = { update, mayWrite: true };
    },
  });
}

function canSay({ session, sets }: ModelCard, kind: Exclude<Message['kind'], 'begin'>): boolean {
  if (session === null) return false;
  const { update, mayWrite } = session;
  const hasKeys = sets.includes(update.newSet);
  // A card whose new set is complete signs with it and does not go back.
  if (kind === 'abandon') return !hasKeys || update.newSet !== presentSet({ number: '', sets });
  return kind === 'word' ? !mayWrite : hasKeys;
}

function eraseNew(card: ModelCard, { newSet: set }: ModelUpdate): void {
  const at = card.sets.indexOf(set);
  if (at >= 0) card.sets.splice(at, 1);
}

/** Writes a certificate; with `power`, the card loses its power before, and the client forgets. */
export function write(at: number, which: 0 | 1, losesPower: boolean): UpdateCommand {
  return command({
    name: losesPower ? 'power loss' : 'write',
    says: `write(${at}, ${which}${losesPower ? ', power loss' : ''})`,
    check: (model) => {
      const { session, sets } = cardOf(model, at);
      return session?.mayWrite === true && sets.includes(session.update.newSet);
    },
    run: async (model) => {
      const card = cardOf(model, at);
      const { update } = present(card.session, 'a session');
      if (losesPower) card.session = null;
      else assert.ok(writeOn(card, present(update.certificates[which], 'a certificate')));
    },
  });
}

/** The next step of an update, whichever that is, so that random lives get far. */
function advance(at: number, delivery: Delivery): UpdateCommand {
  return command({
    name: 'next step',
    says: `advance(${at}, ${delivery})`,
    check: (model) => nextStep(model, at, delivery) !== null,
    run: async (model, real) => present(nextStep(model, at, delivery), 'a step').run(model, real),
  });
}

function nextStep(model: Readonly<Model>, at: number, delivery: Delivery): UpdateCommand | null {
  const card = cardOf(model, at);
  const update = liveUpdate(card);
  if (update === null) return begin(at, delivery);
  if (!UNTOLD.includes(update.state)) return null;
  if (card.session === null || card.session.update !== update) return read(at);
  if (!card.sets.includes(update.newSet)) return say(at, 'abandon', delivery);
  if (!card.session.mayWrite) return say(at, 'writing', delivery);
  const missing = USES.findIndex((use) => !update.newSet.certificates.has(use));
  if (missing >= 0) return write(at, missing === 0 ? 0 : 1, false);
  return say(at, 'confirm', delivery);
}

function deliverLate(at: number): UpdateCommand {
  return command({
    name: 'late message',
    says: `deliverLate(${at})`,
    check: ({ late }) => late.length > 0,
    run: async (model, real) => {
      const [message] = model.late.splice(at % model.late.length, 1);
      await arrive(model, present(message, 'a message'), real);
    },
  });
}

export function time(ms: number): UpdateCommand {
  return command({
    name: 'time',
    says: `time(${ms})`,
    run: async (model, real) => {
      await real.service.pass(ms);
      model.now = real.service.time.now;
      passTime(model);
    },
  });
}

export function oppose(at: number): UpdateCommand {
  return command({
    name: 'opposition',
    says: `oppose(${at})`,
    run: async (model, real) => {
      const card = cardOf(model, at);
      const answer = await real.service.send('cards', `${cardPathOf(card)}/revocation`, { reason: 'keyCompromise' });
      assert.equal(answer.status, 200, shown(answer));
      card.isOpposed = true;
      for (const set of [...card.sets, ...card.updates.map(({ newSet: one }) => one)])
        revoke(model, certificatesOf(set));
      const update = liveUpdate(card);
      if (update === null) return;
      revoke(model, update.certificates);
      // What is not signed yet is given up with the card.
      move(model, update, update.state === 'issuing' ? 'failed' : 'ended');
    },
  });
}

/** Somebody revokes one set alone. */
export function revokeSet(at: number, which: 'old' | 'new'): UpdateCommand {
  return command({
    name: `revoke the ${which} set`,
    says: `revokeSet(${at}, ${which})`,
    check: (model) => liveUpdate(cardOf(model, at)) !== null,
    run: async (model, real) => {
      const update = present(liveUpdate(cardOf(model, at)), 'an update');
      const certificates = which === 'new' ? update.certificates : certificatesOf(update.oldSet);
      for (const { id } of certificates)
        await real.service.send('cards', `/v1/certificates/${id}/revocation`, { reason: 'superseded' });
      // To revoke once more changes nothing: the timer then confirms the update.
      const isFirst = certificates.some(({ id }) => !model.revoked.has(id));
      revoke(model, certificates);
      if (which === 'new') move(model, update, 'ended');
      else if (isFirst && update.state === 'undetermined') move(model, update, 'confirmed');
    },
  });
}

export function decide(at: number, outcome: 'confirmed' | 'abandoned'): UpdateCommand {
  return command({
    name: 'decision',
    says: `decide(${at}, ${outcome})`,
    check: (model) => liveUpdate(cardOf(model, at)) !== null,
    run: async (model, real) => {
      const update = present(liveUpdate(cardOf(model, at)), 'an update');
      const decision = { outcome, reason: 'the card is in our hands' };
      const asked = await real.service.send('officer-1', `/v1/updates/${update.id}/decision`, decision);
      if (update.state !== 'undetermined') return void assert.ok(asked.status >= 400, shown(asked));
      assert.equal(asked.status, 202, shown(asked));
      const { id } = asked.body.approval as { readonly id: string };
      const approved = await real.service.send('officer-2', `/v1/approvals/${id}`, { decision: 'approve' });
      assert.ok(isDone(approved), shown(approved));
      move(model, update, outcome);
    },
  });
}

const index = fc.nat({ max: 2 });
const delivery = fc.oneof(
  { weight: 6, arbitrary: fc.constant<Delivery>('answered') },
  { weight: 6, arbitrary: fc.constantFrom(...DELIVERIES) },
);
const which = fc.constantFrom<(0 | 1)[]>(0, 1);

/** Steps of an update come more often than its ends, so that updates get far. */
export const COMMANDS: fc.Arbitrary<UpdateCommand>[] = [
  ...Array.from({ length: 6 }, () => fc.tuple(index, delivery).map((args) => advance(...args))),
  fc.tuple(index, delivery).map((args) => begin(...args)),
  fc.tuple(index, fc.constantFrom<(1 | 2)[]>(1, 2)).map((args) => beginAndKill(...args)),
  index.map(beginWithoutSigner),
  index.map(read),
  fc.tuple(index, fc.constant('writing' as const), delivery).map((args) => say(...args)),
  fc.tuple(index, which, fc.constant(false)).map((args) => write(...args)),
  fc.tuple(index, which, fc.constant(false)).map((args) => write(...args)),
  fc.tuple(index, which, fc.constant(true)).map((args) => write(...args)),
  fc.tuple(index, fc.constant('confirm' as const), delivery).map((args) => say(...args)),
  fc.tuple(index, fc.constant('confirm' as const), delivery).map((args) => say(...args)),
  fc.tuple(index, fc.constantFrom<('abandon' | 'word')[]>('abandon', 'word'), delivery).map((args) => say(...args)),
  fc.nat({ max: 9 }).map(deliverLate),
  fc.constantFrom(MINUTE_MS, 20 * MINUTE_MS, HOUR_MS, 3 * DAY_MS + HOUR_MS, 7 * DAY_MS + HOUR_MS).map(time),
  index.map(oppose),
  fc.tuple(index, fc.constantFrom<('old' | 'new')[]>('old', 'new')).map((args) => revokeSet(...args)),
  fc
    .tuple(index, fc.constantFrom<('confirmed' | 'abandoned')[]>('confirmed', 'abandoned'))
    .map((args) => decide(...args)),
];
