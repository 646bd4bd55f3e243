/**
 * External signers: several `pfcng signer --token`, and a service that starts none itself.
 */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type Client, clientOf, type IssuedCertificate } from '../../support/service/client.js';
import {
  configure,
  makeServiceHome,
  PROGRAM,
  removeServiceHome,
  type ServiceHome,
} from '../../support/service/home.js';
import { bodyOf } from '../../support/service/orders.js';
import { isSignerChild, processTree, tokenOf } from '../../support/service/processes.js';
import { createPreparedService, runPfcng, type Service, serviceEnvironment } from '../../support/service/service.js';

const UNITS = [
  ['ca-fort'],
  ['ca-standard', 'ca-elementaire', 'ocsp-fort', 'ocsp-standard', 'ocsp-elementaire', 'platform'],
];

describe('a service whose signers are units of their own', () => {
  let at: ServiceHome;
  let service: Service;
  let cards: Client;
  const units: ChildProcess[] = [];

  function startUnit(tokens: readonly string[]): void {
    const args = [PROGRAM, 'signer', '--token', ...tokens];
    units.push(spawn(process.execPath, args, { stdio: 'ignore', env: serviceEnvironment(at) }));
  }
  before(async function startAll() {
    at = await makeServiceHome('p-256');
    // The first start needs supervised signers, because it issues the development credentials.
    service = await createPreparedService(at);
    configure(at, { signers: 'external' });
    for (const tokens of UNITS) startUnit(tokens);
    await service.start();
    cards = clientOf(service, 'card-management');
  });
  after(async function stopAll() {
    await cards.close();
    await service.stop();
    await Promise.all(
      units.map((unit) => {
        const gone = once(unit, 'exit');
        unit.kill('SIGTERM');
        return gone;
      }),
    );
    removeServiceHome(at);
  });

  it('starts no signer; each unit has only its given tokens', () => {
    assert.equal(service.tree().length, 1);
    for (const [index, tokens] of UNITS.entries()) {
      const children = processTree(units[index]?.pid ?? 0).filter(isSignerChild);
      assert.deepEqual(children.map(tokenOf).sort(), [...tokens].sort());
    }
  });

  it('issues with all of them', async () => {
    for (const profile of ['fort/cps-signature', 'standard/cpe-signature', 'elementaire/serv-ssl'] as const)
      await cards.expect<IssuedCertificate>('POST', '/v1/certificates', { body: bodyOf(profile) });
  });

  it('continues when a unit is restarted', async () => {
    const [first] = units;
    assert.ok(first);
    const gone = once(first, 'exit');
    first.kill('SIGTERM');
    assert.deepEqual(await gone, [0, null]);
    startUnit(['ca-fort']);
    const order = { body: bodyOf('fort/cps-signature'), headers: { 'idempotency-key': 'while-the-unit-restarts' } };
    for (let tries = 0; (await cards.call('POST', '/v1/certificates', order)).status !== 201; tries += 1)
      assert.ok(tries < 20, 'it does not come back');
    units.shift();
  });

  it('rejects an unknown token', async () => {
    const none = await runPfcng(at, 'signer', '--token', 'ca-frot');
    assert.equal(none.status, 1);
    assert.match(none.stderr, /no token is named ca-frot: there are ca-fort/);
  });
});
