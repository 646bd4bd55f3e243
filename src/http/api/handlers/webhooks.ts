import { formatInstant, instantOrNull } from '../../../kernel/clock.js';
import type { Json } from '../../../kernel/json.js';
import { ok, type Result } from '../../../kernel/result.js';
import type { OperationFailure } from '../../../operations/failures.js';
import { dropDelivery, replayDelivery, testWebhook } from '../../../operations/webhooks/operate-webhooks.js';
import {
  readDeliveries,
  readDelivery,
  readWebhooks,
  type WebhookState,
} from '../../../operations/webhooks/read-webhooks.js';
import type { Delivery, DeliveryKey, DeliveryState } from '../../../ports/store/outbox/deliveries.js';
import type { ApiContext, ApiRequest, Handler } from '../handler.js';
import { pageLimit } from './certificates.js';

export const listWebhooks: Handler = async ({ world, webhooks }, { account }) => {
  const found = await readWebhooks(world, { account, endpoints: webhooks.endpoints });
  return found.ok ? ok({ endpoints: found.value.map(renderWebhook) }) : found;
};

export const listDeliveries: Handler = async ({ world, webhooks }, { account, params, query }) => {
  const { state, limit, cursor } = query;
  const page = await readDeliveries(
    world,
    { account, endpoints: webhooks.endpoints },
    {
      endpoint: params.endpoint ?? '',
      // The schema has checked the state and the cursor.
      state: state as DeliveryState | undefined,
      before: cursor === undefined ? undefined : Number(cursor),
      limit: pageLimit(limit),
    },
  );
  if (!page.ok) return page;
  const { deliveries, next } = page.value;
  return ok({ deliveries: deliveries.map(renderDelivery), nextCursor: next === null ? null : String(next) });
};

export const getDelivery: Handler = async (context, request) => {
  const found = await readDelivery(context.world, callerOf(context, request), keyOf(request));
  return found.ok ? ok(renderDelivery(found.value)) : found;
};

export const postWebhookTest: Handler = async (context, { account, params, idempotency }) => {
  const caller = { account, endpoints: context.webhooks.endpoints };
  const { endpoint = '' } = params;
  return wakeAndRender(context, await testWebhook(context.world, caller, { endpoint, idempotency }));
};

export const postReplay: Handler = async (context, request) =>
  wakeAndRender(context, await replayDelivery(context.world, callerOf(context, request), keyOf(request)));

export const postDrop: Handler = async (context, request) =>
  wakeAndRender(context, await dropDelivery(context.world, callerOf(context, request), keyOf(request)));

function callerOf({ webhooks }: ApiContext, { account }: ApiRequest) {
  return { account, endpoints: webhooks.endpoints };
}

/**
 * Replaces an id that is not a number. No event has this number, so the delivery is not found
 * (404).
 */
const NO_EVENT = 0;

function keyOf({ params }: ApiRequest): DeliveryKey {
  const { endpoint = '', id = '' } = params;
  return { endpoint, event: /^[1-9]\d{0,14}$/.test(id) ? Number(id) : NO_EVENT };
}

/** Makes the worker send the deliveries of the endpoint now, and renders the delivery. */
function wakeAndRender(
  { webhooks }: ApiContext,
  done: Result<Delivery, OperationFailure>,
): Result<Json, OperationFailure> {
  if (!done.ok) return done;
  webhooks.wake(done.value.endpoint);
  return ok(renderDelivery(done.value));
}

function renderWebhook({ name, url, topics, accounts, waiting, dead, oldestAt }: WebhookState): Json {
  return { name, url, topics, accounts, waiting, dead, oldestWaitingAt: instantOrNull(oldestAt) };
}

function renderDelivery(delivery: Delivery): Json {
  const { event, eventId, topic, subject, account, createdAt } = delivery;
  const { state, attempts, nextAt, lastStatus, lastError, doneAt } = delivery;
  return {
    id: String(event),
    event: { id: eventId, type: topic, subject, account, at: formatInstant(createdAt) },
    state,
    attempts,
    nextAt: instantOrNull(nextAt),
    lastStatus,
    lastError,
    doneAt: instantOrNull(doneAt),
  };
}
