import assert from 'node:assert/strict';
import { ACCOUNT_DEFAULTS } from '../../../src/access/account.js';
import { clientReads } from '../../../src/db/tables/clients.js';
import { AssertionFailed } from '../../../src/kernel/assert.js';
import type { IssuerId } from '../../../src/ports/signer.js';
import type { PresentedState } from '../../../src/ports/store/accounts.js';
import type { Store } from '../../../src/ports/store.js';
import { describeOnEach, unwrap } from '../../support/db/fixture.js';
import { firstStatement, planOf } from '../../support/db/plans.js';
import { rawDatabase } from '../../support/db/raw.js';
import { certify, event, ISSUER, idOf, intent, NOW, OTHER_ISSUER, RUN, serialOf } from '../../support/db/records.js';
import { insertIntents, setState, storeSignatures } from '../../support/db/unaudited.js';

const ABANDONED = { status: 'revoked', at: NOW, reason: 'unspecified', invalidityDate: null } as const;

/** Stores the first intent and abandons it. */
async function abandon(store: Store): Promise<void> {
  unwrap(
    await store.transaction(async (tx) => {
      await insertIntents(tx, [intent(1)]);
      await setState(tx, idOf(1), [ABANDONED, { at: NOW, actor: 'system' }]);
    }),
  );
}

