/** The work on orders: their lines, dry runs, and how they are stopped. */
import { processOrdersJob } from '../../../../src/jobs/orders/order.js';
import { present } from '../../../../src/kernel/assert.js';
import { ok } from '../../../../src/kernel/result.js';
import { foreseeIssuance } from '../../../../src/operations/issuance/issue.js';
import { settleRest } from '../../../../src/operations/orders/lines/settle-rest.js';
import { workOrder } from '../../../../src/operations/orders/lines/work-order.js';
import { revokeCard } from '../../../../src/operations/revocation/revoke-all.js';
import { NOW } from '../../../support/db/records.js';
import { STILL, stillWorldOf, workDue } from '../../../support/job-run.js';
import { changeState, type Submission, submit } from '../../../support/orders/order-bench.js';
import { orderOf, type ProfileId, tokenId } from '../../../support/service/orders.js';
import { accept, orderPartsOf, reportOf, type Service } from '../service.js';
import { CARD_MANAGEMENT, OFFICER } from '../stage.js';
import type { Answer, Scenario } from './all.js';

const BOTH: readonly ProfileId[] = ['fort/cps-authentication', 'fort/cps-signature'];
const AUTHENTICATION: readonly ProfileId[] = ['fort/cps-authentication'];
/** The card that the stage has issued, a new one, and another new one. */
const [STAGE_CARD, NEW_CARD, OTHER_CARD] = [0, 6, 9];

function lineOf({ stage }: Service, number: number, profiles = BOTH): object {
  const { profile: _one, ...card } = orderOf('fort/cps-authentication', number);
  const requests = profiles.map((profile, at) => ({ profile, csr: present(stage.csrs[number + at], 'a request') }));
  return { ...card, requests };
}

async function submitted(service: Service, lines: readonly (object | string)[], how: Submission = {}): Promise<string> {
  const { store } = service.bare;
  const accounts = accept(await store.read((reads) => reads.accounts()));
  if (!accounts.some(({ id }) => id === CARD_MANAGEMENT.id))
    accept(await store.transaction((tx) => tx.insertAccount(CARD_MANAGEMENT)));
  return submit({ store, time: { now: NOW } }, lines, how);
}

const mixed = (service: Service): readonly (object | string)[] => [
  lineOf(service, NEW_CARD),
  '{"holder":',
  lineOf(service, STAGE_CARD),
  lineOf(service, NEW_CARD, AUTHENTICATION),
  lineOf(service, OTHER_CARD, AUTHENTICATION),
];

/** The signer goes away while the order is worked on, and is back afterwards. */
async function leftOpen(service: Service): Promise<void> {
  await submitted(service, [lineOf(service, NEW_CARD)]);
  service.signer.away = true;
  await work({ ...service, world: service.bare });
  service.signer.away = false;
}

async function work({ world }: Service): Promise<Answer> {
  await workDue(processOrdersJob, { ...orderPartsOf(world), steadyMs: STILL.steadyMs }, stillWorldOf(world.store));
  return ok([]);
}

export const ORDER_WORK: readonly Scenario[] = [
  {
    name: 'work off an order',
    operation: workOrder,
    before: async (service) => void (await submitted(service, mixed(service))),
    run: work,
  },
  {
    name: 'work off an order as a dry run',
    operation: foreseeIssuance,
    before: async (service) => void (await submitted(service, mixed(service), { dryRun: true })),
    run: work,
  },
  {
    name: 'settle the lines of an order that was cancelled',
    operation: settleRest,
    before: async (service) => {
      const id = await submitted(service, mixed(service));
      await changeState({ store: service.bare.store, time: { now: NOW } }, id, { state: 'cancelling' });
    },
    run: work,
  },
  {
    name: 'work off an order, of which a card is revoked meanwhile',
    operation: workOrder,
    before: async (service) => {
      await submitted(service, [lineOf(service, NEW_CARD)]);
      const revocation = { account: OFFICER, reason: 'superseded', invalidityDate: null } as const;
      service.signer.meanwhile = async () => accept(await revokeCard(service.bare, tokenId(NEW_CARD), revocation));
    },
    run: work,
  },
  {
    name: 'oppose a card whose certificates an order has left open',
    operation: revokeCard,
    before: leftOpen,
    run: async ({ world }) => {
      const command = { account: OFFICER, reason: 'unspecified', invalidityDate: null } as const;
      const revoked = await revokeCard(world, tokenId(NEW_CARD), command);
      return revoked.ok ? ok(revoked.value.map(reportOf)) : revoked;
    },
  },
];
