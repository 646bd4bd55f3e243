/**
 * Requests that an outage has left open, and whose key was blocked, or whose CA was revoked, before
 * the signer was back.
 */
import assert from 'node:assert/strict';
import { ACCOUNT_DEFAULTS } from '../../../src/access/account.js';
import { recoverIntents } from '../../../src/operations/issuance/recover.js';
import { blockKey } from '../../../src/operations/keys/block-key.js';
import type { World } from '../../../src/operations/world.js';
import type { IssuerId } from '../../../src/ports/signer.js';
import type { Account } from '../../../src/ports/store/accounts.js';
import { describeOnEach, unwrap } from '../../support/db/fixture.js';
import { idOf, intent, NOW } from '../../support/db/records.js';
import { OWN_RUN } from '../../support/db/runs.js';
import { insertIntents } from '../../support/db/unaudited.js';

const SCOPE = { profiles: ['*'], structures: ['*'], domains: ['*'], holders: ['*'] } as const;
const OFFICER: Account = {
  id: 'officer-a',
  name: 'A',
  roles: ['officer'],
  scope: SCOPE,
  credentials: [],
  disabled: false,
  ...ACCOUNT_DEFAULTS,
  createdAt: NOW,
};

describeOnEach('an intent that is open when its key is blocked or its CA revoked', ({ opened }) => {
  it('is never signed, it is abandoned, and its claim is released: an officer or a list blocked its key, or a root its CA', async () => {
    const store = await opened();
    const claims = [1, 2, 3].map((at) => ({
      account: 'card-management',
      route: 'POST /v1/certificates',
      key: `k${at}`,
    }));
    const revoked = 'aci-fo-org' as IssuerId;
    const records = claims.map((claim, at) =>
      intent(at + 1, { claim, spkiSha256: String(at + 1).repeat(64), ...(at === 2 ? { issuer: revoked } : {}) }),
    );
    const requests = claims.map((claim) => ({ claim, bodySha256: 'b'.repeat(64) }));
    const stored = await store.transaction(async (tx) => {
      await tx.insertAccount(OFFICER);
      await tx.claimIdempotency(requests, NOW);
      await insertIntents(tx, records);
      await tx.insertRevokedIssuers([{ issuer: revoked, reason: 'keyCompromise', listNumber: 2, at: NOW }]);
    });
    unwrap(stored);
    const clock = () => NOW + 1;
    const by = { officer: OFFICER.id, reason: 'found in a repository', login: 'root' };
    unwrap(await blockKey({ store, clock }, '1'.repeat(64), by));
    const world = {
      ...OWN_RUN,
      store,
      clock,
      policy: { environment: { refusesOpposed: true } },
      statusChanged: () => undefined,
      log: { info: () => undefined },
      blockedKeys: { has: (spkiSha256: string) => spkiSha256 === '2'.repeat(64) },
      // Nothing is called: neither for an issuer nor for a signature.
    };
    const recovered = unwrap(await recoverIntents(world as unknown as World, 'own'));
    assert.deepEqual(recovered, { finished: 0, abandoned: 3, waiting: 0, unknown: 0, left: [] });
    for (const at of [1, 2, 3]) {
      const record = unwrap(await store.read((reads) => reads.certificateById(idOf(at))));
      assert.deepEqual([record?.state.status, record?.signature], ['revoked', null]);
    }
    const peeked = unwrap(await store.read((reads) => reads.peekClaims(requests)));
    assert.deepEqual(
      peeked,
      claims.map(() => ({ kind: 'claimed' })),
    );
  });
});
