/** What officers do with webhooks. */
import { ok, type Result } from '../../../../src/kernel/result.js';
import { dropDelivery, replayDelivery, testWebhook } from '../../../../src/operations/webhooks/operate-webhooks.js';
import { readDeliveries, readDelivery, readWebhooks } from '../../../../src/operations/webhooks/read-webhooks.js';
import type { DeliveryKey } from '../../../../src/ports/store/outbox/deliveries.js';
import { NOW } from '../../../support/db/records.js';
import { accept, type Service } from '../service.js';
import { claimRequest, OFFICER } from '../stage.js';
import type { Answer, Scenario } from './all.js';

const ENDPOINT = { name: 'cards', url: 'https://cards.example.org/events', topics: ['order.*'], accounts: null };
const CALLER = { account: OFFICER, endpoints: [ENDPOINT] };
const DEAD = {
  state: 'dead',
  attempts: 9,
  firstAt: NOW,
  nextAt: null,
  lastStatus: 410,
  lastError: 'HTTP 410',
} as const;

const answerOf = (result: Result<unknown, { readonly kind: string }>): Answer => (result.ok ? ok([]) : result);

/** An endpoint has refused a test event for good. */
async function refused({ bare }: Service): Promise<void> {
  const { endpoint, event } = accept(await testWebhook(bare, CALLER, { endpoint: ENDPOINT.name }));
  const update = { delivery: { endpoint, event }, progress: { ...DEAD, doneAt: null } } as const;
  accept(await bare.store.transaction((tx) => tx.updateDeliveries([update])));
}

async function lastDelivery({ bare }: Service): Promise<DeliveryKey> {
  const page = accept(await readDeliveries(bare, CALLER, { endpoint: ENDPOINT.name, limit: 1 }));
  return { endpoint: ENDPOINT.name, event: page.deliveries[0]?.event ?? 0 };
}

export const WEBHOOKS: readonly Scenario[] = [
  {
    name: 'read the endpoints of webhooks',
    operation: readWebhooks,
    run: async ({ world }) => answerOf(await readWebhooks(world, CALLER)),
  },
  {
    name: 'read the deliveries of an endpoint',
    operation: readDeliveries,
    before: refused,
    run: async ({ world }) => answerOf(await readDeliveries(world, CALLER, { endpoint: ENDPOINT.name, limit: 9 })),
  },
  {
    name: 'read a delivery',
    operation: readDelivery,
    before: refused,
    run: async (service) => answerOf(await readDelivery(service.world, CALLER, await lastDelivery(service))),
  },
  {
    name: 'test an endpoint',
    operation: testWebhook,
    run: async ({ world }) => {
      const idempotency = claimRequest(CALLER.account, 'test');
      return answerOf(await testWebhook(world, CALLER, { endpoint: ENDPOINT.name, idempotency }));
    },
  },
  {
    name: 'send a delivery again',
    operation: replayDelivery,
    before: refused,
    run: async (service) => answerOf(await replayDelivery(service.world, CALLER, await lastDelivery(service))),
    orTold: ['delivery-tried'],
  },
  {
    name: 'drop a delivery',
    operation: dropDelivery,
    before: refused,
    run: async (service) => answerOf(await dropDelivery(service.world, CALLER, await lastDelivery(service))),
    orTold: ['delivery-dead'],
  },
];
