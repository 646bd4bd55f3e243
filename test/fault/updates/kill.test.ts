/**
 * kill -9 of the service while cards are updated, on each database: once between the two
 * transactions of begins, and then at random moments of begins, resumptions and confirmations.
 * Afterwards each card has a live set, and its update is taken to its end by a client that knows
 * only the number and the keys of the card. PFCNG_FAULT_SEED repeats the moments,
 * PFCNG_UPDATE_KILLS is the number of kills at random moments.
 */
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { describeOnEach } from '../../support/db/fixture.js';
import { type Client, clientOf, fetchOpenApi, trustOf } from '../../support/service/client.js';
import { openDatabase } from '../../support/service/database.js';
import { makeServiceHome, removeServiceHome, type ServiceHome } from '../../support/service/home.js';
import { nextNumber, tokenId } from '../../support/service/orders.js';
import { isSignerChild, tokenOf } from '../../support/service/processes.js';
import { createResponseJudge } from '../../support/service/schema.js';
import { createService, type Service } from '../../support/service/service.js';
import { until } from '../../support/until.js';
import {
  beginBody,
  type FieldCard,
  newSet,
  presentSet,
  unfinishedSet,
  writeOn,
} from '../../support/updates/field-card.js';
import {
  accepted,
  cardPathOf,
  confirmBody,
  issueFirstSet,
  placeOf,
  type Send,
  type ShownUpdate,
  sendBy,
  type Wire,
} from '../../support/updates/update-client.js';
import { seededRandom } from '../storm.js';

const KILLS = Number(process.env.PFCNG_UPDATE_KILLS ?? 2);
const SEED = Number(process.env.PFCNG_FAULT_SEED ?? randomInt(2 ** 31));
const CARDS = 16;
/** Calls of an update: what is next, begin, writing, confirmation. */
const CALLS = 4;
const MOMENT_MS = 10;

type PendingAnswer = { readonly now: string; readonly next: string; readonly update: string | null };
type CardDetails = { readonly certificates: readonly { readonly id: string; readonly status: string }[] };

