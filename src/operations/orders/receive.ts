/**
 * Receives the upload of an order. Its parts are stored as they come, each in a transaction of its
 * own, and nothing is worked on before the last one is stored and the digest agrees. An upload that
 * cannot be completed is discarded: by this function or, where that fails or the process dies, by a
 * job (`src/jobs/orders/uploads.ts`).
 */
import { accountFault } from '../../access/account.js';
import { decideAccess, notPermitted } from '../../access/decide.js';
import { accountActor } from '../../audit/actors.js';
import { recordIdFrom } from '../../issuance/intent.js';
import { present } from '../../kernel/assert.js';
import { type Bytes, toHex } from '../../kernel/bytes.js';
import type { Instant } from '../../kernel/clock.js';
import { createSha256 } from '../../kernel/digest.js';
import { MINUTE_MS } from '../../kernel/duration.js';
import { LIMITS } from '../../kernel/limits.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { decideOrder } from '../../lifecycle/order-states.js';
import { type CollectedPart, collectParts, digestFault, type ReadOctets } from '../../orders/upload.js';
import { orderEvent } from '../../orders/webhooks.js';
import type { Account } from '../../ports/store/accounts.js';
import { ORDER_OUTCOMES, type Order, type OrderChanges, type OrderCounts } from '../../ports/store/orders.js';
import type { Transaction } from '../../ports/store.js';
import { text, violation } from '../../texts/text.js';
import type { OperationFailure } from '../failures.js';
import type { World } from '../world.js';
import { discardUpload } from './discard.js';
import { orderDetails } from './order-details.js';

type OrderUpload<Failure> = {
  readonly account: Account;
  /** null: the same upload sent twice is two orders. */
  readonly idempotencyKey: string | null;
  /** SHA-256 hex of the upload, as the client states it; null: it does not. */
  readonly contentSha256: string | null;
  readonly dryRun: boolean;
  /** Whether the order waits for its resumption when it is accepted. */
  readonly isPaused: boolean;
  readonly reference: string | null;
  readonly bureauId: string | null;
  readonly read: ReadOctets<Failure>;
};

type Outcome<Value, Failure = never> = Promise<Result<Value, OperationFailure | Failure>>;

/** When a client that has too much under way may try again. */
const QUOTA_RETRY_MS = MINUTE_MS;

/**
 * Returns the accepted order; where the idempotency key is known, the first order, if it is the
 * same upload.
 */
export async function receiveOrder<Failure>(world: World, upload: OrderUpload<Failure>): Outcome<Order, Failure> {
  const id = recordIdFrom(world.clock(), world.random(10));
  world.underWay.add(id);
  try {
    const begun = await begin(world, upload, id);
    if (!begun.ok) return begun;
    const { order, isNew } = begun.value;
    if (!isNew) return await answerAgain(world, upload, order);
    const accepted = await receive(world, upload, order);
    if (!accepted.ok) await discardUpload(world, id);
    return accepted;
  } finally {
    world.underWay.delete(id);
  }
}

type BegunOrder = { readonly order: Order; readonly isNew: boolean };

async function begin(world: World, upload: Omit<OrderUpload<unknown>, 'read'>, id: string): Outcome<BegunOrder> {
  const outcome = await world.store.transaction(async (tx): Outcome<BegunOrder> => {
    const { account, idempotencyKey, bureauId } = upload;
    const earlier = idempotencyKey === null ? null : await tx.orderByKey(account.id, idempotencyKey);
    if (earlier !== null) {
      const fault = repetitionFault(earlier, upload);
      return fault === null ? ok({ order: earlier, isNew: false }) : err(fault);
    }
    const fault = (await bureauFault(tx, bureauId)) ?? (await quotaFault(world, tx, { account, uploads: 1, lines: 1 }));
    if (fault !== null) return err(fault);
    const { now } = await tx.databaseClock();
    const order = newOrder(world, upload, { id, now });
    await tx.insertOrder(order);
    return ok({ order, isNew: true });
  });
  return outcome.ok ? outcome.value : outcome;
}

