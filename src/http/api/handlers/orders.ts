import { HOUR_MS, SECOND_MS } from '../../../kernel/duration.js';
import type { Json } from '../../../kernel/json.js';
import { err, ok, type Result } from '../../../kernel/result.js';
import { notFound } from '../../../operations/failures.js';
import { controlOrder, type OrderControl } from '../../../operations/orders/control.js';
import { listOrders, readOrder, readOrderLine, type ShownOrder } from '../../../operations/orders/read.js';
import { listOrderProblems } from '../../../operations/orders/read-lines.js';
import { receiveOrder } from '../../../operations/orders/receive.js';
import type { OrderState } from '../../../ports/store/orders.js';
import { violation } from '../../../texts/text.js';
import type { Handler, StreamHandler } from '../handler.js';
import { renderOrder } from '../render-orders.js';
import { pageLimit } from './certificates.js';

/** How long an upload may pause, and how long it may last. */
const IDLE_MS = 60 * SECOND_MS;
const TOTAL_MS = 4 * HOUR_MS;

export const postOrder: StreamHandler = async (context, request) => {
  const { world, startOrders } = context;
  const { account, query, idempotencyKey, contentSha256, openBody } = request;
  const { uploadBytesMax } = world.policy.environment.orders;
  const received = await receiveOrder(world, {
    account,
    idempotencyKey,
    contentSha256,
    dryRun: query.dryRun === 'true',
    isPaused: query.paused === 'true',
    reference: query.reference ?? null,
    bureauId: query.bureau ?? null,
    read: openBody({ bytesMax: uploadBytesMax, idleMs: IDLE_MS, totalMs: TOTAL_MS }),
  });
  if (!received.ok) return received;
  startOrders();
  return renderResult(await readOrder(world, account, received.value.id));
};

/** The form of the ids that the service makes. A cursor is such an id. */
const ORDER_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export const getOrders: Handler = async ({ world }, { account, query }) => {
  const { state, limit, cursor = null } = query;
  if (cursor !== null && !ORDER_ID.test(cursor))
    return err({ kind: 'invalid-request', ...violation('?/cursor', 'cursor-known') });
  const filter = { state: state as OrderState | undefined, limit: pageLimit(limit), before: cursor };
  const page = await listOrders(world, account, filter);
  return page.ok ? ok({ orders: page.value.orders.map(renderOrder), nextCursor: page.value.next }) : page;
};

export const getOrder: Handler = async ({ world }, { account, params }) =>
  renderResult(await readOrder(world, account, params.id ?? ''));

export const getOrderLine: Handler = async ({ world }, { account, params }) => {
  const { id = '', line: given = '' } = params;
  const line = /^[1-9]\d{0,6}$/.test(given) ? Number(given) : null;
  if (line === null) return err(notFound('no-outcome', { id, line: given }));
  const found = await readOrderLine(world, account, { id, line });
  return found.ok ? ok(JSON.parse(found.value.result) as Json) : found;
};

export const getOrderProblems: Handler = async ({ world }, { account, params }) => {
  const found = await listOrderProblems(world, account, params.id ?? '');
  if (!found.ok) return found;
  const problems = found.value.map(({ problem: { code, rule, lines, firstLine } }) => ({
    code,
    rule: rule === '' ? null : rule,
    lines,
    firstLine,
  }));
  return ok({ problems });
};

const control =
  (kind: OrderControl): Handler =>
  async ({ world, startOrders }, { account, params }) => {
    const changed = await controlOrder(world, account, { id: params.id ?? '', control: kind });
    if (!changed.ok) return changed;
    startOrders();
    return renderResult(await readOrder(world, account, changed.value.id));
  };

export const postOrderPause = control('pause');
export const postOrderResumption = control('resume');
export const postOrderCancellation = control('cancel');

function renderResult<Failure>(shown: Result<ShownOrder, Failure>): Result<Json, Failure> {
  return shown.ok ? ok(renderOrder(shown.value)) : shown;
}
