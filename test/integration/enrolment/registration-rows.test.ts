/**
 * Registrations in the database. Without these tests a profile could be used twice, a use could be
 * lost or never given back, and SQL could open again what was withdrawn.
 */
import assert from 'node:assert/strict';
import { registrationActor, SYSTEM } from '../../../src/audit/actors.js';
import { returnUses } from '../../../src/operations/enrolment/return-uses.js';
import { registrationStateAt } from '../../../src/operations/enrolment/use-registrations.js';
import { giveUpClaims } from '../../../src/operations/issuance/give-up-claims.js';
import { RESERVE_INTENTS, type Reservation } from '../../../src/operations/issuance/reserve.js';
import type { CertificateRecord } from '../../../src/ports/store/certificates.js';
import type { Registration } from '../../../src/ports/store/enrolment/registrations.js';
import type { Store } from '../../../src/ports/store.js';
import { describeOnEach, unwrap } from '../../support/db/fixture.js';
import { rawDatabase } from '../../support/db/raw.js';
import { DAY_MS, intent, NOW } from '../../support/db/records.js';
import { reservation } from '../../support/db/reservations.js';
import { withRun } from '../../support/db/runs.js';
import { storedAudit } from '../../support/db/stored-audit.js';
import { registration } from '../../support/enrolment/registrations.js';

const [AUTHENTICATION, SIGNATURE] = ['fort/cps-authentication', 'fort/cps-signature'] as const;
const BOTH = [AUTHENTICATION, SIGNATURE].map((profile) => ({ profile, certificateId: null }));

function use({ id }: Registration, number: number, profile: string = AUTHENTICATION): Reservation {
  const record = intent(number, { profile, registrationId: id, spkiSha256: String(number).padStart(64, 'a') });
  return { ...reservation(record), registration: id, actor: registrationActor(id) };
}

async function registered(store: Store, ...registrations: readonly Registration[]): Promise<void> {
  for (const one of registrations) unwrap(await store.transaction((tx) => tx.insertRegistration(one)));
}

async function together(store: Store, ...reservations: readonly Reservation[]): Promise<readonly string[]> {
  const outcomes = unwrap(await store.transaction((tx) => RESERVE_INTENTS.run(tx, reservations)));
  return outcomes.map((one) => (one.kind === 'refused' && 'rule' in one.clash ? one.clash.rule : one.kind));
}

async function stored(store: Store, { id }: Registration): Promise<Registration> {
  return unwrap(await store.read((reads) => reads.registration(id))) ?? assert.fail('it is there');
}

async function givenUp(store: Store, records: readonly CertificateRecord[]): Promise<void> {
  unwrap(await store.transaction((tx) => giveUpClaims(tx, records, NOW)));
}

async function notAccepted(store: Store, records: readonly CertificateRecord[]): Promise<void> {
  const ended = { actor: SYSTEM, at: NOW, because: 'not-accepted' } as const;
  unwrap(await store.transaction((tx) => returnUses(tx, records, ended)));
}

