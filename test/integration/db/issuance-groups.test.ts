/** Requests that share a transaction, when they reserve and when they store signatures. */
import assert from 'node:assert/strict';
import { ACCOUNT_DEFAULTS } from '../../../src/access/account.js';
import { RESERVE_INTENTS, type Reservation } from '../../../src/operations/issuance/reserve.js';
import { type SignedRequest, STORE_SIGNATURES } from '../../../src/operations/issuance/store-signatures.js';
import { decideAll, revocationOfLive, writeAll } from '../../../src/operations/revocation/revoke.js';
import type { CertificateRecord } from '../../../src/ports/store/certificates.js';
import type { Store } from '../../../src/ports/store.js';
import { describeOnEach, unwrap } from '../../support/db/fixture.js';
import { certify, idOf, intent, NOW, RUN } from '../../support/db/records.js';
import { ACTOR, CARD, reservation } from '../../support/db/reservations.js';
import { withRun } from '../../support/db/runs.js';
import { storedAudit } from '../../support/db/stored-audit.js';
import { insertIntents, setState } from '../../support/db/unaudited.js';

/** Reserves all of them in one transaction, in this order. */
async function together(store: Store, reservations: readonly Reservation[]) {
  const outcomes = await store.transaction((tx) => RESERVE_INTENTS.run(tx, reservations));
  return unwrap(outcomes).map((outcome) => outcome.kind);
}

async function settled(store: Store, settlements: readonly SignedRequest[]) {
  return unwrap(await store.transaction((tx) => STORE_SIGNATURES.run(tx, settlements)));
}

function settlement(record: CertificateRecord, octet: number): SignedRequest {
  const signed = [{ record, signature: Uint8Array.of(octet) }];
  return { signed, actor: `account:${ACTOR}`, requestId: undefined, now: NOW, claim: record.claim, line: null };
}

async function auditTypes(store: Store): Promise<readonly string[]> {
  return (await storedAudit(store)).map(({ type }) => type);
}

async function revoke(store: Store, { id }: CertificateRecord): Promise<void> {
  const everything = { profiles: ['*'], structures: ['*'], domains: ['*'], holders: ['*'] };
  const account = { id: 'officer-1', name: '', roles: ['officer'], scope: everything };
  const command = { reason: 'cessationOfOperation', invalidityDate: null } as const;
  const officer = { ...account, credentials: [], disabled: false, ...ACCOUNT_DEFAULTS, createdAt: NOW };
  const change = revocationOfLive({ ...command, account: officer }, NOW);
  const revoked = await store.transaction(async (tx) => {
    const found = await tx.certificatesByIds([id]);
    const changed = unwrap(decideAll(found, change));
    await writeAll(tx, { change, changed, at: NOW });
    return changed.map(({ state }) => state.status);
  });
  assert.deepEqual(unwrap(revoked), ['revoked']);
}

