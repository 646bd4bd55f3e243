/** What officers do with webhooks: send a test event, send a delivery again, drop a dead one. */
import { decideAccess } from '../../access/decide.js';
import { accountActor } from '../../audit/actors.js';
import { recordIdFrom } from '../../issuance/intent.js';
import { present } from '../../kernel/assert.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { sentAgain } from '../../orders/webhooks.js';
import type { ClaimRequest } from '../../ports/store/idempotency.js';
import type { Delivery, DeliveryKey } from '../../ports/store/outbox/deliveries.js';
import type { Transaction } from '../../ports/store.js';
import { fault } from '../../texts/text.js';
import { claimOnce } from '../claim-once.js';
import { notFound, type OperationFailure } from '../failures.js';
import type { World } from '../world.js';
import { knownEndpoint, type WebhookCaller } from './read-webhooks.js';

type Outcome = Promise<Result<Delivery, OperationFailure>>;
type OperatingWorld = Pick<World, 'store' | 'random'>;

/**
 * Publishes a test event and gives it to this endpoint alone, whatever topics it wants. Its subject
 * is its own, so that it waits for no other event.
 */
export async function testWebhook(
  { store, random }: OperatingWorld,
  caller: WebhookCaller,
  { endpoint, idempotency = null }: { readonly endpoint: string; readonly idempotency?: ClaimRequest | null },
): Outcome {
  const permitted = checkOperator(caller, endpoint);
  if (!permitted.ok) return permitted;
  const find = async (tx: Transaction, id: string) => {
    const delivery = await tx.delivery({ endpoint, event: Number(id) });
    return delivery === null ? null : { id, delivery };
  };
  const tested = await store.transaction(async (tx): Outcome => {
    const { now: at } = await tx.databaseClock();
    const store = async () => {
      const subject = recordIdFrom(at, random(10));
      const { id: account } = caller.account;
      const published = await tx.publish([{ topic: 'webhook.test', subject, account, at, data: { endpoint } }]);
      const event = present(published[0], 'the number of a test event');
      await tx.insertDeliveries([{ endpoint, event, subject, nextAt: at }]);
      return ok(present(await find(tx, String(event)), 'the delivery of a test event'));
    };
    // A delivery is deleted 30 days after its end, and a claim 30 days after its beginning.
    const claimed = await claimOnce(tx, {
      idempotency,
      now: at,
      store,
      find: (id) => find(tx, id),
      mayBeDeleted: true,
    });
    return claimed.ok ? ok(claimed.value.delivery) : claimed;
  });
  return tested.ok ? tested.value : tested;
}

/** Sends a delivery again, in the order of its subject. */
export async function replayDelivery(
  { store }: Pick<World, 'store'>,
  caller: WebhookCaller,
  key: DeliveryKey,
): Outcome {
  return operate({ store }, { caller, key }, async (tx, delivery) => {
    if (delivery.state === 'waiting') return err({ kind: 'state-conflict', ...fault('delivery-tried') });
    const { now: at } = await tx.databaseClock();
    const progress = sentAgain(at);
    await tx.updateDeliveries([{ delivery: key, progress }]);
    await tx.appendAudit([{ at, type: 'webhook.replayed', ...entryOf(caller, delivery) }]);
    return ok({ ...delivery, ...progress });
  });
}

/** Gives up a dead delivery, so that later events of its subject are sent. */
export async function dropDelivery({ store }: Pick<World, 'store'>, caller: WebhookCaller, key: DeliveryKey): Outcome {
  return operate({ store }, { caller, key }, async (tx, delivery) => {
    const { state } = delivery;
    if (state !== 'dead') return err({ kind: 'state-conflict', ...fault('delivery-dead', { state }) });
    const { now: at } = await tx.databaseClock();
    const dropped = { ...delivery, state: 'dropped', doneAt: at } as const;
    await tx.updateDeliveries([{ delivery: key, progress: dropped }]);
    await tx.appendAudit([{ at, type: 'webhook.dropped', ...entryOf(caller, delivery) }]);
    return ok(dropped);
  });
}

type DeliveryOfCaller = { readonly caller: WebhookCaller; readonly key: DeliveryKey };

async function operate(
  { store }: Pick<World, 'store'>,
  { caller, key }: DeliveryOfCaller,
  change: (tx: Transaction, delivery: Delivery) => Outcome,
): Outcome {
  const permitted = checkOperator(caller, key.endpoint);
  if (!permitted.ok) return permitted;
  const done = await store.transaction(async (tx): Outcome => {
    const delivery = await tx.delivery(key);
    if (delivery === null) return err(notFound('no-delivery', { id: key.event }));
    return change(tx, delivery);
  });
  return done.ok ? done.value : done;
}

function checkOperator({ account, endpoints }: WebhookCaller, name: string): Result<unknown, OperationFailure> {
  const permitted = decideAccess(account, 'operate-webhooks', null);
  return permitted.ok ? knownEndpoint(endpoints, name) : permitted;
}

function entryOf({ account }: WebhookCaller, { endpoint, eventId, topic, subject }: Delivery) {
  return { actor: accountActor(account.id), details: { id: eventId, endpoint, topic, subject } };
}
