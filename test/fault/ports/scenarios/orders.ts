/** Orders: their uploads, their control, and what is removed after their end. */
import { JobFailed } from '../../../../src/jobs/job.js';
import { discardUploadsJob } from '../../../../src/jobs/orders/uploads.js';
import { utf8 } from '../../../../src/kernel/bytes.js';
import { sha256Hex } from '../../../../src/kernel/digest.js';
import { err, ok, type Result } from '../../../../src/kernel/result.js';
import { changeAccount } from '../../../../src/operations/accounts/change-account.js';
import { controlOrder, type OrderControl } from '../../../../src/operations/orders/control.js';
import { discardUpload } from '../../../../src/operations/orders/discard.js';
import { listOrders, readOrder, readOrderLine } from '../../../../src/operations/orders/read.js';
import { listOrderLines, listOrderProblems } from '../../../../src/operations/orders/read-lines.js';
import { receiveOrder } from '../../../../src/operations/orders/receive.js';
import { removeOldParts } from '../../../../src/operations/orders/remove-parts.js';
import { runOf } from '../../../support/job-run.js';
import { orderRecord } from '../../../support/orders/records.js';
import { accept, type Service } from '../service.js';
import { CARD_MANAGEMENT } from '../stage.js';
import type { Answer, Scenario } from './all.js';

const UPLOAD = utf8('{"a":1}\n{"b":2}\n');
const BUREAU = { ...CARD_MANAGEMENT, id: 'bureau', roles: ['card-bureau'] };

const answerOf = (result: Result<unknown, { readonly kind: string }>): Answer => (result.ok ? ok([]) : result);

function uploadOf(contentSha256: string | null) {
  const left = [UPLOAD.subarray(0, 9), UPLOAD.subarray(9)];
  return {
    account: CARD_MANAGEMENT,
    idempotencyKey: 'night',
    contentSha256,
    dryRun: false,
    isPaused: false,
    reference: null,
    bureauId: BUREAU.id,
    read: async () => ok(left.shift() ?? null),
  };
}

async function addAccounts({ bare }: Service): Promise<void> {
  const known = accept(await bare.store.read((reads) => reads.accounts())).map(({ id }) => id);
  for (const account of [CARD_MANAGEMENT, BUREAU].filter(({ id }) => !known.includes(id)))
    accept(await bare.store.transaction((tx) => tx.insertAccount(account)));
}

async function received(service: Service): Promise<string> {
  await addAccounts(service);
  return accept(await receiveOrder(service.bare, uploadOf(sha256Hex(UPLOAD)))).id;
}

const receive =
  (contentSha256: string | null) =>
  async ({ world }: Service): Promise<Answer> =>
    answerOf(await receiveOrder(world, uploadOf(contentSha256)));

/** The id of the only order. */
async function idOf({ bare }: Service): Promise<string> {
  const page = { accountId: null, limit: 1, before: null };
  return accept(await bare.store.read((reads) => reads.ordersPage(page)))[0]?.id ?? '';
}

const control = (kind: OrderControl, before: (service: Service) => Promise<unknown> = received): Scenario => ({
  name: `${kind} an order`,
  operation: controlOrder,
  before,
  run: async (service) =>
    answerOf(await controlOrder(service.world, CARD_MANAGEMENT, { id: await idOf(service), control: kind })),
  // After a restart it was worked off.
  orTold: ['order-ended'],
});

async function paused(service: Service): Promise<void> {
  accept(await controlOrder(service.bare, CARD_MANAGEMENT, { id: await received(service), control: 'pause' }));
}

/** An upload that nobody receives any more. */
async function left({ bare }: Service): Promise<void> {
  const order = orderRecord(1, { receivingRun: bare.run });
  const part = { orderId: order.id, part: 1, firstLine: 1, lastLine: 1, records: UPLOAD };
  accept(
    await bare.store.transaction(async (tx) => {
      await tx.insertOrder(order);
      await tx.insertPart(part);
    }),
  );
}

const discardLeft = async ({ world }: Service): Promise<Answer> => {
  try {
    await runOf(discardUploadsJob, world)();
    return ok([]);
  } catch (error) {
    // The runner runs a job that has failed again.
    if (error instanceof JobFailed) return err({ kind: 'job-failed' });
    throw error;
  }
};

export const ORDERS: readonly Scenario[] = [
  {
    name: 'receive an order',
    operation: receiveOrder,
    before: addAccounts,
    run: receive(sha256Hex(UPLOAD)),
    // Its job has discarded what a dead process has left.
    again: async (service) => {
      await discardLeft(service);
      return receive(sha256Hex(UPLOAD))(service);
    },
  },
  {
    name: 'receive an order again, without a digest',
    operation: receiveOrder,
    before: received,
    run: receive(null),
  },
  {
    name: 'receive an order with another digest',
    operation: receiveOrder,
    before: addAccounts,
    run: receive('0'.repeat(64)),
    again: async (service) => {
      await discardLeft(service);
      return receive('0'.repeat(64))(service);
    },
    orTold: ['invalid-request'],
  },
  { name: 'discard an upload that nobody receives', operation: discardUpload, before: left, run: discardLeft },
  {
    name: 'remove the parts of a discarded upload',
    operation: removeOldParts,
    before: async (service) => {
      await left(service);
      await discardLeft({ ...service, world: service.bare });
    },
    run: async ({ world }) => answerOf(await removeOldParts(world)),
  },
  {
    name: 'read an order',
    operation: readOrder,
    before: received,
    run: async (service) => answerOf(await readOrder(service.world, CARD_MANAGEMENT, await idOf(service))),
  },
  {
    name: 'list the orders',
    operation: listOrders,
    before: received,
    run: async ({ world }) =>
      answerOf(await listOrders(world, CARD_MANAGEMENT, { state: undefined, limit: 10, before: null })),
  },
  {
    name: 'read the outcome of a line, which has none',
    operation: readOrderLine,
    before: received,
    run: async (service) =>
      answerOf(await readOrderLine(service.world, CARD_MANAGEMENT, { id: await idOf(service), line: 1 })),
    orTold: ['not-found'],
  },
  ...[true, false].map(
    (failed): Scenario => ({
      name: `list the ${failed ? 'failed lines' : 'lines'} of an order`,
      operation: listOrderLines,
      before: received,
      run: async (service) => {
        const query = { id: await idOf(service), after: 0, limit: 10, failed };
        return answerOf(await listOrderLines(service.world, CARD_MANAGEMENT, query));
      },
    }),
  ),
  {
    name: 'list the problems of an order',
    operation: listOrderProblems,
    before: received,
    run: async (service) => answerOf(await listOrderProblems(service.world, CARD_MANAGEMENT, await idOf(service))),
  },
  control('pause'),
  control('resume', paused),
  control('cancel'),
  {
    name: 'disable an account that has an order',
    operation: changeAccount,
    before: received,
    run: async ({ world }) =>
      answerOf(await changeAccount(world, { id: CARD_MANAGEMENT.id, change: 'disable' }, { login: 'root' })),
    orTold: ['nothing-to-change'],
  },
];