describeOnEach('requests that reserve in one transaction', ({ opened, fresh }) => {
  it('a run that was ended uses no serial number, whatever it had prepared', async () => {
    const store = await withRun(await opened());
    unwrap(await store.transaction((tx) => tx.endRun(RUN, { at: NOW, reason: 'lost' })));
    assert.deepEqual(await together(store, [reservation(intent(1))]), ['database-unavailable']);
    assert.deepEqual(unwrap(await store.read((reads) => reads.openIntents({ run: RUN, limit: 10 }))), []);
  });

  it('a request that is revoked while it is open releases its idempotency key, whoever works on it', async () => {
    const store = await withRun(await opened());
    assert.deepEqual(await together(store, [reservation(intent(1), 'lost')]), ['reserved']);
    await revoke(store, intent(1));
    assert.deepEqual(await together(store, [reservation(intent(2), 'lost')]), ['reserved']);
  });

  it('a signature that comes after the revocation leaves the idempotency key to the retry that has claimed it', async () => {
    const store = await withRun(await opened());
    const claim = { account: ACTOR, route: 'POST /v1/certificates', key: 'lost' };
    const [first, retry] = [intent(1, { claim }), intent(2, { claim })];
    assert.deepEqual(await together(store, [reservation(first, 'lost')]), ['reserved']);
    await revoke(store, first);
    assert.deepEqual(await together(store, [reservation(retry, 'lost')]), ['reserved']);
    assert.deepEqual(await settled(store, [settlement(first, 1)]), [null]);
    assert.deepEqual(await together(store, [reservation(intent(3), 'lost')]), ['in-progress']);
    const [released] = await settled(store, [settlement(retry, 2)]);
    assert.deepEqual(
      released?.map(({ state }) => state.status),
      ['issued'],
    );
  });

  it('a key that two holders ask for is the first one’s', async () => {
    const store = await withRun(await opened());
    const key = 'a'.repeat(64);
    const records = ['H1', 'H2', 'H1'].map((holderId, at) => intent(at + 1, { holderId, spkiSha256: key }));
    assert.deepEqual(
      await together(
        store,
        records.map((record) => reservation(record)),
      ),
      ['reserved', 'refused', 'reserved'],
    );
    assert.deepEqual(await auditTypes(store), ['certificate.intent', 'certificate.intent']);
    assert.equal(unwrap(await store.read((reads) => reads.certificateById(idOf(2)))), null);
  });

  it('a key is of one profile of one card, whether it is asked for at once or later', async () => {
    const store = await withRun(await opened());
    const holder = { holderId: 'H1', spkiSha256: 'a'.repeat(64) };
    const onCard = (number: number, profile: string, tokenId: string = CARD.tokenId) =>
      reservation(intent(number, { ...holder, profile, cardTokenId: tokenId, card: { ...CARD, tokenId } }));
    const first = onCard(1, 'fort/cps-authentication');
    const signature = onCard(2, 'fort/cps-signature');
    const otherCard = onCard(3, 'fort/cps-authentication', '8025000001/2600301760');
    const offCard = reservation(intent(4, { ...holder, profile: 'elementaire/org-sign' }));
    assert.deepEqual(await together(store, [first, signature]), ['reserved', 'refused']);
    assert.deepEqual(await together(store, [signature, otherCard, offCard]), ['refused', 'refused', 'refused']);
    assert.deepEqual(await together(store, [onCard(5, 'fort/cps-authentication')]), ['reserved']);
  });

  it('a key stays with its profile and card after a revocation, and is free after a request was given up', async () => {
    const store = await withRun(await opened());
    const card = { holderId: 'H1', cardTokenId: CARD.tokenId, card: { ...CARD } };
    const [revokedKey, freeKey] = ['a'.repeat(64), 'b'.repeat(64)];
    const state = { status: 'revoked', at: NOW, reason: 'superseded', invalidityDate: null } as const;
    await store.transaction(async (tx) => {
      await certify(tx, intent(1, { ...card, spkiSha256: revokedKey }), state);
      await insertIntents(tx, [intent(2, { ...card, spkiSha256: freeKey })]);
      await setState(tx, idOf(2), [state, { at: NOW, actor: `account:${ACTOR}` }]);
    });
    const signature = (number: number, spkiSha256: string) =>
      reservation(intent(number, { ...card, spkiSha256, profile: 'fort/cps-signature' }));
    assert.deepEqual(await together(store, [signature(3, revokedKey)]), ['refused']);
    assert.deepEqual(await together(store, [signature(4, freeKey)]), ['reserved']);
  });

  it('a key is free for another holder after a request for it was given up, and not after a certificate', async () => {
    const store = await withRun(await opened());
    const [certifiedKey, freeKey] = ['a'.repeat(64), 'b'.repeat(64)];
    const state = { status: 'revoked', at: NOW, reason: 'unspecified', invalidityDate: null } as const;
    await store.transaction(async (tx) => {
      await certify(tx, intent(1, { holderId: 'H1', spkiSha256: certifiedKey }), state);
      await insertIntents(tx, [intent(2, { holderId: 'H1', spkiSha256: freeKey })]);
    });
    const ofOther = (number: number, spkiSha256: string) => reservation(intent(number, { holderId: 'H2', spkiSha256 }));
    assert.deepEqual(await together(store, [ofOther(3, certifiedKey), ofOther(4, freeKey)]), ['refused', 'refused']);
    await store.transaction((tx) => setState(tx, idOf(2), [state, { at: NOW, actor: `account:${ACTOR}` }]));
    assert.deepEqual(await together(store, [ofOther(5, certifiedKey), ofOther(6, freeKey)]), ['refused', 'reserved']);
  });

  it('of two services that ask for two profiles on one key at the same time, one gets it', async () => {
    const database = await fresh();
    const services = [await withRun(await opened({ database })), await opened({ database })];
    const profiles = ['fort/cps-authentication', 'fort/cps-signature'];
    const rounds = Array.from({ length: 20 }, (_, round) => round);
    for (const round of rounds) {
      const outcomes = await Promise.all(
        services.map((service, at) => {
          const spkiSha256 = String(round).padStart(64, '0');
          const card = { cardTokenId: CARD.tokenId, card: { ...CARD }, profile: profiles[at] ?? '' };
          const asked = reservation(intent(2 * round + at, { ...card, spkiSha256 }));
          return service.groupedTransaction(RESERVE_INTENTS, asked);
        }),
      );
      assert.deepEqual(outcomes.map((one) => unwrap(one).kind).sort(), ['refused', 'reserved'], `round ${round}`);
    }
  });

  it('a card that two holders ask for is the first one’s', async () => {
    const store = await withRun(await opened());
    const records = ['H1', 'H2'].map((holderId, at) =>
      intent(at + 1, { holderId, cardTokenId: CARD.tokenId, card: { ...CARD } }),
    );
    assert.deepEqual(
      await together(
        store,
        records.map((record) => reservation(record)),
      ),
      ['reserved', 'refused'],
    );
  });

  it('a certificate that was revoked since a renewal began is not renewed, and no serial is spent on it', async () => {
    const store = await withRun(await opened());
    const [live, lost] = [intent(1), intent(2)];
    const revoked = { status: 'revoked', at: NOW, reason: 'superseded', invalidityDate: null } as const;
    await store.transaction(async (tx) => {
      await certify(tx, live);
      await certify(tx, lost, revoked);
    });
    const renewals = [live, lost].map(({ id }, at) => reservation(intent(at + 3, { renews: id }), `k${at}`));
    assert.deepEqual(await together(store, renewals), ['reserved', 'refused']);
    assert.equal(unwrap(await store.read((reads) => reads.certificateById(idOf(3))))?.renews, live.id);
    assert.equal(unwrap(await store.read((reads) => reads.certificateById(idOf(4)))), null);
    // A refused request releases its key.
    const [claim] = renewals.flatMap((one) => (one.claim?.claim.key === 'k1' ? [one.claim] : []));
    assert.ok(claim);
    assert.deepEqual(unwrap(await store.read((reads) => reads.peekClaims([claim]))), [{ kind: 'claimed' }]);
  });

  it('of two renewals on one key the first has it while it is being made, and again once the first was given up', async () => {
    const store = await withRun(await opened());
    const old = intent(1);
    await store.transaction((tx) => certify(tx, old, { status: 'issued' }));
    const [holderId, spkiSha256] = [old.holderId, 'a'.repeat(64)];
    const renewal = (number: number) => reservation(intent(number, { holderId, spkiSha256, renews: old.id }));
    assert.deepEqual(await together(store, [renewal(2), renewal(3)]), ['reserved', 'refused']);
    // Also in a later transaction: the first one has no signature yet.
    assert.deepEqual(await together(store, [renewal(4)]), ['refused']);
    const abandoned = { status: 'revoked', at: NOW, reason: 'unspecified', invalidityDate: null } as const;
    await store.transaction((tx) => setState(tx, idOf(2), [abandoned, { at: NOW, actor: `account:${ACTOR}` }]));
    assert.deepEqual(await together(store, [renewal(5)]), ['reserved']);
  });

  it('of one idempotency key the first has it, the same again is in progress, another body a mismatch', async () => {
    const store = await withRun(await opened());
    const asked = [
      reservation(intent(1), 'k'),
      reservation(intent(2), 'k'),
      reservation(intent(3), 'k', 'c'.repeat(64)),
      reservation(intent(4), 'other'),
    ];
    assert.deepEqual(await together(store, asked), ['reserved', 'in-progress', 'mismatch', 'reserved']);
    assert.equal(unwrap(await store.read((reads) => reads.openIntents({ run: RUN, limit: 10 }))).length, 2);
  });

  it('a refused request releases its idempotency key', async () => {
    const store = await withRun(await opened());
    const spkiSha256 = 'a'.repeat(64);
    await together(store, [reservation(intent(1, { holderId: 'H1', spkiSha256 }))]);
    const second = reservation(intent(2, { holderId: 'H2', spkiSha256 }), 'k');
    assert.deepEqual(await together(store, [second]), ['refused']);
    assert.deepEqual(await together(store, [reservation(intent(3), 'k')]), ['reserved']);
  });
});

