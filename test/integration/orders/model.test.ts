/**
 * Random histories of one account: uploads that end well or badly, repetitions, control, disabling,
 * and runs that die. After each step the orders are those of a model that was written from the
 * design. Without it, two guards that each work alone could still lose an order together.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { removeUploadPartsJob } from '../../../src/jobs/orders/old-parts.js';
import { discardUploadsJob } from '../../../src/jobs/orders/uploads.js';
import { utf8 } from '../../../src/kernel/bytes.js';
import { sha256Hex } from '../../../src/kernel/digest.js';
import { err, ok, type Result } from '../../../src/kernel/result.js';
import { changeAccount } from '../../../src/operations/accounts/change-account.js';
import { controlOrder } from '../../../src/operations/orders/control.js';
import { receiveOrder } from '../../../src/operations/orders/receive.js';
import type { World } from '../../../src/operations/world.js';
import { readRecords } from '../../../src/orders/upload.js';
import type { Account } from '../../../src/ports/store/accounts.js';
import type { OrderState } from '../../../src/ports/store/orders.js';
import { describeOnEach, unwrap } from '../../support/db/fixture.js';
import { NOW } from '../../support/db/records.js';
import { runOf as runId, withRun } from '../../support/db/runs.js';
import { runOf, sharedWorldOf, workDue } from '../../support/job-run.js';
import { CARDS, openIntake } from '../../support/orders/intake.js';

const HISTORIES = 12;
const BODIES = ['{"a":1}\n', '{"b":2}\n\nx'] as const;

type Upload = {
  readonly what: 'upload';
  readonly key: string;
  readonly body: (typeof BODIES)[number];
  /** `cut`: the client leaves. `dies`: its process does, and says nothing any more. */
  readonly end: 'whole' | 'cut' | 'dies';
  readonly isStated: boolean;
};
type Control = { readonly what: 'pause' | 'resume' | 'cancel'; readonly key: string };
type Step = Upload | Control | { readonly what: 'disable' | 'enable' };

const key = fc.constantFrom('k1', 'k2');
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      what: fc.constant('upload' as const),
      key,
      body: fc.constantFrom(...BODIES),
      end: fc.constantFrom('whole' as const, 'whole' as const, 'cut' as const, 'dies' as const),
      isStated: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ what: fc.constantFrom('pause' as const, 'resume' as const, 'cancel' as const), key }),
  },
  { weight: 1, arbitrary: fc.record({ what: fc.constantFrom('disable' as const, 'enable' as const) }) },
);

/** The live order of a key, as the design says that it is. */
type ExpectedOrder = { readonly body: string; readonly state: OrderState };
type Model = { readonly orders: Map<string, ExpectedOrder>; isDisabled: boolean };

/** Returns what the step answers: the state of its order, or the kind of failure. */
function expect(model: Model, one: Step): string {
  const { orders } = model;
  switch (one.what) {
    case 'disable':
      model.isDisabled = true;
      for (const [of, order] of orders) if (order.state === 'accepted') orders.set(of, { ...order, state: 'paused' });
      return 'ok';
    case 'enable':
      model.isDisabled = false;
      return 'ok';
    case 'upload': {
      const known = orders.get(one.key);
      if (known !== undefined && one.isStated) return known.body === one.body ? known.state : 'idempotency-mismatch';
      if (one.end !== 'whole') return one.end;
      if (known !== undefined) return known.body === one.body ? known.state : 'idempotency-mismatch';
      if (model.isDisabled) return 'not-permitted';
      orders.set(one.key, { body: one.body, state: 'accepted' });
      return 'accepted';
    }
    default: {
      const known = orders.get(one.key);
      if (known === undefined) return 'not-found';
      if (one.what === 'resume' && model.isDisabled) return 'state-conflict';
      if (known.state === 'cancelling' && one.what !== 'cancel') return 'state-conflict';
      const state = ({ pause: 'paused', resume: 'accepted', cancel: 'cancelling' } as const)[one.what];
      orders.set(one.key, { ...known, state });
      return state;
    }
  }
}

