/**
 * The sessions of a signer in which it makes its signatures. Without this test, the death of an
 * idle session was found by the next request only.
 */
import assert from 'node:assert/strict';
import { describeInspectionFailure, withToken } from '../../../hsm/inspect/inspection.js';
import { openSessionPool } from '../../../hsm/pkcs11/signing/session-pool.js';
import { makeToken, removeFolder, temporaryFolder } from '../../support/hsm/signers.js';

describe('the sessions of a signer', () => {
  let home: string;
  before(() => {
    home = temporaryFolder();
  });
  after(() => removeFolder(home));

  it('report it if the login was lost while they were idle', async () => {
    const { configuration } = makeToken(home, 'platform', [['platform', 'p-256']]);
    const outcome = await withToken(configuration, async ({ pkcs11, session }) => {
      const pool = openSessionPool(pkcs11, session.slot, 1);
      const whileLoggedIn = pool.keepAlive(0);
      pkcs11.library.C_Logout(session.handle);
      const loggedOut = pool.keepAlive(0);
      const notIdle = pool.keepAlive(60_000);
      await pool.close();
      return { whileLoggedIn, loggedOut, notIdle };
    });
    assert.ok(outcome.ok, outcome.ok ? '' : describeInspectionFailure(outcome.error));
    const failure = { kind: 'pkcs11-failed', operation: 'C_GetSessionInfo', ckr: 'CKR_USER_NOT_LOGGED_IN' };
    assert.deepEqual(outcome.value, {
      whileLoggedIn: { ok: true, value: undefined },
      loggedOut: { ok: false, error: failure },
      notIdle: { ok: true, value: undefined },
    });
  });
});