describeOnEach(`kill -9 while cards are updated (PFCNG_FAULT_SEED=${SEED})`, ({ kind }) => {
  const random = seededRandom(SEED);
  let at: ServiceHome;
  let service: Service;
  let client: Client;
  let wire: Wire;
  let answered = 0;
  /** Called when so many calls were answered. */
  let moment: { readonly calls: number; readonly come: () => void } | null = null;

  before(async () => {
    at = await makeServiceHome('p-256', { database: kind });
    service = createService(at);
    await service.start();
    const judge = createResponseJudge(await fetchOpenApi(service.urls.api, trustOf(at)));
    client = clientOf(service, 'card-management', { connectionsMax: CARDS, judge });
    const sent = sendBy(client);
    const send: Send = async (path, body) => {
      const answer = await sent(path, body);
      answered += 1;
      if (moment !== null && answered >= moment.calls) moment.come();
      return answer;
    };
    wire = { send, place: await placeOf(send), clock: Date.now };
  });
  after(async () => {
    await client.close();
    await service.stop();
    removeServiceHome(at);
  });

  async function issueCards(count: number): Promise<readonly FieldCard[]> {
    const cards = Array.from({ length: count }, (): FieldCard => ({ number: tokenId(nextNumber()), sets: [newSet()] }));
    await Promise.all(cards.map((card) => issueFirstSet(wire.send, card, nextNumber())));
    return cards;
  }

  /** Asks what is next and does it, from wherever the update is to its end. */
  async function takeOn(card: FieldCard): Promise<void> {
    const path = cardPathOf(card);
    let pending = await accepted<PendingAnswer>(wire.send, `${path}/pending`);
    // The service that died has left it between its transactions.
    await until('the update is recovered', async () => {
      if (pending.next !== 'wait') return true;
      pending = await accepted<PendingAnswer>(wire.send, `${path}/pending`);
      return false;
    });
    if (pending.next === 'none' && (await updatesOf(card)).some(({ state }) => state === 'confirmed')) return;
    const update =
      pending.next === 'confirm'
        ? await accepted<ShownUpdate>(wire.send, `${path}/updates/${pending.update}`)
        : await begin(card, pending);
    const named = `${path}/updates/${update.id}`;
    if (update.state === 'offered') await accepted(wire.send, `${named}/writing`, {});
    for (const certificate of update.certificates) assert.ok(writeOn(card, certificate));
    const body = confirmBody({ ...wire, clock: () => Date.parse(pending.now) }, card, update);
    await accepted(wire.send, `${named}/confirmation`, body);
  }

  async function begin(card: FieldCard, { now }: PendingAnswer): Promise<ShownUpdate> {
    if (unfinishedSet(card) === null) card.sets.push(newSet());
    const set = unfinishedSet(card) ?? presentSet(card);
    return accepted(wire.send, `${cardPathOf(card)}/updates`, beginBody(card, set, { place: wire.place, at: now }));
  }

  async function updatesOf(card: FieldCard): Promise<readonly ShownUpdate[]> {
    const { updates } = await accepted<{ readonly updates: readonly ShownUpdate[] }>(
      wire.send,
      `${cardPathOf(card)}/updates`,
    );
    return updates;
  }

  /** A wrong answer is a finding; a broken connection is caused by this test. */
  async function untilKilled(card: FieldCard): Promise<void> {
    try {
      await takeOn(card);
    } catch (error) {
      if (error instanceof Error && error.name === 'AssertionError') throw error;
    }
  }

  /** What the card signs with is good for relying parties: it is issued or pending. */
  async function assertLiveSet(card: FieldCard): Promise<void> {
    const { certificates } = await accepted<CardDetails>(wire.send, cardPathOf(card));
    for (const { id } of presentSet(card).certificates.values()) {
      const status = certificates.find((one) => one.id === id)?.status;
      assert.ok(status === 'issued' || status === 'pending', `${id} of the card ${card.number} is ${status}`);
    }
  }

  async function assertResumed(cards: readonly FieldCard[]): Promise<void> {
    for (const card of cards) await assertLiveSet(card);
    await Promise.all(cards.map(takeOn));
    for (const card of cards) {
      await assertLiveSet(card);
      assert.deepEqual(
        (await updatesOf(card)).map(({ state }) => state),
        ['confirmed'],
        `the card ${card.number} has one update`,
      );
    }
  }

  async function statesOf(cards: readonly FieldCard[]): Promise<Readonly<Record<string, number>>> {
    const database = await openDatabase(at);
    const rows = await database.all('select card_token_id, state from card_updates');
    await database.close();
    const counts: Record<string, number> = {};
    for (const { number } of cards) {
      const state = String(rows.find((row) => row.card_token_id === number)?.state ?? 'none');
      counts[state] = (counts[state] ?? 0) + 1;
    }
    return counts;
  }

  it('between the two transactions of begins: they are recovered, and the updates go on', async () => {
    const cards = await issueCards(4);
    const signers = service.tree().filter((one) => isSignerChild(one) && tokenOf(one).startsWith('ca-'));
    for (const { pid } of signers) process.kill(pid, 'SIGSTOP');
    const begins = Promise.allSettled(cards.map(takeOn));
    await until('all begins are reserved', async () => (await statesOf(cards)).issuing === cards.length);
    await service.killEverything();
    const broken = (await begins).filter(({ status }) => status === 'rejected');
    assert.equal(broken.length, cards.length);
    await service.start();
    await assertResumed(cards);
  });

  for (let round = 1; round <= KILLS; round += 1)
    it(`${round}, at some moment of them: each card has a live set, and its update goes on`, async () => {
      const cards = await issueCards(CARDS);
      const calls = answered + Math.floor(random() * (CARDS * CALLS - 1));
      const isThere = new Promise<void>((come) => {
        moment = { calls, come };
      });
      const working = Promise.all(cards.map(untilKilled));
      await Promise.race([isThere, working]);
      moment = null;
      await sleep(random() * MOMENT_MS);
      await service.killService();
      await working;
      process.stdout.write(`      ${kind}: ${JSON.stringify(await statesOf(cards))} at the kill\n`);
      await service.start();
      await assertResumed(cards);
    });
});
