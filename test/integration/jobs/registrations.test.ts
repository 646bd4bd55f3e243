/**
 * The job that ends and erases registrations. Without it the names of people who never came would
 * be kept for ever.
 */
import assert from 'node:assert/strict';
import { endRegistrationsJob } from '../../../src/jobs/registrations.js';
import { renewSecret } from '../../../src/operations/enrolment/renew-secret.js';
import type { Registration } from '../../../src/ports/store/enrolment/registrations.js';
import type { Store } from '../../../src/ports/store.js';
import { describeOnEach, unwrap } from '../../support/db/fixture.js';
import { DAY_MS, NOW } from '../../support/db/records.js';
import { storedAudit } from '../../support/db/stored-audit.js';
import { KEYS, registration } from '../../support/enrolment/registrations.js';
import { sharedWorldOf, workDue } from '../../support/job-run.js';
import { CARD_MANAGEMENT } from '../../support/orders/order-bench.js';

/** More than one transaction ends. */
const LATE = 150;
const ERASED = { holder: null, card: null, identity: null, holderId: null, domains: [] } as const;

describeOnEach('the job of registrations', ({ opened }) => {
  const time = { now: NOW };
  let store: Store;
  beforeEach(async () => {
    time.now = NOW;
    store = await opened({ clock: () => time.now });
  });

  async function insert(...registrations: readonly Registration[]): Promise<void> {
    unwrap(
      await store.transaction(async (tx) => {
        for (const one of registrations) await tx.insertRegistration(one);
      }),
    );
  }
  const stored = async ({ id }: Registration): Promise<Registration> =>
    unwrap(await store.read((reads) => reads.registration(id))) ?? assert.fail(id);
  const work = () => workDue(endRegistrationsJob, { clock: () => time.now }, sharedWorldOf(store));
  const entries = async () =>
    (await storedAudit(store)).filter(({ type }) => type.startsWith('registration.')).map(({ type }) => type);

  it('writes that they have ended, and erases holder, card and evidence 30 days later', async () => {
    const [open, used, withdrawn] = [
      registration(1),
      registration(2, { state: 'used' }),
      registration(3, { state: 'withdrawn' }),
    ];
    await insert(open, used, withdrawn);
    time.now = NOW + 30 * DAY_MS - 1;
    assert.deepEqual(await work(), ['done']);
    assert.deepEqual(await stored(open), open);
    assert.deepEqual(await entries(), []);

    time.now = NOW + 30 * DAY_MS + 1;
    await work();
    const expired = { ...open, state: 'expired', stateAt: open.expiresAt };
    assert.deepEqual(await stored(open), expired, 'it is erased 30 days after its end');
    const erasedAt = time.now;
    for (const one of [used, withdrawn]) assert.deepEqual(await stored(one), { ...one, ...ERASED, erasedAt });
    assert.deepEqual(await entries(), ['registration.expired', 'registration.erased', 'registration.erased']);

    time.now = NOW + 60 * DAY_MS + 1;
    await work();
    assert.deepEqual(await stored(open), { ...expired, ...ERASED, erasedAt: time.now });
    await work();
    assert.equal((await entries()).length, 4, 'each once');
  });

  it('leaves no secret that could be renewed: the account is told that the registration is not open', async () => {
    const used = registration(1, { state: 'used' });
    await insert(used);
    const world = { store, clock: () => time.now, requestId: 'r', registrationKeys: KEYS };
    const renew = () => renewSecret(world, { account: CARD_MANAGEMENT, id: used.id });
    assert.equal(unwrap(await renew()).registration.secretGeneration, 2);
    time.now = NOW + 30 * DAY_MS + 1;
    await work();
    const renewed = await renew();
    assert.deepEqual(renewed.ok ? 'renewed' : 'rule' in renewed.error && renewed.error.rule, 'registration-open');
  });

  it(`ends ${LATE} at once`, async () => {
    const many = Array.from({ length: LATE }, (_, at) => registration(at + 1, { reference: referenceOf(at) }));
    await insert(...many);
    time.now = NOW + 31 * DAY_MS;
    assert.deepEqual(await work(), ['done']);
    const page = { state: 'expired', now: NOW, limit: LATE + 1 } as const;
    const ended = unwrap(await store.read((reads) => reads.registrationsPage(page)));
    assert.deepEqual([ended.length, ended.every(({ state }) => state === 'expired')], [LATE, true]);
  });
});

function referenceOf(number: number): string {
  return `MANY${String(number + 10 ** 11).replace(/./g, (digit) => 'ABCDEFGHIJ'.charAt(Number(digit)))}`;
}
