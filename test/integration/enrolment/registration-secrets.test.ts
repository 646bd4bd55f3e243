/**
 * References and secrets. Without these tests an old or a wrong secret could be good, or the
 * development secret of an account could be good in production.
 */
import assert from 'node:assert/strict';
import type { RegistrationKeys } from '../../../src/access/registration-keys.js';
import {
  accountSecret,
  registrationSecret,
  verifyReferenceSecret,
} from '../../../src/operations/enrolment/registration-secret.js';
import type { World } from '../../../src/operations/world.js';
import type { Registration } from '../../../src/ports/store/enrolment/registrations.js';
import type { Store } from '../../../src/ports/store.js';
import { CARD_MANAGEMENT } from '../../fault/ports/stage.js';
import { describeOnEach, unwrap } from '../../support/db/fixture.js';
import { KEY_ID, KEYS, registration } from '../../support/enrolment/registrations.js';

const OTHER_KEYS: RegistrationKeys = new Map([[KEY_ID, new Uint8Array(32).fill(8)]]);

function secretOf(one: Registration): string {
  return registrationSecret(KEYS, one) ?? assert.fail('its key is there');
}

describeOnEach('a reference and a secret', ({ opened }) => {
  async function stage(accountSecrets = true) {
    const store: Store = await opened();
    const one = registration(1, { accountId: CARD_MANAGEMENT.id });
    unwrap(
      await store.transaction(async (tx) => {
        await tx.insertAccount(CARD_MANAGEMENT);
        await tx.insertRegistration(one);
      }),
    );
    const failed: string[] = [];
    const policy = { environment: { enrolment: { accountSecrets } } } as unknown as World['policy'];
    const verify = async (reference: string, secret: string, registrationKeys = KEYS) => {
      const secretFailed = (given: string) => void failed.push(given);
      const world = { store, registrationKeys, policy, secretFailed };
      return unwrap(await verifyReferenceSecret(world, reference, secret));
    };
    return { store, one, failed, verify };
  }

  it('prove a registration, with the account whose rights it has', async () => {
    const { one, failed, verify } = await stage();
    const principal = await verify(one.reference, secretOf(one));
    assert.deepEqual(principal, { kind: 'registration', registration: one, account: CARD_MANAGEMENT });
    assert.deepEqual(failed, []);
  });

  it('prove nothing if the secret is wrong, of another key, or the reference is unknown; each is counted', async () => {
    const { one, failed, verify } = await stage();
    const unknown = 'A'.repeat(16);
    assert.equal(await verify(one.reference, 'A'.repeat(32)), null);
    assert.equal(await verify(one.reference, ''), null);
    assert.equal(await verify(one.reference, secretOf(one), OTHER_KEYS), null);
    assert.equal(await verify(one.reference, secretOf(one), new Map()), null);
    assert.equal(await verify(unknown, secretOf(one)), null);
    assert.deepEqual(failed, [...Array(4).fill(one.reference), unknown]);
  });

  it('are void as soon as there is a newer secret', async () => {
    const { store, one, verify } = await stage();
    const renewed = { ...one, secretGeneration: 2 };
    unwrap(await store.transaction((tx) => tx.changeRegistration(renewed)));
    assert.equal(await verify(one.reference, secretOf(one)), null);
    assert.equal((await verify(one.reference, secretOf(renewed)))?.kind, 'registration');
  });

  it('prove an account in development only', async () => {
    const secret = accountSecret(KEYS, KEY_ID, CARD_MANAGEMENT.id) ?? assert.fail('its key is there');
    const development = await stage();
    assert.equal((await development.verify(CARD_MANAGEMENT.id, secret))?.kind, 'account');
    assert.equal(await development.verify(CARD_MANAGEMENT.id, 'A'.repeat(32)), null);
    const production = await stage(false);
    assert.equal(await production.verify(CARD_MANAGEMENT.id, secret), null);
  });
});
