/**
 * Whose intents are recovered, and what happens to the idempotency key of a request that is given
 * up. Otherwise a node would give up what another one is working on, or a client's retry would lose
 * its key to the recovery of its first attempt.
 */
import assert from 'node:assert/strict';
import { recoverIntents } from '../../../src/operations/issuance/recover.js';
import type { World } from '../../../src/operations/world.js';
import type { RunId } from '../../../src/ports/node.js';
import type { CertificateRecord } from '../../../src/ports/store/certificates.js';
import type { Store } from '../../../src/ports/store.js';
import { NO_BLOCKED_KEYS } from '../../../src/x509/keys/blocked-keys.js';
import { describeOnEach, unwrap } from '../../support/db/fixture.js';
import { idOf, intent, NOW, RUN } from '../../support/db/records.js';
import { nodeOf, runOf, withRun } from '../../support/db/runs.js';
import { insertIntents, setState } from '../../support/db/unaudited.js';

const [LIVE, ENDED, LOST] = [runOf(1), runOf(2), runOf(3)];
const CARD = '80250000012300456789';

describeOnEach('the recovery of open intents', ({ opened }) => {
  let store: Store;
  let underWay: Set<string>;

  beforeEach(async () => {
    store = await withRun(await opened());
    underWay = new Set();
    await withRun(store, { run: LIVE, node: nodeOf(1) });
    await withRun(store, { run: ENDED, node: nodeOf(2) });
    unwrap(await store.transaction((tx) => tx.endRun(ENDED, { at: NOW, reason: 'lost' })));
  });

  /** The clock of this process is far ahead. */
  const recover = async (whose: 'own' | 'ended') => {
    const world = {
      run: RUN,
      underWay,
      store,
      clock: () => NOW + 3_600_000,
      statusChanged: () => undefined,
      log: { info: () => undefined },
      blockedKeys: NO_BLOCKED_KEYS,
      // No issuer is known: what would be signed is given up.
      policy: { profiles: new Map() },
      issuers: { byId: () => null },
    };
    return unwrap(await recoverIntents(world as unknown as World, whose));
  };
  const insert = async (...records: readonly CertificateRecord[]) =>
    unwrap(await store.transaction((tx) => insertIntents(tx, records)));
  const ofRun = (number: number, run: RunId, from: Partial<CertificateRecord> = {}) => intent(number, { run, ...from });
  const open = async (...numbers: readonly number[]) => {
    const found = unwrap(await store.read((reads) => reads.certificatesByIds(numbers.map(idOf))));
    return numbers.filter((number) => found.find(({ id }) => id === idOf(number))?.state.status === 'open');
  };

  it('concerns its own run, and runs that were ended or are not there, and no live run, whatever its clock', async () => {
    await insert(ofRun(1, RUN), ofRun(2, LIVE), ofRun(3, ENDED), ofRun(4, LOST));
    await recover('own');
    assert.deepEqual(await open(1, 2, 3, 4), [2, 3, 4]);
    await recover('ended');
    assert.deepEqual(await open(1, 2, 3, 4), [2]);
  });

  it('leaves requests of its own run alone that are under way', async () => {
    await insert(ofRun(1, RUN), ofRun(2, RUN));
    underWay.add(idOf(2));
    await recover('own');
    assert.deepEqual(await open(1, 2), [2]);
    underWay.clear();
    await recover('own');
    assert.deepEqual(await open(1, 2), []);
  });

  it('leaves the key of a request to the retry that has it, when a certificate of its card was revoked', async () => {
    const claim = { account: 'card-management', route: 'POST /v1/cards', key: 'lost' };
    const request = { claim, bodySha256: 'b'.repeat(64) };
    const first = { claim, cardTokenId: CARD };
    const retry = { ...first, createdAt: NOW + 5_000 };
    unwrap(await store.transaction((tx) => tx.claimIdempotency([request], NOW)));
    await insert(ofRun(1, ENDED, first), ofRun(2, ENDED, first));
    // The revocation releases the key, and the retry has it from then on.
    const revoked = { status: 'revoked', at: NOW, reason: 'superseded', invalidityDate: null } as const;
    unwrap(
      await store.transaction(async (tx) => {
        await setState(tx, idOf(1), [revoked, { at: NOW, actor: 'officer-1' }]);
        await tx.releaseClaims([claim]);
      }),
    );
    unwrap(await store.transaction((tx) => tx.claimIdempotency([request], NOW)));
    await insert(ofRun(3, LIVE, retry), ofRun(4, LIVE, retry));
    await recover('ended');
    assert.deepEqual(await open(2, 3, 4), [3, 4]);
    const peeked = unwrap(await store.read((reads) => reads.peekClaims([request])));
    assert.deepEqual(peeked, [{ kind: 'in-progress' }]);
  });

  it('takes a retry under the same key for another request, and releases the key when that is given up', async () => {
    const claim = { account: 'card-management', route: 'POST /v1/cards', key: 'lost' };
    const request = { claim, bodySha256: 'b'.repeat(64) };
    const of = (createdAt: number) => ({ claim, cardTokenId: CARD, createdAt });
    unwrap(await store.transaction((tx) => tx.claimIdempotency([request], NOW)));
    await insert(ofRun(1, ENDED, of(NOW)), ofRun(2, ENDED, of(NOW)), ofRun(3, ENDED, of(NOW + 1)));
    const revoked = { status: 'revoked', at: NOW, reason: 'superseded', invalidityDate: null } as const;
    unwrap(await store.transaction((tx) => setState(tx, idOf(1), [revoked, { at: NOW, actor: 'officer-1' }])));
    await recover('ended');
    assert.deepEqual(await open(2, 3), []);
    const peeked = unwrap(await store.read((reads) => reads.peekClaims([request])));
    assert.deepEqual(peeked, [{ kind: 'claimed' }]);
  });
});