describeOnEach('requests that store signatures in one transaction', ({ opened }) => {
  it('of a request and a recovery of one certificate the first signature is stored, and both get it', async () => {
    const store = await withRun(await opened());
    await together(store, [reservation(intent(1), 'k')]);
    const [record] = unwrap(await store.read((reads) => reads.openIntents({ run: RUN, limit: 1 })));
    assert.ok(record);
    const outcomes = await settled(store, [settlement(record, 1), settlement(record, 2)]);
    assert.deepEqual(
      outcomes.map((released) => released?.map(({ signature, state }) => [signature, state.status])),
      [[[Uint8Array.of(1), 'issued']], [[Uint8Array.of(1), 'issued']]],
    );
    assert.deepEqual(await auditTypes(store), ['certificate.intent', 'certificate.issued']);
  });

  it('a certificate that was revoked while it was open is not released, and others in its transaction are', async () => {
    const store = await withRun(await opened());
    await together(store, [reservation(intent(1), 'k'), reservation(intent(2))]);
    const [first, second] = unwrap(await store.read((reads) => reads.openIntents({ run: RUN, limit: 2 })));
    assert.ok(first && second);
    const revoked = { status: 'revoked', at: NOW, reason: 'unspecified', invalidityDate: null } as const;
    unwrap(await store.transaction((tx) => setState(tx, first.id, [revoked, { at: NOW, actor: `account:${ACTOR}` }])));
    const outcomes = await settled(store, [settlement(first, 1), settlement(second, 2)]);
    assert.deepEqual(
      outcomes.map((released) => released?.length ?? null),
      [null, 1],
    );
    const kept = unwrap(await store.read((reads) => reads.certificateById(first.id)));
    assert.deepEqual([kept?.state, kept?.signature], [revoked, null]);
  });
});
