/**
 * What an intent becomes is part of the intent. Without it a recovered request would give its card
 * certificates that count as written to the card, and each confirmation would publish lists.
 */
import assert from 'node:assert/strict';
import { sign } from 'node:crypto';
import { present } from '../../../src/kernel/assert.js';
import { ok } from '../../../src/kernel/result.js';
import { statusAt } from '../../../src/lifecycle/certificate-states.js';
import { recoverIntents } from '../../../src/operations/issuance/recover.js';
import type { World } from '../../../src/operations/world.js';
import { hashFor } from '../../../src/x509/keys/algorithms.js';
import { describeOnEach, unwrap } from '../../support/db/fixture.js';
import { rawDatabase } from '../../support/db/raw.js';
import { certify, ISSUER, idOf, intent, NOW, RUN } from '../../support/db/records.js';
import { runOf, withRun } from '../../support/db/runs.js';
import { insertIntents, setState, storeSignatures } from '../../support/db/unaudited.js';
import { goodCertificate, policy } from '../../support/lint/fixtures.js';
import { NO_BLOCKED_KEYS } from '../../support/no-blocked-keys.js';
import { testKey } from '../../unit/policy/fixtures.js';

const PROFILE = 'fort/cps-authentication';
const REVOKED = { status: 'revoked', at: NOW, reason: 'superseded', invalidityDate: null } as const;
const CONFIRMATIONS = 1_000;

