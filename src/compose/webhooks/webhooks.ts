/**
 * Connects the webhook endpoints of the configuration with what sends events to them, and sets
 * their metrics.
 */
import { readRegularFile } from '../../config/regular-file.js';
import type { FanOut } from '../../jobs/webhooks/fan-out.js';
import { SIMULTANEOUS_REQUESTS_MAX, type WebhookDelivery } from '../../jobs/webhooks/send.js';
import { present } from '../../kernel/assert.js';
import { SECOND_MS } from '../../kernel/duration.js';
import type { Metrics } from '../../observe/metrics.js';
import type { WebhookEndpoint } from '../../orders/webhooks.js';
import type { Store } from '../../ports/store.js';
import { createSystemResolver, networkList } from '../../publish/webhook-address.js';
import { openWebhookSender, type WebhookTarget } from '../../publish/webhook-sender.js';
import type { Home } from '../home.js';
import { systemClock } from '../world.js';

function webhookEndpoints({ config }: Home): readonly WebhookEndpoint[] {
  return config.webhooks.map(({ name, url, topics, accounts }) => ({ name, url, topics, accounts: accounts ?? null }));
}

export function createWebhooks(
  home: Home,
  { webhookDeliveries }: Metrics,
  wakeSender: (endpoint: string) => void,
): FanOut & WebhookDelivery {
  const configured = new Map(home.config.webhooks.map((webhook) => [webhook.name, webhook]));
  const world = { resolve: createSystemResolver(), clock: systemClock };
  return {
    endpoints: webhookEndpoints(home),
    // The file of its CAs is read each time, so that a new file needs no restart.
    openSender: ({ name }) => openWebhookSender(targetOf(present(configured.get(name), 'an endpoint')), world),
    counted: (endpoint, result) => webhookDeliveries.inc({ endpoint, result }),
    wake: wakeSender,
  };
}

function targetOf({ url, ca, networks }: Home['config']['webhooks'][number]): WebhookTarget {
  const target = new URL(url);
  return {
    url: target,
    ca: ca === undefined ? null : readRegularFile(ca).toString('utf8'),
    rule: { networks: networkList(networks), isPlain: target.protocol === 'http:' },
    connectionsMax: SIMULTANEOUS_REQUESTS_MAX,
  };
}

/**
 * Sets the metrics of waiting and dead deliveries. If the database cannot be read, they keep their
 * values.
 */
export async function measureWebhooks(
  { store }: { readonly store: Pick<Store, 'read'> },
  home: Home,
  { webhookOldest, webhookDead }: Metrics,
): Promise<void> {
  const endpoints = webhookEndpoints(home);
  if (endpoints.length === 0) return;
  const counts = await store.read((reads) => reads.deliveryCounts());
  if (!counts.ok) return;
  const now = systemClock();
  for (const { name } of endpoints) {
    const waiting = counts.value.find(({ endpoint, state }) => endpoint === name && state === 'waiting');
    const ageMs = waiting === undefined ? 0 : Math.max(0, now - waiting.oldestAt);
    webhookOldest.set({ endpoint: name }, ageMs / SECOND_MS);
  }
  const dead = counts.value.filter(({ state }) => state === 'dead');
  webhookDead.set(dead.reduce((sum, { count }) => sum + count, 0));
}