describeOnEach('certificates in the database', ({ kind, fresh, opened }) => {
  it('a record is read back unchanged by id, serial number, card, holder and key', async () => {
    const store = await opened();
    const claim = { account: 'card-management', route: 'POST /v1/certificates', key: 'k1' };
    const record = intent(1, {
      cardTokenId: '8025000001/2600301752',
      structureId: '10B0057881',
      card: { tokenId: '8025000001/2600301752', product: 'cpe' },
      claim,
    });
    unwrap(await store.transaction((tx) => insertIntents(tx, [record, intent(2)])));
    const found = unwrap(
      await store.read(async (reads) => [
        await reads.certificateById(record.id),
        await reads.certificateBySerial(ISSUER, record.serial),
        ...(await reads.certificatesOfCards(['8025000001/2600301752'])),
        ...(await reads.certificatesOfHolder(record.holderId)).slice(0, 1),
        ...(await reads.certificatesByKeys([record.spkiSha256])),
        (await reads.openIntents({ run: RUN, limit: 1 }))[0],
      ]),
    );
    assert.equal(found.length, 6);
    for (const one of found) assert.deepEqual(one, record);
    const missing = await store.read(async (reads) => [
      await reads.certificateById(idOf(9)),
      await reads.certificateBySerial(OTHER_ISSUER, record.serial),
      await reads.status(ISSUER, serialOf(9)),
    ]);
    assert.deepEqual(unwrap(missing), [null, null, null]);
  });

  it('a key is compromised by one of its certificates, of whatever issuer, and by no other reason', async () => {
    const store = await opened();
    const [stolen, replaced] = ['a'.repeat(64), 'b'.repeat(64)];
    const revokedFor = (reason: 'keyCompromise' | 'superseded') =>
      ({ status: 'revoked', at: NOW, reason, invalidityDate: null }) as const;
    await store.transaction(async (tx) => {
      await insertIntents(tx, [
        intent(1, { spkiSha256: stolen }),
        intent(2, { spkiSha256: stolen, issuer: OTHER_ISSUER }),
        intent(3, { spkiSha256: replaced }),
      ]);
      await setState(tx, idOf(2), [revokedFor('keyCompromise'), { at: NOW, actor: 'account:officer-1' }]);
      await setState(tx, idOf(3), [revokedFor('superseded'), { at: NOW, actor: 'account:officer-1' }]);
    });
    const asked = [stolen, replaced, 'c'.repeat(64)];
    assert.deepEqual(unwrap(await store.read((reads) => reads.compromisedKeys(asked))), [stolen]);
    assert.deepEqual(unwrap(await store.read((reads) => reads.compromisedKeys([]))), []);
  });

  it('every state is stored and read back; an intent that is open is not signed', async () => {
    const store = await opened();
    const states = [
      { status: 'open' },
      { status: 'issued' },
      { status: 'pending' },
      { status: 'suspended', at: NOW, invalidityDate: NOW - 5 },
      { status: 'revoked', at: NOW, reason: 'keyCompromise', invalidityDate: null },
    ] as const;
    unwrap(
      await store.transaction(async (tx) => {
        for (const [at, state] of states.entries()) await certify(tx, intent(at), state);
      }),
    );
    for (const [at, state] of states.entries()) {
      const status = unwrap(await store.read((reads) => reads.status(ISSUER, serialOf(at))));
      const expected = { state, notAfter: intent(at).notAfter, signed: state.status !== 'open' };
      assert.deepEqual(status, expected);
    }
    const asked = [...states.keys(), 99].map(serialOf);
    const together = unwrap(await store.read((reads) => reads.statuses(ISSUER, asked)));
    assert.deepEqual(
      [...together.records.keys()].sort(),
      asked.slice(0, -1).sort(),
      'those that are there, and no others',
    );
    for (const [at, state] of states.entries()) assert.deepEqual(together.records.get(serialOf(at))?.state, state);
    assert.equal(
      unwrap(await store.read((reads) => reads.statuses('aci-fo-org' as typeof ISSUER, asked))).records.size,
      0,
    );
    assert.equal(unwrap(await store.read((reads) => reads.statuses(ISSUER, []))).records.size, 0);
  });

  it('a serial number is used once per issuer, whatever state the first certificate is in', async () => {
    const store = await opened();
    await abandon(store);
    const again = intent(2, { serial: serialOf(1) });
    await assert.rejects(
      store.transaction((tx) => insertIntents(tx, [again])),
      (error) =>
        error instanceof AssertionFailed && /UNIQUE|23505/.test(error.message) && !/HÉRACLÈS/.test(error.message),
    );
    unwrap(await store.transaction((tx) => insertIntents(tx, [{ ...again, issuer: OTHER_ISSUER }])));
    assert.equal(unwrap(await store.read((reads) => reads.certificateById(idOf(2))))?.issuer, OTHER_ISSUER);
  });

  it('an abandoned intent is revoked, unsigned, and not found by searches', async () => {
    const store = await opened();
    await abandon(store);
    const status = unwrap(await store.read((reads) => reads.status(ISSUER, serialOf(1))));
    assert.deepEqual(status, { state: ABANDONED, notAfter: intent(1).notAfter, signed: false });
    const page = unwrap(await store.read((reads) => reads.search({ now: NOW, limit: 10 })));
    assert.deepEqual(page, { ok: true, value: { items: [], next: null } });
  });

  it('a signature is stored once, for an open intent', async () => {
    const store = await opened();
    unwrap(await store.transaction((tx) => certify(tx, intent(1))));
    for (const id of [idOf(1), idOf(7)]) {
      await assert.rejects(
        store.transaction((tx) => storeSignatures(tx, [{ id, signature: Uint8Array.of(9) }])),
        AssertionFailed,
      );
    }
    await assert.rejects(
      store.transaction((tx) => insertIntents(tx, [{ ...intent(2), state: { status: 'issued' } }])),
      AssertionFailed,
    );
  });

  it('hundreds of intents go in at once, of several issuers and generations', async () => {
    const store = await opened();
    const issuers = [ISSUER, OTHER_ISSUER, 'acr-fo' as IssuerId];
    const records = Array.from({ length: 450 }, (_, at) => intent(at, { issuer: issuers[at % 3] ?? ISSUER }));
    unwrap(await store.transaction((tx) => insertIntents(tx, records)));
    assert.equal(unwrap(await store.read((reads) => reads.openIntents({ run: RUN, limit: 1_000 }))).length, 450);
    const page = await store.read((reads) => reads.openIntents({ run: RUN, limit: 20 }));
    assert.deepEqual(
      unwrap(page).map(({ id }) => id),
      records.slice(0, 20).map(({ id }) => id),
    );
  });

  it('each change of state adds a row with its time, actor and new state', async () => {
    const database = await fresh();
    const store = await opened({ database });
    const suspended = { status: 'suspended', at: NOW, invalidityDate: NOW - 7 } as const;
    unwrap(
      await store.transaction(async (tx) => {
        await certify(tx, intent(1), suspended);
        await setState(tx, idOf(1), [{ status: 'issued' }, { at: NOW + 1, actor: 'account:officer-2' }]);
      }),
    );
    const raw = await rawDatabase(database);
    const rows = await raw.all(
      'select at, actor, status, state_at, reason, invalidity_date from status_events order by id',
    );
    await raw.close();
    assert.deepEqual(rows, [
      {
        at: NOW,
        actor: 'account:officer-1',
        status: 'suspended',
        state_at: NOW,
        reason: null,
        invalidity_date: NOW - 7,
      },
      {
        at: NOW + 1,
        actor: 'account:officer-2',
        status: 'issued',
        state_at: null,
        reason: null,
        invalidity_date: null,
      },
    ]);
  });

  it('the database refuses changes that our statements never make', async () => {
    const database = await fresh();
    const store = await opened({ database });
    const revoked = { status: 'revoked', at: NOW, reason: 'superseded', invalidityDate: null } as const;
    unwrap(
      await store.transaction(async (tx) => {
        await certify(tx, intent(1));
        await certify(tx, intent(2), revoked);
        await tx.appendAudit([event()]);
        await tx.insertBlockedKey({
          spkiSha256: 'ab'.repeat(32),
          at: NOW,
          actor: 'account:officer-1',
          reason: 'leaked',
        });
      }),
    );
    const raw = await rawDatabase(database);
    const octet = kind === 'sqlite' ? `x'00'` : `'\\x00'::bytea`;
    const refused: (readonly [string, RegExp])[] = [
      [`delete from certificates where id = '${idOf(1)}'`, /never deleted/],
      ['delete from audit_entries', /never deleted/],
      [`update audit_entries set bytes = ${octet}`, /never updated/],
      ['update audit_head set seq = 0', /only grows/],
      ['delete from status_events', /never deleted/],
      [`update certificates set serial = 'ff' where id = '${idOf(1)}'`, /the content of an intent does not change/],
      [`update blocked_keys set reason = ''`, /never updated/],
      [`update certificates set key_origin = null where id = '${idOf(1)}'`, /the content of an intent does not change/],
      [`update certificates set tbs = ${octet} where id = '${idOf(1)}'`, /the content of an intent does not change/],
      [`update certificates set signature = ${octet} where id = '${idOf(1)}'`, /stored once/],
      [
        `update certificates set status = 'open', signature = null where id = '${idOf(1)}'`,
        /does not open again|stored once/,
      ],
      [
        `update certificates set status = 'issued', state_at = null, reason = null where id = '${idOf(2)}'`,
        /revoked is final/,
      ],
      [`update certificates set status = 'revoked' where id = '${idOf(1)}'`, /certificates_state/],
      [
        `update certificates set status = 'revoked', state_at = 1, reason = 'certificateHold' where id = '${idOf(1)}'`,
        /certificates_state/,
      ],
      [`update certificates set reason = 'superseded' where id = '${idOf(1)}'`, /certificates_state/],
      [`update certificates set status = 'gone' where id = '${idOf(1)}'`, /certificates_(state|signature)/],
    ];
    const emptied = ['certificates', 'audit_entries', 'audit_head', 'status_events', 'crls'];
    if (kind === 'postgresql') {
      refused.push(...emptied.map((table) => [`truncate ${table} cascade`, /never deleted/] as const));
    }
    for (const [sql, message] of refused) await assert.rejects(raw.all(sql), message, sql);
    await raw.close();
    assert.equal(unwrap(await store.read((reads) => reads.certificateById(idOf(1))))?.state.status, 'issued');
  });
});