/** Why a request with a known key is not the same one again; null: it may be. */
function repetitionFault(
  earlier: Order,
  { contentSha256, dryRun, reference, bureauId }: Omit<OrderUpload<unknown>, 'read'>,
): OperationFailure | null {
  if (earlier.state === 'receiving') return { kind: 'in-progress', retryAfterMs: LIMITS.inProgressRetryMs };
  const isSame = earlier.dryRun === dryRun && earlier.reference === reference && earlier.bureauId === bureauId;
  const hasSameBody = contentSha256 === null || contentSha256 === earlier.requestSha256;
  return isSame && hasSameBody ? null : { kind: 'idempotency-mismatch' };
}

/** A client that does not state the digest has to send the upload again, which is not stored. */
async function answerAgain<Failure>(
  { store }: World,
  { contentSha256, read }: OrderUpload<Failure>,
  earlier: Order,
): Outcome<Order, Failure> {
  if (contentSha256 !== null) return ok(earlier);
  const digest = createSha256();
  for (;;) {
    const octets = await read();
    if (!octets.ok) return octets;
    if (octets.value === null) break;
    digest.update(octets.value);
  }
  if (toHex(digest.digest()) !== earlier.requestSha256) return err({ kind: 'idempotency-mismatch' });
  const now = await store.read((reads) => reads.order(earlier.id));
  return now.ok ? ok(present(now.value, 'an order that is never deleted')) : now;
}

async function bureauFault(
  tx: Pick<Transaction, 'accounts'>,
  bureauId: string | null,
): Promise<OperationFailure | null> {
  if (bureauId === null) return null;
  const accounts = await tx.accounts();
  const bureau = accounts.find(({ id }) => id === bureauId);
  const isBureau = bureau !== undefined && !bureau.disabled && bureau.roles.includes('card-bureau');
  return isBureau ? null : { kind: 'invalid-request', ...violation('?/bureau', 'bureau-known') };
}

/** Why the account may not have so many more uploads and open lines; null: it may. */
async function quotaFault(
  { policy }: World,
  tx: Pick<Transaction, 'orderUse'>,
  { account, uploads, lines }: { readonly account: Account; readonly uploads: number; readonly lines: number },
): Promise<OperationFailure | null> {
  const { uploadsAtOnceMax, liveOrdersMax, openLinesMax } = policy.environment.orders;
  const use = await tx.orderUse(account.id);
  const refuse = (message: ReturnType<typeof text>): OperationFailure => ({
    kind: 'quota-exceeded',
    retryAfterMs: QUOTA_RETRY_MS,
    message,
  });
  if (use.uploads + uploads > uploadsAtOnceMax) return refuse(text('uploads-at-once', { max: uploadsAtOnceMax }));
  if (use.orders + uploads > liveOrdersMax) return refuse(text('live-orders', { max: liveOrdersMax }));
  if (use.openLines + lines > openLinesMax)
    return refuse(text('open-lines', { open: use.openLines, max: openLinesMax }));
  return null;
}

function newOrder(
  { run, requestId }: World,
  { account, idempotencyKey, dryRun, reference, bureauId }: Omit<OrderUpload<unknown>, 'read'>,
  { id, now }: { readonly id: string; readonly now: Instant },
): Order {
  return {
    id,
    accountId: account.id,
    bureauId,
    idempotencyKey,
    reference,
    dryRun,
    state: 'receiving',
    stateAt: now,
    pausedBy: null,
    receivingRun: run,
    receivedAt: now,
    acceptedAt: null,
    finishedAt: null,
    deadlineAt: null,
    octets: 0,
    lines: 0,
    requestSha256: null,
    nextLine: 1,
    counts: Object.fromEntries(ORDER_OUTCOMES.map((outcome) => [outcome, 0])) as OrderCounts,
    resultsSha256: null,
    bundleSha256: null,
    receipt: null,
    receiptSignature: null,
    requestId: requestId ?? null,
    version: 1,
  };
}

