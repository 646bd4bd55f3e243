/** Requests that an outage has left open, and whose key was blocked before the signer was back. */

import assert from 'node:assert/strict';
import { recoverIntents } from '../../../src/operations/issuance/recover.js';
import { blockKey } from '../../../src/operations/keys/block-key.js';
import type { World } from '../../../src/operations/world.js';
import type { Account } from '../../../src/ports/store/accounts.js';
import { describeOnEach, unwrap } from '../../support/db/fixture.js';
import { idOf, intent, NOW } from '../../support/db/records.js';
import { insertIntents } from '../../support/db/unaudited.js';

const SCOPE = { profiles: ['*'], structures: ['*'], domains: ['*'], holders: ['*'] } as const;
const OFFICER: Account = {
  id: 'officer-a',
  name: 'A',
  roles: ['officer'],
  scope: SCOPE,
  credentials: [],
  disabled: false,
  createdAt: NOW,
};

describeOnEach('an intent that is open when its key is blocked', ({ opened }) => {
  it('is abandoned and never signed, whether an officer or a list has blocked its key, and its claim is released', async () => {
    const store = await opened();
    const claims = [1, 2].map((at) => ({ account: 'card-management', route: 'POST /v1/certificates', key: `k${at}` }));
    const records = claims.map((claim, at) => intent(at + 1, { claim, spkiSha256: String(at + 1).repeat(64) }));
    const requests = claims.map((claim) => ({ claim, bodySha256: 'b'.repeat(64) }));
    const stored = await store.transaction(async (tx) => {
      await tx.insertAccount(OFFICER);
      await tx.claimIdempotency(requests, NOW);
      await insertIntents(tx, records);
    });
    unwrap(stored);
    const clock = () => NOW + 1;
    const by = { officers: [OFFICER.id], reason: 'found in a repository', login: 'root' };
    unwrap(await blockKey({ store, clock }, '1'.repeat(64), by));
    const world = {
      store,
      clock,
      statusChanged: () => undefined,
      log: { info: () => undefined },
      blockedKeys: { has: (spkiSha256: string) => spkiSha256 === '2'.repeat(64) },
      // Nothing is called: neither for an issuer nor for a signature.
    };
    const recovered = unwrap(await recoverIntents(world as unknown as World, { ageMs: 0 }));
    assert.deepEqual(recovered, { finished: 0, abandoned: 2, waiting: 0 });
    for (const at of [1, 2]) {
      const record = unwrap(await store.read((reads) => reads.certificateById(idOf(at))));
      assert.deepEqual([record?.state.status, record?.signature], ['revoked', null]);
    }
    const peeked = unwrap(await store.read((reads) => reads.peekClaims(requests)));
    assert.deepEqual(peeked, [{ kind: 'claimed' }, { kind: 'claimed' }]);
  });
});
