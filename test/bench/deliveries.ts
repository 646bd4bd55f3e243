/**
 * Webhooks: the rate at which events reach a receiver on the same machine, the rate of bare POSTs
 * to it, and the rate at which the platform key signs the same texts at its signer's socket, one
 * after the other on one service.
 */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createConnection } from '../../hsm/client/connection.js';
import { SIMULTANEOUS_REQUESTS_MAX } from '../../src/jobs/webhooks/send.js';
import { webhookMessage } from '../../src/orders/webhooks.js';
import { unwrap } from '../support/db/fixture.js';
import { openServiceStore } from '../support/service/database.js';
import type { Service } from '../support/service/service.js';
import type { Receiver } from '../support/webhooks/receiver.js';
import type { PostLoad } from './loads/bare-posts.js';
import { startLoadProcess } from './loads/load-process.js';

const PLATFORM_TOKEN = 'platform';
/** Requests without an answer, at any time. */
const UNANSWERED = 64;
const EVENTS_A_TRANSACTION = 500;
const MESSAGE = { targetUri: 'https://127.0.0.1/events', keyId: '00'.repeat(32) };
const POLL_MS = 20;
const DEADLINE_MS = 120_000;

type Publish = (count: number) => Promise<void>;

/** The configuration of a service whose events go to the receiver. */
export function endpointOf({ url, ca }: Receiver): object {
  return { webhooks: [{ name: 'bench', url, ca, topics: ['certificate.*'], networks: ['127.0.0.1/32'] }] };
}

/** Deliveries a second, from the first to the last of `events`. */
export async function measureDeliveries(service: Service, receiver: Receiver, events: number): Promise<number> {
  const store = await openServiceStore(service.at);
  let published = 0;
  const publish: Publish = async (count) => {
    for (let left = count; left > 0; left -= EVENTS_A_TRANSACTION) {
      const subjects = Array.from({ length: Math.min(left, EVENTS_A_TRANSACTION) }, () => `subject-${++published}`);
      const event = { topic: 'certificate.expiring', account: null, at: Date.now(), data: { days: 90 } } as const;
      unwrap(await store.transaction((tx) => tx.publish(subjects.map((subject) => ({ ...event, subject })))));
    }
  };
  try {
    await reachFirst(receiver, publish);
    const before = receiver.received.length;
    const until = performance.now() + DEADLINE_MS;
    const comes = async (count: number): Promise<number> => {
      while (receiver.received.length < before + count) {
        if (performance.now() > until) throw new Error(`${receiver.received.length - before} events came`);
        await sleep(POLL_MS);
      }
      return performance.now();
    };
    await publish(events);
    // A job gives out new events once a second. This wait is not a part of the rate.
    const began = await comes(1);
    const first = receiver.received.length - before;
    return (events - first) / (((await comes(events)) - began) / 1_000);
  } finally {
    await store.close();
  }
}

/** An endpoint gets the events that follow the first run of a job. */
async function reachFirst(receiver: Receiver, publish: Publish): Promise<void> {
  const until = performance.now() + DEADLINE_MS;
  while (receiver.received.length === 0) {
    if (performance.now() > until) throw new Error('no event came');
    await publish(1);
    await sleep(1_000);
  }
  await sleep(2_000);
}

/** POSTs a second of a bare client, with as many connections as the service has. */
export async function measurePosts({ url, ca }: Receiver, count: number): Promise<number> {
  const body = JSON.stringify({ id: 'event', type: 'certificate.expiring', data: { days: 90 } });
  const { headers } = webhookMessage({ ...MESSAGE, id: 'event', body, at: Date.now() });
  const load: PostLoad = { url, ca, count, connections: SIMULTANEOUS_REQUESTS_MAX, headers, body };
  const { child, next } = await startLoadProcess('./bare-posts.js', load);
  child.send('go');
  return Number(await next());
}

/** Signatures a second. */
export async function measurePlatformKey(service: Service, seconds: number): Promise<number> {
  const path = join(service.at.home, 'run/signers', PLATFORM_TOKEN, 'api/socket');
  const connection = createConnection(path, { deadlineMs: 8_000, inFlightMax: UNANSWERED });
  const until = performance.now() + seconds * 1_000;
  let signatures = 0;
  const keep = async (): Promise<void> => {
    while (performance.now() < until) {
      const body = JSON.stringify({ number: signatures });
      const id = `event-${signatures}`;
      const message = webhookMessage({ ...MESSAGE, id, body, at: Date.now() });
      const reply = await connection.ask('platform', { issuer: 'platform', purpose: 'webhook' }, message.base);
      if ('kind' in reply || reply.type !== 'signature') throw new Error(JSON.stringify(reply));
      signatures += 1;
    }
  };
  try {
    await Promise.all(Array.from({ length: UNANSWERED }, keep));
  } finally {
    connection.close();
  }
  return signatures / seconds;
}
