/** What an order leaves: its end with hashes and receipt, its files, and acknowledgements. */
import { createPublicKey } from 'node:crypto';
import { endOrdersJob } from '../../../../src/jobs/orders/order-end.js';
import { present } from '../../../../src/kernel/assert.js';
import { canonicalJson } from '../../../../src/kernel/json.js';
import { ok, type Result } from '../../../../src/kernel/result.js';
import {
  acknowledgeCards,
  orderToAcknowledge,
  readAcknowledgements,
  recordAcknowledgements,
} from '../../../../src/operations/orders/acknowledge-cards.js';
import { finishOrder } from '../../../../src/operations/orders/finish-order.js';
import type { Pages } from '../../../../src/operations/orders/line-pages.js';
import { readBundle, readReceipt, readResults } from '../../../../src/operations/orders/read-files.js';
import { signReceipt } from '../../../../src/operations/orders/sign-receipt.js';
import { platformKeyOf } from '../../../../src/orders/receipt.js';
import { NOW } from '../../../support/db/records.js';
import { stillWorldOf, workDue } from '../../../support/job-run.js';
import { workingOrder } from '../../../support/orders/settled-order.js';
import { accept, idOf, type Service } from '../service.js';
import { CARD_MANAGEMENT } from '../stage.js';
import type { Answer, Scenario } from './all.js';

const ORDER = workingOrder(7, { accountId: CARD_MANAGEMENT.id, lines: 1 });
const ALL = { id: ORDER.id, from: 1, withCertificates: false };

const answerOf = (result: Result<unknown, { readonly kind: string }>): Answer => (result.ok ? ok([]) : result);

const mayGoOn = { mustEnd: () => false };

export function platformKeyOfStage({ stage }: Service) {
  const spki = createPublicKey(stage.platformKey).export({ type: 'spki', format: 'der' });
  return present(platformKeyOf(new Uint8Array(spki)), 'a key on P-256');
}

/** The only line is a duplicate of the card of the stage. */
async function settled(service: Service): Promise<void> {
  const { bare } = service;
  const record = present(
    accept(await bare.store.read((reads) => reads.certificateById(idOf(service, 'card')))),
    'the card of the stage',
  );
  const { id, issuer, profile, cardTokenId } = record;
  const certificates = [{ id, issuer, profile, sha256: 'a'.repeat(64) }];
  const result = canonicalJson({ card: cardTokenId, line: 1, outcome: 'duplicate', certificates });
  accept(
    await bare.store.transaction(async (tx) => {
      await tx.insertAccount(CARD_MANAGEMENT);
      await tx.insertOrder(ORDER);
      await tx.insertOrderLines([
        { orderId: ORDER.id, line: 1, outcome: 'duplicate', cardTokenId, result, settledAt: NOW },
      ]);
    }),
  );
}

async function ended(service: Service): Promise<void> {
  await settled(service);
  const { bare } = service;
  accept(await finishOrder({ ...bare, ...mayGoOn }, ORDER.id));
  accept(await signReceipt({ ...bare, platformKey: platformKeyOfStage(service) }, ORDER.id));
}

/** Reads to the end, as a client does. */
async function drained<Item>(pages: Result<Pages<Item>, { readonly kind: string }>): Promise<Answer> {
  if (!pages.ok) return pages;
  for await (const page of pages.value) if (!page.ok) return page;
  return ok([]);
}

async function reportOf(service: Service) {
  const [line] = accept(await service.bare.store.read((reads) => reads.orderLines(ORDER.id, [1])));
  const card = present(line?.cardTokenId, 'a card');
  return { line: 1, card, outcome: 'scrapped', onCard: [], at: NOW } as const;
}

export const ORDER_FILES: readonly Scenario[] = [
  {
    name: 'end an order, and have its receipt signed',
    operation: finishOrder,
    before: settled,
    run: async (service) => {
      const parts = { ...service.world, platformKey: platformKeyOfStage(service) };
      await workDue(endOrdersJob, parts, stillWorldOf(service.world.store));
      return ok([]);
    },
  },
  {
    name: 'have the receipt of an order signed',
    operation: signReceipt,
    before: async (service) => {
      await settled(service);
      accept(await finishOrder({ ...service.bare, ...mayGoOn }, ORDER.id));
    },
    run: async (service) =>
      answerOf(await signReceipt({ ...service.world, platformKey: platformKeyOfStage(service) }, ORDER.id)),
  },
  {
    name: 'read the results of an order',
    operation: readResults,
    before: ended,
    run: async ({ world }) => drained(await readResults(world, CARD_MANAGEMENT, ALL)),
  },
  {
    name: 'read the results of an order with certificates',
    operation: readResults,
    before: ended,
    run: async ({ world }) => drained(await readResults(world, CARD_MANAGEMENT, { ...ALL, withCertificates: true })),
  },
  {
    name: 'read the bundle of an order',
    operation: readBundle,
    before: ended,
    run: async ({ world }) => drained(await readBundle(world, CARD_MANAGEMENT, ORDER.id)),
  },
  {
    name: 'read the receipt of an order',
    operation: readReceipt,
    before: ended,
    run: async ({ world }) => answerOf(await readReceipt(world, CARD_MANAGEMENT, ORDER.id)),
  },
  {
    name: 'open the acknowledgements of an order',
    operation: orderToAcknowledge,
    before: settled,
    run: async ({ world }) => answerOf(await orderToAcknowledge(world, CARD_MANAGEMENT, ORDER.id)),
  },
  {
    name: 'acknowledge a scrapped card',
    operation: acknowledgeCards,
    before: settled,
    run: async (service) => {
      const reports = [await reportOf(service)];
      return answerOf(await acknowledgeCards(service.world, { account: CARD_MANAGEMENT, order: ORDER, reports }));
    },
  },
  {
    name: 'acknowledge a card with other certificates',
    operation: acknowledgeCards,
    before: settled,
    run: async (service) => {
      const reports = [{ ...(await reportOf(service)), outcome: 'written' } as const];
      return answerOf(await acknowledgeCards(service.world, { account: CARD_MANAGEMENT, order: ORDER, reports }));
    },
  },
  {
    name: 'record an upload of acknowledgements',
    operation: recordAcknowledgements,
    before: settled,
    run: async ({ world }) =>
      answerOf(
        await recordAcknowledgements(world, { account: CARD_MANAGEMENT, order: ORDER, results: { accepted: 1 } }),
      ),
  },
  {
    name: 'read acknowledgements',
    operation: readAcknowledgements,
    before: settled,
    run: async ({ world }) => drained(await readAcknowledgements(world, CARD_MANAGEMENT, ORDER.id)),
  },
];
