import assert from 'node:assert/strict';
import { createPublicKey, verify } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SignerClient } from '../../../hsm/client/client.js';
import { makeLintToken } from '../../../src/lint/token.js';
import { tbsCertificate } from '../../support/hsm/der.js';
import { type P11KitServer, p11KitClient, startP11KitServer } from '../../support/hsm/p11-kit.js';
import {
  certificateClient,
  ISSUER,
  type MadeToken,
  makeToken,
  type RunningSupervisor,
  removeFolder,
  startSupervisor,
  supervisorConfiguration,
  temporaryFolder,
} from '../../support/hsm/signers.js';

const client = p11KitClient();

describe('an HSM that disappears and comes back (p11-kit server)', () => {
  // A test without a body is shown as pending, with its title.
  if (client === null) return void it('cannot be tried: p11-kit and its client module are not installed');
  const modulePath = client;
  let home: string;
  let made: MadeToken;
  let hsm: P11KitServer;
  let supervisor: RunningSupervisor;
  let signers: SignerClient;
  let serial = 0x1000;
  let loading = false;

  const startHsm = (): Promise<P11KitServer> =>
    startP11KitServer({
      socket: join(home, 'hsm.sock'),
      softhsmDirectory: made.configuration.softhsmDirectory,
      tokenLabel: made.configuration.tokenLabel,
    });

  before(async () => {
    home = temporaryFolder();
    made = makeToken(home, 'ca', [[ISSUER, 'p-256']]);
    hsm = await startHsm();
    const token = {
      ...made.configuration,
      modulePath,
      // Only the lock of the signer is here: the server has the files of the token.
      softhsmDirectory: join(home, 'lock'),
      moduleEnvironment: { P11_KIT_SERVER_ADDRESS: `unix:path=${join(home, 'hsm.sock')}` },
    };
    supervisor = startSupervisor(supervisorConfiguration(home, [token], { requestDeadlineMs: 2_000 }));
    await supervisor.event('child-ready');
    signers = certificateClient(home, made);
  });
  after(async () => {
    loading = false;
    signers?.close();
    await supervisor?.stop();
    await hsm?.kill();
    removeFolder(home);
  });

  /** True when it was signed; what is signed always verifies. */
  async function sign(): Promise<{ readonly signed: boolean; readonly detail: string }> {
    serial += 1;
    const tbs = tbsCertificate(serial.toString(16));
    const answer = await signers.certificate(makeLintToken('certificate', ISSUER, tbs), 'test/leaf');
    if (!answer.ok) {
      assert(answer.error.kind === 'signer-unavailable', JSON.stringify(answer));
      return { signed: false, detail: answer.error.detail };
    }
    const spki = made.publicKeys.get(ISSUER);
    assert(spki);
    const key = createPublicKey({ key: spki, format: 'der', type: 'spki' });
    assert(verify('sha256', tbs, key, answer.value), 'a signature that does not verify was released');
    return { signed: true, detail: '' };
  }

  it('signs through the server', async () => {
    assert((await sign()).signed);
  });

  it('killed during use, it gives unavailable answers with the reason; started again, it signs under the same load', async () => {
    loading = true;
    const outcomes: { readonly signed: boolean; readonly detail: string }[] = [];
    const load = Array.from({ length: 8 }, async () => {
      while (loading) {
        const outcome = await sign();
        outcomes.push(outcome);
        if (!outcome.signed) await sleep(20);
      }
    });
    await sleep(300);
    const seen = supervisor.events.length;
    await hsm.kill();
    // A signer tries to reach it again before it says that it cannot.
    while (outcomes.every(({ signed }) => signed)) await sleep(20);
    await supervisor.event('child-gone', seen);
    while (outcomes.at(-1)?.signed !== false) await sleep(20);
    const down = outcomes.length;
    // A request that was waiting when the signer ended gets only the time for which it waited.
    const givesReason = ({ detail }: { readonly detail: string }) => /CKR_|no token is labelled/.test(detail);
    while (!outcomes.slice(down).some(givesReason)) await sleep(20);
    assert(outcomes.slice(down).every(({ signed }) => !signed));
    const first = supervisor.events.slice(seen).find(({ event }) => event === 'signer-fault');
    assert.match(`${first?.operation}: ${first?.ckr}`, /^C_Sign(Init)?: CKR_DEVICE_/);
    const lost = outcomes.length;
    hsm = await startHsm();
    while (!outcomes.slice(lost).some(({ signed }) => signed)) await sleep(50);
    loading = false;
    await Promise.all(load);
    assert((await sign()).signed);
  });
});
