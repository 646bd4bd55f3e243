/**
 * kill -9 of a sender of webhooks at random moments, while events are published and rolled back
 * and the receiver accepts, refuses or breaks off. Without this test an event could be lost, come
 * before its commit, or come before an earlier one of its subject was accepted. The moments come
 * from a printed seed, which PFCNG_FAULT_SEED repeats.
 */
import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { generateKeyPairSync, randomInt } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { WebhookEndpoint } from '../../../src/orders/webhooks.js';
import type { OutboxEvent } from '../../../src/ports/store/outbox/events.js';
import type { Store } from '../../../src/ports/store.js';
import { databaseArgument } from '../../support/db/argument.js';
import { describeOnEach, unwrap } from '../../support/db/fixture.js';
import { spkiOf } from '../../support/webhooks/parts.js';
import { bodyOf, openReceiver, type Receiver } from '../../support/webhooks/receiver.js';
import type { SenderArguments } from '../../support/webhooks/sender-process.js';
import { signatureFault } from '../../support/webhooks/verifier.js';
import { seededRandom } from '../storm.js';

const SEED = Number(process.env.PFCNG_FAULT_SEED ?? randomInt(2 ** 31));
const KILLS = Number(process.env.PFCNG_WEBHOOK_KILLS ?? 2);
const SUBJECTS = 5;
/**
 * The most events that may wait for the sender. Without this limit, a slow machine publishes far
 * more events while the sender starts than are sent, and sending them takes many minutes.
 */
const WAITING_MAX = 100;
const SENDER = fileURLToPath(new URL('../../support/webhooks/sender-process.js', import.meta.url));

describeOnEach(`kill -9 of a sender of webhooks (PFCNG_FAULT_SEED=${SEED})`, ({ fresh, opened }) => {
  let receiver: Receiver;
  let child: ChildProcess | null = null;
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });

  beforeEach(async () => {
    receiver = await openReceiver();
  });
  afterEach(async () => {
    await kill();
    await receiver.close();
  });

  async function kill(): Promise<void> {
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  function assertRuns(): void {
    assert.equal(child?.exitCode, null, 'the sender ended by itself');
  }

  it('loses no event, and sends those of a subject in order', async () => {
    const random = seededRandom(SEED);
    const database = await fresh();
    const store = await opened({ database, clock: Date.now, othersWrite: true });
    const endpoint: WebhookEndpoint = { name: 'all', url: receiver.url, topics: ['certificate.*'], accounts: null };
    unwrap(await store.transaction((tx) => tx.setWebhookCursor('all', 0)));
    const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const told: SenderArguments = {
      database: databaseArgument(database),
      endpoint,
      ca: receiver.ca,
      key,
      since: Date.now(),
    };
    const start = (): void => {
      child = fork(SENDER, [JSON.stringify(told)], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    };

    /** Numbers of the events of each subject that were committed, and of all accepted ones. */
    const committed = new Map<string, number[]>();
    const accepted = new Set<number>();
    const faults: string[] = [];
    receiver.answer = (request, response) => {
      const { subject, data } = bodyOf(request);
      const number = Number(data.number);
      const fault = signatureFault(request, spkiOf(privateKey));
      if (fault !== null) faults.push(`event ${number}: ${fault}`);
      // The numbers of a subject ascend, also where some were rolled back.
      const before = (committed.get(subject) ?? []).filter((one) => one < number);
      const skipped = before.filter((one) => !accepted.has(one));
      if (skipped.length > 0) faults.push(`event ${number} of ${subject} came before ${skipped.join(', ')}`);
      const chance = random();
      if (chance < 0.2) return void response.writeHead(500).end();
      if (chance < 0.3) return void response.destroy();
      accepted.add(number);
      // The sender may be killed before it has the answer.
      setTimeout(() => response.writeHead(204).end(), 10 * random());
    };

    let number = 0;
    let committedCount = 0;
    const publishSome = async (): Promise<void> => {
      if (committedCount - accepted.size >= WAITING_MAX) return;
      const events = Array.from({ length: 1 + Math.floor(4 * random()) }, (): OutboxEvent => {
        number += 1;
        const subject = `s${Math.floor(SUBJECTS * random())}`;
        return { topic: 'certificate.suspended', subject, account: null, at: Date.now(), data: { number } };
      });
      if (!(await publishOrRollBack(store, events, random() < 0.2))) return;
      committedCount += events.length;
      for (const { subject, data } of events)
        committed.set(subject, [...(committed.get(subject) ?? []), Number(data.number)]);
    };

    start();
    for (let kills = 0; kills < KILLS; kills += 1) {
      const wanted = receiver.received.length + 1 + Math.floor(10 * random());
      while (receiver.received.length < wanted) {
        assertRuns();
        await publishSome();
        await sleep(5 * random());
      }
      await kill();
      start();
    }
    const all = [...committed.values()].flat();
    while (all.some((one) => !accepted.has(one))) {
      assertRuns();
      await sleep(20);
    }
    assert.deepEqual(faults, []);
    const unknown = receiver.received.map((request) => Number(bodyOf(request).data.number));
    assert.deepEqual(
      unknown.filter((one) => !all.includes(one)),
      [],
      'none comes that was rolled back',
    );
  });
});

/** Whether the events were committed. */
async function publishOrRollBack(store: Store, events: readonly OutboxEvent[], rollsBack: boolean): Promise<boolean> {
  const rolledBack = new Error('rolled back');
  try {
    unwrap(
      await store.transaction(async (tx) => {
        await tx.publish(events);
        if (rollsBack) throw rolledBack;
      }),
    );
    return true;
  } catch (error) {
    assert.equal(error, rolledBack);
    return false;
  }
}
