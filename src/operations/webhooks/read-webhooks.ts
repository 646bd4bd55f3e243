/** What officers see of webhooks: the endpoints of the configuration, and their deliveries. */
import { decideAccess } from '../../access/decide.js';
import type { Instant } from '../../kernel/clock.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { WebhookEndpoint } from '../../orders/webhooks.js';
import type { Account } from '../../ports/store/accounts.js';
import type { Delivery, DeliveryKey, DeliveryState } from '../../ports/store/outbox/deliveries.js';
import { notFound, type OperationFailure } from '../failures.js';
import type { World } from '../world.js';

export type WebhookState = WebhookEndpoint & {
  readonly waiting: number;
  readonly dead: number;
  /** The time of the oldest event that is waiting; null: none is. */
  readonly oldestAt: Instant | null;
};

/** An account and the endpoints of the configuration. */
export type WebhookCaller = { readonly account: Account; readonly endpoints: readonly WebhookEndpoint[] };

type Outcome<Value> = Promise<Result<Value, OperationFailure>>;

export async function readWebhooks(
  { store }: Pick<World, 'store'>,
  { account, endpoints }: WebhookCaller,
): Outcome<readonly WebhookState[]> {
  const permitted = decideAccess(account, 'read-webhooks', null);
  if (!permitted.ok) return permitted;
  const counts = await store.read((reads) => reads.deliveryCounts());
  if (!counts.ok) return counts;
  const of = (name: string, state: 'waiting' | 'dead') =>
    counts.value.find((one) => one.endpoint === name && one.state === state);
  return ok(
    endpoints.map((endpoint) => {
      const waiting = of(endpoint.name, 'waiting');
      const dead = of(endpoint.name, 'dead');
      return {
        ...endpoint,
        waiting: waiting?.count ?? 0,
        dead: dead?.count ?? 0,
        oldestAt: waiting?.oldestAt ?? null,
      };
    }),
  );
}

type DeliveryPage = {
  readonly endpoint: string;
  readonly state?: DeliveryState | undefined;
  /** Only events with lower numbers. */
  readonly before?: number | undefined;
  readonly limit: number;
};

/** Newest first. `next`: the `before` of the next page; null: this is the last one. */
export async function readDeliveries(
  { store }: Pick<World, 'store'>,
  { account, endpoints }: WebhookCaller,
  page: DeliveryPage,
): Outcome<{ readonly deliveries: readonly Delivery[]; readonly next: number | null }> {
  const permitted = decideAccess(account, 'read-webhooks', null);
  if (!permitted.ok) return permitted;
  const known = knownEndpoint(endpoints, page.endpoint);
  if (!known.ok) return known;
  const found = await store.read((reads) => reads.deliveries({ ...page, limit: page.limit + 1 }));
  if (!found.ok) return found;
  const deliveries = found.value.slice(0, page.limit);
  const last = deliveries.at(-1);
  return ok({ deliveries, next: found.value.length > page.limit && last !== undefined ? last.event : null });
}

export async function readDelivery(
  { store }: Pick<World, 'store'>,
  { account, endpoints }: WebhookCaller,
  key: DeliveryKey,
): Outcome<Delivery> {
  const permitted = decideAccess(account, 'read-webhooks', null);
  if (!permitted.ok) return permitted;
  const known = knownEndpoint(endpoints, key.endpoint);
  if (!known.ok) return known;
  const found = await store.read((reads) => reads.delivery(key));
  if (!found.ok) return found;
  return found.value === null ? err(notFound('no-delivery', { id: key.event })) : ok(found.value);
}

export function knownEndpoint(
  endpoints: readonly WebhookEndpoint[],
  name: string,
): Result<WebhookEndpoint, OperationFailure> {
  const found = endpoints.find((one) => one.name === name);
  return found === undefined ? err(notFound('no-webhook', { name })) : ok(found);
}