describeOnEach('registrations', ({ kind, fresh, opened }) => {
  it('are used once for each profile, also by two requests at once, and are used with the last one', async () => {
    const store = await withRun(await opened());
    const one = registration(1, { uses: BOTH });
    await registered(store, one);
    assert.deepEqual(await together(store, use(one, 1), use(one, 2)), ['reserved', 'registration-profile-unused']);
    assert.equal((await stored(store, one)).state, 'open');
    assert.deepEqual(await together(store, use(one, 3)), ['registration-profile-unused']);
    assert.deepEqual(await together(store, use(one, 4, 'standard/cpe-signature')), ['registration-profile']);
    assert.deepEqual(await together(store, use(one, 5, SIGNATURE)), ['reserved']);
    const { state, uses } = await stored(store, one);
    assert.deepEqual([state, uses.map(({ certificateId }) => certificateId)], ['used', [intent(1).id, intent(5).id]]);
    const [entry] = await storedAudit(store);
    assert.deepEqual([entry?.actor, entry?.details.registration], [registrationActor(one.id), one.id]);
  });

  it('that were withdrawn or have ended spend no serial number', async () => {
    const store = await withRun(await opened());
    const withdrawn = registration(1, { state: 'withdrawn' });
    const ended = registration(2, { createdAt: NOW - 2 * DAY_MS, expiresAt: NOW });
    await registered(store, withdrawn, ended);
    assert.deepEqual(await together(store, use(withdrawn, 1), use(ended, 2)), Array(2).fill('registration-open'));
    assert.equal(registrationStateAt(ended, NOW), 'expired');
    assert.equal(unwrap(await store.read((reads) => reads.certificatesByIds([intent(1).id, intent(2).id]))).length, 0);
  });

  it('get back the use of each intent that is given up, and of a certificate that was not accepted three times at most', async () => {
    const store = await withRun(await opened());
    const one = registration(1);
    await registered(store, one);
    for (const number of [1, 2, 3, 4]) {
      const asked = use(one, number);
      assert.deepEqual(await together(store, asked), ['reserved'], String(number));
      await givenUp(store, asked.records);
      const { state, returned, givenUp: lost } = await stored(store, one);
      assert.deepEqual([state, returned, lost], ['open', 0, number]);
    }
    for (const number of [5, 6, 7, 8]) {
      const asked = use(one, number);
      assert.deepEqual(await together(store, asked), ['reserved'], String(number));
      await notAccepted(store, asked.records);
      const { state, returned } = await stored(store, one);
      assert.deepEqual([state, returned], number === 8 ? ['used', 3] : ['open', number - 4]);
    }
    assert.deepEqual(await together(store, use(one, 9)), ['registration-profile-unused']);
    const entries = (await storedAudit(store)).filter(({ type }) => type === 'registration.use-returned');
    assert.deepEqual(
      entries.map(({ details }) => [details.because, details.returned]),
      [...Array(4).fill(['given-up', 0]), ...[1, 2, 3].map((returned) => ['not-accepted', returned])],
    );
  });

  it('lose their personal data when they are erased, and keep the rest', async () => {
    const store = await opened();
    const one = registration(1, { state: 'withdrawn', stateAt: NOW - 31 * DAY_MS });
    await registered(store, one, registration(2));
    const late = unwrap(await store.read((reads) => reads.registrationsToErase(NOW - 30 * DAY_MS, 9)));
    assert.deepEqual(
      late.map(({ id }) => id),
      [one.id],
    );
    unwrap(await store.transaction((tx) => tx.eraseRegistrations([one.id], NOW)));
    const personal = { holder: null, card: null, identity: null, holderId: null, domains: [] };
    assert.deepEqual(await stored(store, one), { ...one, ...personal, erasedAt: NOW });
  });

  it('that were erased do not open again when a use is given back, because nobody is left to be certified', async () => {
    const store = await withRun(await opened());
    const one = registration(1);
    await registered(store, one);
    const asked = use(one, 1);
    assert.deepEqual(await together(store, asked), ['reserved']);
    unwrap(await store.transaction((tx) => tx.eraseRegistrations([one.id], NOW)));
    await givenUp(store, asked.records);
    assert.deepEqual([(await stored(store, one)).state, (await stored(store, one)).givenUp], ['used', 0]);
  });

  it('are found by holder, profile and state as of now, the newest first', async () => {
    const store = await opened();
    const [open, ended, other] = [
      registration(1),
      registration(2, { createdAt: NOW - DAY_MS, expiresAt: NOW - 1 }),
      registration(3, { holderId: 'X/1', uses: BOTH }),
    ];
    await registered(store, open, ended, other);
    const found = async (filter: object) => {
      const page = await store.read((reads) => reads.registrationsPage({ now: NOW, limit: 9, ...filter }));
      return unwrap(page).map(({ id }) => id);
    };
    assert.deepEqual(await found({}), [other.id, ended.id, open.id]);
    assert.deepEqual(await found({ before: other.id, limit: 1 }), [ended.id]);
    assert.deepEqual(await found({ state: 'open' }), [other.id, open.id]);
    assert.deepEqual(await found({ state: 'expired' }), [ended.id]);
    assert.deepEqual(await found({ holderId: '810002813839' }), [ended.id, open.id]);
    assert.deepEqual(await found({ profile: SIGNATURE }), [other.id]);
  });

  it('cannot be changed, opened again or used twice past the program', async () => {
    const database = await fresh();
    const store = await withRun(await opened({ database }));
    const [open, withdrawn, used, erased] = [
      registration(1),
      registration(2, { state: 'withdrawn' }),
      registration(3),
      registration(4, { state: 'expired' }),
    ];
    await registered(store, open, withdrawn, used, erased);
    assert.deepEqual(await together(store, use(used, 1)), ['reserved']);
    assert.deepEqual(await together(store, reservation(intent(2))), ['reserved']);
    unwrap(await store.transaction((tx) => tx.eraseRegistrations([erased.id], NOW)));
    const raw = await rawDatabase(database);
    if (kind === 'sqlite') await raw.all('pragma foreign_keys = on');
    const refuse = (sql: string, reason: RegExp) => assert.rejects(raw.all(sql), reason, sql);
    const set = (columns: string, { id }: Registration) => `update registrations set ${columns} where id = '${id}'`;
    await refuse(`delete from registrations`, /rows are never deleted|foreign key/i);
    await refuse(set(`account_id = 'other'`, open), /what was registered does not change/);
    await refuse(set(`expires_at = expires_at + 1`, open), /what was registered does not change/);
    await refuse(set(`holder = '{}'`, open), /erased once/);
    await refuse(set(`holder_id = 'other'`, withdrawn), /erased once/);
    await refuse(set(`erased_at = 1, holder_id = null`, open), /registrations_erased/);
    await refuse(set(`state = 'open'`, withdrawn), /withdrawn and expired are final/);
    await refuse(set(`secret_generation = 2`, withdrawn), /withdrawn and expired are final/);
    await refuse(set(`state = 'withdrawn'`, used), /opens by a returned use only/);
    await refuse(set(`state = 'open'`, used), /opens by a returned use only/);
    await refuse(set(`returned = 4`, open), /registrations_returned/);
    await refuse(set(`given_up = -1`, open), /only ascend/);
    await refuse(set(`secret_generation = 0`, open), /only ascend|registrations_generation/);
    await refuse(set(`state_at = 1`, erased), /an erased registration does not change|final/);
    await refuse(`delete from registration_uses`, /rows are never deleted/);
    const other = intent(2).id;
    await refuse(
      `update registration_uses set certificate_id = '${other}' where certificate_id is not null`,
      /used once/,
    );
    await refuse(`update registration_uses set profile = 'fort/x'`, /profiles of a registration do not change/);
    await refuse(`update certificates set registration_id = '${open.id}'`, /content of an intent does not change/);
    await raw.close();
  });
});