const [KEY, BLOCKED, STOLEN] = ['1'.repeat(64), '2'.repeat(64), '3'.repeat(64)];
const ACCOUNT = {
  id: 'card-management',
  name: 'Card management',
  roles: ['card-management'],
  scope: { profiles: ['fort/*'], structures: ['*'], domains: ['*'], holders: ['*'] },
  credentials: [
    { issuer: OTHER_ISSUER, spkiSha256: BLOCKED },
    { issuer: ISSUER, spkiSha256: KEY },
  ],
  disabled: false,
  ...ACCOUNT_DEFAULTS,
  createdAt: NOW,
};

describeOnEach('the certificate that a client presents', ({ kind, fresh, opened }) => {
  it('has its status, its account, and whether its key or its CA is lost', async () => {
    const store = await opened();
    const keys = [KEY, BLOCKED, STOLEN, STOLEN];
    const revoked = { status: 'revoked', at: NOW, reason: 'keyCompromise', invalidityDate: null } as const;
    unwrap(
      await store.transaction(async (tx) => {
        for (const [at, spkiSha256] of keys.entries())
          await certify(tx, intent(at, { spkiSha256, ...(at === 1 ? { issuer: OTHER_ISSUER } : {}) }));
        await setState(tx, idOf(3), [revoked, { at: NOW, actor: 'account:officer-1' }]);
        await tx.insertAccount(ACCOUNT);
        await tx.insertBlockedKey({ spkiSha256: BLOCKED, at: NOW, actor: 'account:officer-1', reason: 'weak' });
        await tx.insertRevokedIssuers([
          { issuer: OTHER_ISSUER, reason: 'cessationOfOperation', listNumber: 1, at: NOW },
        ]);
      }),
    );
    const ask = async (issuer: typeof ISSUER, at: number, spkiSha256: string): Promise<PresentedState> =>
      unwrap(await store.read((reads) => reads.presentedState({ issuer, serial: serialOf(at), spkiSha256 })));
    const issued = { state: { status: 'issued' }, notAfter: intent(0).notAfter, signed: true };
    const unknown = { status: null, account: null, issuerIsRevoked: false, keyIsCompromised: false };
    assert.deepEqual(await ask(ISSUER, 0, KEY), { ...unknown, status: issued, account: ACCOUNT });
    assert.deepEqual(await ask(OTHER_ISSUER, 1, BLOCKED), {
      status: issued,
      account: ACCOUNT,
      issuerIsRevoked: true,
      keyIsCompromised: true,
    });
    assert.deepEqual(await ask(ISSUER, 2, STOLEN), { ...unknown, status: issued, keyIsCompromised: true });
    assert.deepEqual(await ask(ISSUER, 3, STOLEN), {
      ...unknown,
      status: { ...issued, state: revoked },
      keyIsCompromised: true,
    });
    assert.deepEqual(await ask(OTHER_ISSUER, 0, KEY), { ...unknown, issuerIsRevoked: true });
  });

  it('is found by indexes', async () => {
    const sql = await firstStatement(kind, (session) =>
      clientReads(session).presentedState({ issuer: ISSUER, serial: serialOf(0), spkiSha256: KEY }),
    );
    const plan = await planOf(await fresh(), sql);
    assert.match(plan, /certificates_serial_issuer_unique/);
    assert.doesNotMatch(
      plan,
      kind === 'sqlite' ? /SCAN (certificates|accounts|account_credentials)/ : /Seq Scan on (certificates|account)/,
    );
  });
});
