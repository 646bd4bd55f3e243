/** Selections, and how the items of an order are fixed and processed. */
import assert from 'node:assert/strict';
import { recordIdFrom } from '../../../src/issuance/intent.js';
import type { CertificateRecord } from '../../../src/ports/store/certificates.js';
import type {
  MassRevocation,
  RevocationSelection,
  SelectedCertificates,
} from '../../../src/ports/store/mass-revocations.js';
import type { Store } from '../../../src/ports/store.js';
import { describeOnEach, unwrap } from '../../support/db/fixture.js';
import { rawDatabase } from '../../support/db/raw.js';
import { certify, EVERY_CERTIFICATE, intent, NOW, OTHER_ISSUER } from '../../support/db/records.js';
import { setStates } from '../../support/db/unaudited.js';

const ALL = { profiles: ['*'], structures: ['*'], domains: ['*'], holders: ['*'] } as const;
const HOUR_MS = 3_600_000;
const SIGNATURE = 'fort/cps-signature';
const KEY = 'a'.repeat(64);

/** Created `hours` after the first, with an id of that time. */
function born(number: number, hours: number, from: Partial<CertificateRecord> = {}): CertificateRecord {
  const createdAt = NOW + hours * HOUR_MS;
  return intent(number, { id: recordIdFrom(createdAt, new Uint8Array(10).fill(number)), createdAt, ...from });
}

const RECORDS = {
  first: born(1, 0),
  second: born(2, 1, { profile: SIGNATURE }),
  third: born(3, 2, { spkiSha256: KEY, profile: SIGNATURE, structureId: '10B0057881' }),
  other: born(4, 3, { issuer: OTHER_ISSUER, profile: 'elementaire/org-auth-cli', structureId: '10B0057881' }),
  revoked: born(5, 1),
  open: born(6, 4),
} as const;
type Name = keyof typeof RECORDS;

const ORDER: MassRevocation = {
  id: recordIdFrom(NOW, new Uint8Array(10)),
  accountId: 'officer-1',
  requestId: '01890000-0000-7000-8000-000000000000',
  submittedAt: NOW,
  selection: EVERY_CERTIFICATE,
  reason: 'superseded',
  invalidityDate: null,
  state: 'running',
  finishedAt: null,
  matched: 5,
  revoked: 0,
  alreadyRevoked: 0,
};

async function fill(store: Store): Promise<void> {
  const revoked = { status: 'revoked', at: NOW, reason: 'superseded', invalidityDate: null } as const;
  const filled = await store.transaction(async (tx) => {
    for (const [name, record] of Object.entries(RECORDS))
      await certify(
        tx,
        record,
        name === 'revoked' ? revoked : name === 'open' ? { status: 'open' } : { status: 'issued' },
      );
  });
  unwrap(filled);
}

/** Names of what an order finds, in the order of its items. */
async function found(store: Store, { selection, scope }: SelectedCertificates): Promise<readonly Name[]> {
  const id = recordIdFrom(NOW, crypto.getRandomValues(new Uint8Array(10)));
  const items = unwrap(
    await store.transaction(async (tx) => {
      const matched = await tx.countSelected({ selection, scope }, 100);
      await tx.insertMassRevocation({ ...ORDER, id, matched }, { selection, scope });
      const all = await tx.massRevocationItems({ id, after: 0, limit: 100 });
      assert.equal(all.length, matched);
      return all;
    }),
  );
  const names = Object.keys(RECORDS) as Name[];
  return items.flatMap(({ certificateId }) => names.filter((name) => RECORDS[name].id === certificateId));
}