const OFFICER = {
  ...CARDS,
  id: 'any-officer',
  roles: ['officer'],
  scope: { profiles: ['*'], structures: ['*'], domains: ['*'], holders: ['*'] },
};

describeOnEach('any history of uploads', ({ opened }) => {
  it('leaves the orders that it accepted, whole, one under each key, and nothing of the others', async () => {
    const store = await opened();
    const intake = await openIntake(store);
    let runs = 1;
    let accounts = 0;
    let world = intake.world;

    const beginRun = async (): Promise<World> => {
      runs += 1;
      await withRun(store, { run: runId(runs) });
      return { ...intake.world, run: runId(runs), underWay: new Set() };
    };
    /** The process dies in the middle of an upload; another one begins. */
    const die = async (): Promise<void> => {
      unwrap(await store.transaction((tx) => tx.endRun(world.run, { at: NOW, reason: 'restarted' })));
      world = await beginRun();
      await runOf(discardUploadsJob, world)();
    };
    const upload = async (account: Account, one: Upload): Promise<string> => {
      const pieces = [utf8(one.body.slice(0, 3)), utf8(one.body.slice(3))];
      let hasDied: () => void = () => undefined;
      const death = new Promise<'dies'>((resolve) => {
        hasDied = () => resolve('dies');
      });
      const read = async (): Promise<Result<Uint8Array | null, { readonly kind: 'cut' }>> => {
        const next = pieces.shift();
        if (one.end === 'whole' || pieces.length > 0) return ok(next ?? null);
        if (one.end === 'cut') return err({ kind: 'cut' });
        hasDied();
        return new Promise(() => undefined);
      };
      const contentSha256 = one.isStated ? sha256Hex(one.body) : null;
      const settings = { dryRun: false, isPaused: false, reference: null, bureauId: null };
      const given = { account, idempotencyKey: one.key, contentSha256, ...settings, read };
      const answer = await Promise.race([receiveOrder(world, given), death]);
      if (answer !== 'dies') return answer.ok ? answer.value.state : answer.error.kind;
      await die();
      return 'dies';
    };

    world = await beginRun();
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
        accounts += 1;
        const account: Account = { ...CARDS, id: `account-${accounts}` };
        unwrap(await store.transaction((tx) => tx.insertAccount(account)));
        const model: Model = { orders: new Map(), isDisabled: false };
        const take = async (one: Step): Promise<string> => {
          if (one.what === 'upload') return upload(account, one);
          if (!('key' in one)) {
            await changeAccount(world, { id: account.id, change: one.what }, { login: 'root' });
            return 'ok';
          }
          const { what: control, key: of } = one;
          const order = unwrap(await store.read((reads) => reads.orderByKey(account.id, of)));
          const answer = await controlOrder(world, OFFICER, { id: order?.id ?? '-', control });
          return answer.ok ? answer.value.state : answer.error.kind;
        };
        for (const one of steps) assert.equal(await take(one), expect(model, one), JSON.stringify(one));

        await workDue(removeUploadPartsJob, {}, sharedWorldOf(store));
        const page = { accountId: account.id, limit: 1_000, before: null };
        const orders = unwrap(await store.read((reads) => reads.ordersPage(page)));
        for (const { id, state, lines } of orders) {
          const part = unwrap(await store.read((reads) => reads.orderPart(id, 1)));
          assert.equal(part === null, state === 'discarded');
          if (part !== null) assert.equal(readRecords(part.records).length, lines);
        }
        const live = orders.filter(({ state }) => state !== 'discarded');
        const found = live.map(({ idempotencyKey, state, requestSha256 }) => [idempotencyKey, state, requestSha256]);
        const expected = [...model.orders].map(([of, { state, body }]) => [of, state, sha256Hex(body)]);
        assert.deepEqual(found.sort(), expected.sort());
      }),
      { numRuns: HISTORIES },
    );
    await intake.close();
  });
});