describeOnEach('what an intent becomes', ({ opened, fresh }) => {
  const { tbs, context } = goodCertificate(PROFILE);
  const authority = present(policy.authorities.get(context.issuer.authority), 'the authority of the fixture');
  const { privateKey } = testKey(authority.keyType, `${context.issuer.authority}-1`);
  const signer = {
    certificate: async () => ok(new Uint8Array(sign(hashFor(context.issuer.signatureAlgorithm), tbs, privateKey))),
  };

  it('is kept when the process dies between the intents and their signatures: recovery makes it pending', async () => {
    const store = await withRun(await opened());
    const claim = { account: 'card-management', route: 'POST /v1/cards', key: 'killed' };
    const asked = { claim, tbs, run: runOf(9), updateId: idOf(500), becomes: 'pending' } as const;
    const update = [intent(1, asked), intent(2, asked)];
    const other = intent(3, { ...asked, updateId: null, becomes: 'issued', createdAt: NOW + 1 });
    const bodySha256 = 'b'.repeat(64);
    unwrap(await store.transaction((tx) => tx.claimIdempotency([{ claim, bodySha256 }], NOW)));
    unwrap(await store.transaction((tx) => insertIntents(tx, [...update, other])));
    const world = {
      run: RUN,
      underWay: new Set(),
      store,
      clock: () => NOW + 5,
      statusChanged: () => undefined,
      log: { info: () => undefined, warn: () => undefined, error: () => undefined },
      blockedKeys: NO_BLOCKED_KEYS,
      policy,
      issuers: { byId: () => context.issuer },
      batchSigner: signer,
    };
    const recovered = unwrap(await recoverIntents(world as unknown as World, 'ended'));
    assert.equal(recovered.finished, 3);
    const found = unwrap(await store.read((reads) => reads.certificatesByIds([1, 2, 3].map(idOf))));
    assert.deepEqual(
      found.map(({ state }) => state.status),
      ['pending', 'pending', 'issued'],
    );
    const announced = unwrap(await store.read((reads) => reads.eventsAfter({ after: 0, limit: 10 })));
    assert.deepEqual(
      announced.map(({ subject }) => subject),
      [idOf(3)],
      'a pending certificate is not announced as issued',
    );
  });

  it('is the status at every time before its first event, and a confirmation is an event', async () => {
    const store = await opened();
    const id = idOf(1);
    unwrap(await store.transaction((tx) => certify(tx, intent(1), { status: 'pending' })));
    const statusThen = async (at: number) =>
      unwrap(
        await store.read(async (reads) => {
          const record = present(await reads.certificateById(id), 'the certificate');
          return statusAt(record, await reads.statusEvents(id), at).status;
        }),
      );
    assert.equal(await statusThen(NOW), 'pending');
    const by = (at: number) => ({ at, actor: 'card-management' });
    unwrap(
      await store.transaction((tx) => tx.confirmCertificates([{ id, issuer: ISSUER, auditSeq: 1, ...by(NOW + 10) }])),
    );
    unwrap(await store.transaction((tx) => setState(tx, id, [REVOKED, by(NOW + 20)])));
    assert.deepEqual(
      [await statusThen(NOW), await statusThen(NOW + 9), await statusThen(NOW + 10), await statusThen(NOW + 20)],
      ['pending', 'pending', 'issued', 'revoked'],
    );
  });

  it(`lets ${CONFIRMATIONS} confirmations pass that relying parties are told nothing about`, async () => {
    const store = await opened();
    const numbers = Array.from({ length: CONFIRMATIONS }, (_, at) => at + 1);
    unwrap(
      await store.transaction(async (tx) => {
        await insertIntents(
          tx,
          numbers.map((number) => intent(number, { becomes: 'pending' })),
        );
        await storeSignatures(
          tx,
          numbers.map((number) => ({ id: idOf(number), signature: Uint8Array.of(1) })),
        );
        await certify(tx, intent(CONFIRMATIONS + 1), REVOKED);
      }),
    );
    const told = () =>
      store.read(async (reads) => ({
        last: await reads.lastStatusChange(),
        ofIssuer: (await reads.lastChanges([ISSUER]))[0],
        changes: (await reads.statusChanges(0, 2_000)).length,
        statuses: (await reads.statuses(ISSUER, [])).lastChange,
      }));
    const moment = { issuer: ISSUER, partition: null, thisUpdate: NOW + 1 };
    const listed = () => store.revokedSnapshot(moment, async ({ seen, count }) => ({ seen, count: await count() }));
    const before = { told: unwrap(await told()), listed: unwrap(await listed()) };
    assert.equal(before.told.changes, 1);
    const by = { at: NOW + 1, actor: 'card-management' };
    const confirmed = numbers.map((number) => ({ id: idOf(number), issuer: ISSUER, auditSeq: 1, ...by }));
    unwrap(await store.transaction((tx) => tx.confirmCertificates(confirmed)));
    assert.deepEqual({ told: unwrap(await told()), listed: unwrap(await listed()) }, before);
    const delta = await store.revokedSnapshot(moment, ({ changes }) => changes({ change: 0, listedSince: 0 }, 10));
    assert.equal(unwrap(delta)?.length, 1, 'the delta has the revocation, and room for a thousand confirmations');
    await assert.rejects(
      store.transaction((tx) => tx.confirmCertificates(confirmed.slice(0, 1))),
      /was pending/,
    );
  });

  it('cannot be changed by SQL, neither in the intent nor by another status after its signature', async () => {
    const database = await fresh();
    const store = await opened({ database });
    unwrap(await store.transaction((tx) => insertIntents(tx, [intent(1, { becomes: 'pending', updateId: idOf(9) })])));
    const raw = await rawDatabase(database);
    const signed = `signature = tbs, issued_seq = 1`;
    for (const [change, message] of [
      [`becomes = 'issued'`, /does not change/],
      [`update_id = null`, /does not change/],
      [`key_type = 'rsa-2048'`, /does not change/],
      [`status = 'issued', ${signed}`, /becomes what it was made for/],
    ] as const)
      await assert.rejects(raw.all(`update certificates set ${change}`), message);
    await raw.all(`update certificates set status = 'pending', ${signed}`);
    await assert.rejects(raw.all('update certificates set confirmed = true'), /confirmed once, when it is issued/);
    await raw.all(`update certificates set status = 'issued', confirmed = true`);
    await assert.rejects(raw.all('update certificates set confirmed = false'), /confirmed once, when it is issued/);
    await raw.close();
  });

  it('cannot be in force by SQL where its key is not proven', async () => {
    const database = await fresh();
    const store = await opened({ database });
    const encrypted = { becomes: 'pending', encrypted: true } as const;
    unwrap(await store.transaction((tx) => insertIntents(tx, [intent(1, encrypted)])));
    await assert.rejects(
      store.transaction((tx) => insertIntents(tx, [intent(2, { encrypted: true })])),
      /proof/,
    );
    const raw = await rawDatabase(database);
    await assert.rejects(raw.all('update certificates set encrypted = false'), /does not change/);
    await raw.all(`update certificates set status = 'pending', signature = tbs, issued_seq = 1`);
    await assert.rejects(raw.all(`update certificates set status = 'issued'`), /certificates_proof/);
    await raw.all(`update certificates set status = 'issued', confirmed = true`);
    await raw.close();
  });
});