async function receive<Failure>(world: World, upload: OrderUpload<Failure>, begun: Order): Outcome<Order, Failure> {
  const digest = createSha256();
  const read: ReadOctets<Failure> = async () => {
    const octets = await upload.read();
    if (octets.ok && octets.value !== null) digest.update(octets.value);
    return octets;
  };
  let order = begun;
  let part = 0;
  for await (const collected of collectParts(read)) {
    if (!collected.ok) return collected;
    part += 1;
    const stored = await storePart(world, upload.account, { order, part, collected: collected.value });
    if (!stored.ok) return stored;
    order = stored.value;
  }
  if (order.lines === 0) return err({ kind: 'invalid-request', ...violation('', 'order-empty') });
  return accept(world, upload, { order, sha256: digest.digest() });
}

type NextPart = { readonly order: Order; readonly part: number; readonly collected: CollectedPart };

async function storePart(world: World, account: Account, { order, part, collected }: NextPart): Outcome<Order> {
  const { linesMax } = world.policy.environment.orders;
  const lastLine = order.lines + collected.lines;
  if (lastLine > linesMax) return err({ kind: 'too-many-lines', linesMax });
  const outcome = await world.store.transaction(async (tx): Outcome<Order> => {
    const fault = await quotaFault(world, tx, { account, uploads: 0, lines: collected.lines });
    if (fault !== null) return err(fault);
    const changed = await change(tx, order, { lines: lastLine, octets: collected.octetsRead });
    if (!changed.ok) return changed;
    const { records } = collected;
    await tx.insertPart({ orderId: order.id, part, firstLine: order.lines + 1, lastLine, records });
    return changed;
  });
  return outcome.ok ? outcome.value : outcome;
}

async function accept(
  world: World,
  { account, contentSha256, isPaused }: Omit<OrderUpload<unknown>, 'read'>,
  { order, sha256 }: { readonly order: Order; readonly sha256: Bytes },
): Outcome<Order> {
  const requestSha256 = toHex(sha256);
  const differs = digestFault(contentSha256, sha256);
  if (differs !== null) return err({ kind: 'invalid-request', ...differs });
  const outcome = await world.store.transaction(async (tx): Outcome<Order> => {
    // An upload takes up to hours, and its account may have been disabled or have ended meanwhile.
    const found = (await tx.accounts()).find(({ id }) => id === account.id);
    const author = present(found, 'the account of an order');
    const ended = accountFault(author, world.clock());
    const permitted = ended === null ? decideAccess(author, 'submit-order', null) : notPermitted(ended);
    if (!permitted.ok) return permitted;
    const state = decideOrder(order.state, isPaused ? 'accept-paused' : 'accept');
    if (!state.ok) return state;
    const { now } = await tx.databaseClock();
    const changed = await change(tx, order, {
      state: state.value,
      stateAt: now,
      pausedBy: isPaused ? account.id : null,
      acceptedAt: now,
      deadlineAt: now + world.policy.environment.orders.deadlineMs,
      requestSha256,
    });
    if (!changed.ok) return changed;
    const details = { ...orderDetails(changed.value), bureau: order.bureauId };
    await tx.appendAudit([{ at: world.clock(), type: 'order.accepted', actor: accountActor(account.id), details }]);
    await tx.publish([orderEvent('order.accepted', changed.value, now)]);
    return changed;
  });
  return outcome.ok ? outcome.value : outcome;
}

/** Fails if another process has discarded the upload, because it took this one for dead. */
async function change(tx: Transaction, order: Order, changes: OrderChanges): Outcome<Order> {
  if (await tx.changeOrder(order.id, order.version, changes))
    return ok({ ...order, ...changes, version: order.version + 1 });
  const detail = 'the upload was discarded by another process, which had ended this run';
  return err({ kind: 'database-unavailable', retryAfterMs: LIMITS.inProgressRetryMs, detail });
}