describeOnEach('a selection of certificates to revoke', ({ opened }) => {
  it('finds what fits all that is given and is not revoked, in the order of birth', async () => {
    const store = await opened();
    await fill(store);
    const at = (hours: number): number => NOW + hours * HOUR_MS;
    const cases: readonly (readonly [Partial<RevocationSelection>, readonly Name[]])[] = [
      [{ authority: 'aci-fo-pp' }, ['first', 'second', 'third', 'open']],
      // All generations of the authority.
      [{ authority: 'aci-el-org' }, ['other']],
      [{ profile: SIGNATURE }, ['second', 'third']],
      [{ spkiSha256: KEY }, ['third']],
      [{ issuedFrom: at(1) }, ['second', 'third', 'other', 'open']],
      [{ issuedUntil: at(1) }, ['first', 'second']],
      [{ issuedFrom: at(1), issuedUntil: at(2) }, ['second', 'third']],
      [{ issuedFrom: at(1) + 1, issuedUntil: at(2) - 1 }, []],
      [{ profile: SIGNATURE, issuedFrom: at(2) }, ['third']],
      [{ profile: SIGNATURE, authority: 'aci-el-org' }, []],
    ];
    for (const [selection, expected] of cases) {
      const selected = { selection: { ...EVERY_CERTIFICATE, ...selection }, scope: ALL };
      assert.deepEqual(await found(store, selected), expected, JSON.stringify(selection));
    }
  });

  it('finds nothing beyond the scope of the account', async () => {
    const store = await opened();
    await fill(store);
    const selection = { ...EVERY_CERTIFICATE, issuedFrom: NOW };
    const scopes = [
      [{ ...ALL, profiles: ['elementaire/*'] }, ['other']],
      [{ ...ALL, structures: ['1760021832'] }, ['first', 'second', 'open']],
    ] as const;
    for (const [scope, expected] of scopes) assert.deepEqual(await found(store, { selection, scope }), expected);
  });

  it('names the selected certificates on keys and of holders that need care, unless they have expired', async () => {
    const store = await opened();
    await fill(store);
    const among = async (
      selection: Partial<RevocationSelection>,
      which: {
        readonly spkiSha256s?: readonly string[];
        readonly holderIds?: readonly string[];
        readonly now?: number;
      },
      scope: SelectedCertificates['scope'] = ALL,
    ): Promise<readonly string[]> => {
      const asked = { spkiSha256s: [], holderIds: [], now: NOW, ...which };
      const selected = { selection: { ...EVERY_CERTIFICATE, ...selection }, scope };
      const certificates = unwrap(await store.read((reads) => reads.selectedAmong(selected, asked)));
      return certificates.map(({ serial }) => serial);
    };
    const { first, second, third, revoked } = RECORDS;
    const all = { issuedFrom: NOW };
    const keys = [KEY, first.spkiSha256, revoked.spkiSha256, 'f'.repeat(64)];
    assert.deepEqual(await among(all, { spkiSha256s: keys }), [first.serial, third.serial]);
    assert.deepEqual(await among({ profile: SIGNATURE }, { spkiSha256s: keys }), [third.serial]);
    assert.deepEqual(await among({ profile: SIGNATURE }, { holderIds: [second.holderId] }), [
      second.serial,
      third.serial,
    ]);
    assert.deepEqual(await among({ profile: SIGNATURE }, { spkiSha256s: keys, holderIds: [third.holderId] }), [
      second.serial,
      third.serial,
    ]);
    assert.deepEqual(await among(all, { spkiSha256s: keys, now: first.notAfter + 1_000 }), []);
    assert.deepEqual(await among(all, { spkiSha256s: keys }, { ...ALL, profiles: [SIGNATURE] }), [third.serial]);
    assert.deepEqual(await among(all, {}), []);
  });

  it('counts no further than it is asked', async () => {
    const store = await opened();
    await fill(store);
    const selected = { selection: { ...EVERY_CERTIFICATE, issuedFrom: NOW }, scope: ALL };
    assert.equal(unwrap(await store.read((reads) => reads.countSelected(selected, 3))), 3);
    assert.equal(unwrap(await store.read((reads) => reads.countSelected(selected, 100))), 5);
  });
});

describeOnEach('an order to revoke many', ({ fresh, opened }) => {
  it('has its items fixed, page by page, each settled once, and is final when it has ended', async () => {
    const database = await fresh();
    const store = await opened({ database });
    await fill(store);
    const selected = { selection: { ...EVERY_CERTIFICATE, issuedFrom: NOW }, scope: ALL };
    unwrap(await store.transaction((tx) => tx.insertMassRevocation(ORDER, selected)));
    // It was created after the order, so it is not one of its items.
    unwrap(await store.transaction((tx) => certify(tx, born(9, 9))));
    const pages = unwrap(
      await store.read(async (reads) => {
        const first = await reads.massRevocationItems({ id: ORDER.id, after: 0, limit: 2 });
        return [first, await reads.massRevocationItems({ id: ORDER.id, after: 2, limit: 10 })];
      }),
    );
    assert.deepEqual(
      pages.flat().map(({ certificateId }) => certificateId),
      (['first', 'second', 'third', 'other', 'open'] as const).map((name) => RECORDS[name].id),
    );
    assert.deepEqual(unwrap(await store.read((reads) => reads.runningMassRevocations())), [ORDER]);
    const settle = () => store.transaction((tx) => tx.storeMassRevocationOutcomes(ORDER.id, 'revoked', [1]));
    unwrap(await settle());
    await assert.rejects(settle(), /items that waited/);
    const ended: MassRevocation = {
      ...ORDER,
      state: 'cancelled',
      finishedAt: NOW,
      revoked: 1,
    };
    unwrap(await store.transaction((tx) => tx.updateMassRevocation(ended)));
    assert.deepEqual(unwrap(await store.read((reads) => reads.massRevocation(ORDER.id))), ended);
    assert.deepEqual(unwrap(await store.read((reads) => reads.runningMassRevocations())), []);
    const raw = await rawDatabase(database);
    for (const sql of [
      'delete from mass_revocation_items',
      `update mass_revocation_items set outcome = null`,
      'delete from mass_revocations',
      `update mass_revocations set state = 'running', finished_at = null`,
      ...(database.kind === 'postgresql' ? ['truncate mass_revocations', 'truncate mass_revocation_items'] : []),
    ])
      await assert.rejects(raw.all(sql), /guard/, sql);
    await raw.close();
  });
});

describeOnEach('many states at once', ({ fresh, opened }) => {
  it('are written as one by one: every state with its event', async () => {
    const database = await fresh();
    const store = await opened({ database });
    await fill(store);
    const { first, second, third } = RECORDS;
    const states = [
      { id: first.id, state: { status: 'revoked', at: NOW + 5, reason: 'keyCompromise', invalidityDate: NOW - 5 } },
      { id: second.id, state: { status: 'revoked', at: NOW + 5, reason: 'superseded', invalidityDate: null } },
      { id: third.id, state: { status: 'suspended', at: NOW + 5, invalidityDate: NOW } },
    ] as const;
    const event = { at: NOW + 7, actor: 'account:officer-1' };
    unwrap(await store.transaction((tx) => setStates(tx, states, event)));
    for (const { id, state } of states)
      assert.deepEqual(unwrap(await store.read((reads) => reads.certificateById(id)))?.state, state);
    const raw = await rawDatabase(database);
    const events = await raw.all(
      `select certificate_id, at, actor, status, reason, invalidity_date from status_events where actor = 'account:officer-1'
        and at = ? order by certificate_id`,
      event.at,
    );
    await raw.close();
    const expected = states.map(({ id, state }) => ({
      certificate_id: id,
      at: event.at,
      actor: event.actor,
      status: state.status,
      reason: 'reason' in state ? state.reason : null,
      invalidity_date: state.invalidityDate,
    }));
    assert.deepEqual(
      events.map((one) => ({ ...one })),
      expected,
    );
  });
});
