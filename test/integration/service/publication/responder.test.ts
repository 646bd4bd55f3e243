/**
 * Separate OCSP responders: `pfcng serve --roles responder`.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { homePaths } from '../../../../src/config/paths.js';
import { describeOnEach } from '../../../support/db/fixture.js';
import { type Client, clientOf, type IssuedCertificate } from '../../../support/service/client.js';
import { createRelyingParty, type RelyingParty, writeIssued } from '../../../support/service/files.js';
import {
  makeServiceHome,
  PROGRAM,
  removeServiceHome,
  type ServiceHome,
  secondServiceHome,
} from '../../../support/service/home.js';
import { bodyOf, type ProfileId } from '../../../support/service/orders.js';
import { isAlive } from '../../../support/service/processes.js';
import { createService, type Service, serviceEnvironment } from '../../../support/service/service.js';
import {
  createResponderProcess,
  type Readiness,
  type ResponderOfItsOwn,
} from '../../../support/status/responder-process.js';
import { until } from '../../../support/until.js';

const READY_MS_MAX = 300_000;
const OF_ANOTHER_CA = 'fort/cps-authentication';

describeOnEach('a responder of its own', ({ kind }) => {
  let at: ServiceHome;
  let service: Service;
  let clients: { readonly cards: Client; readonly officer: Client };
  let party: RelyingParty;
  let responder: ResponderOfItsOwn;
  /** A home folder with what a responder needs, as it was after the ceremonies. */
  let early: string;

  before(async function startIt() {
    at = await makeServiceHome('p-256', { database: kind });
    service = createService(at);
    await service.start();
    early = join(at.folder, 'early');
    for (const one of ['environment.json', 'authorities'])
      cpSync(join(at.home, one), join(early, one), { recursive: true });
    clients = { cards: clientOf(service, 'card-management'), officer: clientOf(service, 'officer-1') };
    responder = await createResponderProcess(at);
    await responder.start();
    party = createRelyingParty(responder.urls.publication);
    await party.fetchAll();
  });
  after(async function stopIt() {
    await responder.stop();
    await clients.cards.close();
    await clients.officer.close();
    await service.stop();
    party.remove();
    removeServiceHome(at);
  });

  const ready = async (): Promise<Readiness> => (await responder.readiness()) ?? assert.fail('no answer');
  const metrics = async (): Promise<string> => {
    await ready();
    return (await fetch(`${responder.urls.operators[0]}/metrics`)).text();
  };
  const issue = (profile: ProfileId = 'elementaire/org-auth-cli') =>
    clients.cards.expect<IssuedCertificate>('POST', '/v1/certificates', { body: bodyOf(profile) });
  const revoke = ({ id }: IssuedCertificate) =>
    clients.officer.expect('POST', `/v1/certificates/${id}/revocation`, { body: { reason: 'superseded' } });
  const statusOf = async (issued: IssuedCertificate, ...options: readonly string[]): Promise<string> => {
    const { output } = await party.ocsp(writeIssued(party, issued), issued.ca, ...options);
    return /: (good|revoked)$/m.exec(output)?.[1] ?? /trylater/i.exec(output)?.[0] ?? output;
  };

  it('reports the certificate of a responder that a ceremony made: good, found by its number, then revoked', async () => {
    const file = new X509Certificate(readFileSync(join(at.home, 'authorities/aci-st-pp.ocsp.cer')));
    const search = `/v1/certificates?ca=aci-st-pp&serialNumber=${file.serialNumber.toLowerCase()}`;
    const found = async () => {
      const { certificates } = await clients.officer.expect<{ readonly certificates: readonly IssuedCertificate[] }>(
        'GET',
        search,
      );
      assert.equal(certificates.length, 1);
      return certificates[0] ?? assert.fail('one certificate');
    };
    const registered = await found();
    assert.equal(new X509Certificate(registered.certificate).fingerprint256, file.fingerprint256);
    assert.deepEqual(registered.holder, { kind: 'responder', ca: 'aci-st-pp' });
    assert.deepEqual([registered.status, await statusOf(registered, '-no_nonce')], ['issued', 'good']);
    await revoke(registered);
    assert.equal((await found()).status, 'revoked');
    await until('OCSP says revoked', async () => (await statusOf(registered, '-no_nonce')) === 'revoked');
  });

  it('reports what the service issues and revokes, with and without nonce, and serves CRLs and certificates', async () => {
    const issued = await issue();
    assert.deepEqual([await statusOf(issued), await statusOf(issued, '-no_nonce')], ['good', 'good']);
    await revoke(issued);
    await until('it is revoked', async () => (await statusOf(issued, '-no_nonce')) === 'revoked');
    assert.equal(await statusOf(issued), 'revoked');
    const { state, parts } = await ready();
    assert.deepEqual([state, parts.database], ['ready', 'ready']);
    assert.deepEqual(Object.keys(parts.signers).sort(), ['ocsp-elementaire', 'ocsp-fort', 'ocsp-standard']);
  });

  it('runs several processes on one address, of which one may crash', async function several() {
    await responder.stop();
    await responder.start('--workers', '2');
    const issued = await issue();
    for (let time = 0; time < 4; time += 1) assert.equal(await statusOf(issued, '-no_nonce'), 'good');
    const [victim] = workersOf(responder.pid());
    assert.ok(victim !== undefined);
    process.kill(victim, 'SIGKILL');
    for (let time = 0; time < 20; time += 1) assert.equal(await statusOf(issued, '-no_nonce'), 'good');
    const end = performance.now() + READY_MS_MAX;
    while (workersOf(responder.pid()).length < 2 || isAlive(victim)) {
      assert.ok(performance.now() < end, responder.said());
      await sleep(50);
    }
    await revoke(issued);
    // Each of the processes polls. Any of them may get a connection.
    let lately: readonly string[] = [];
    await until('all of them have polled', async () => {
      lately = [...lately.slice(-19), await statusOf(issued, '-no_nonce')];
      return lately.length === 20 && lately.every((status) => status === 'revoked');
    });
  });

  // No database changes how a process starts.
  const itOnFile = kind === 'sqlite' ? it : () => {};
  itOnFile('with several processes waits for an address in use, and reports it', async function taken() {
    await responder.stop();
    const other = createServer().listen(Number(new URL(responder.urls.publication).port), '127.0.0.1');
    await once(other, 'listening');
    const started = responder.start('--workers', '2');
    const end = performance.now() + READY_MS_MAX;
    while (!/the address is in use[\s\S]*it is restarted/.test(responder.said())) {
      assert.ok(performance.now() < end, responder.said());
      await sleep(50);
    }
    other.close();
    await started;
  });

  it('answers what is cached or pre-signed without service and signers, after a restart too; the rest is tryLater', async function alone() {
    await responder.stop();
    const config = JSON.parse(readFileSync(responder.configFile, 'utf8')) as object;
    const signing = (authority: string): void =>
      writeFileSync(responder.configFile, JSON.stringify({ ...config, ocsp: { signAhead: { [authority]: 1_000 } } }));
    signing('acr-el');
    await assert.rejects(responder.start(), /ocsp\/signAhead: .*acr-el is not an issuing authority/);
    signing('aci-el-org');
    const [preSigned, cached, stranger] = [await issue(), await issue(OF_ANOTHER_CA), await issue(OF_ANOTHER_CA)];
    await responder.start();
    const end = performance.now() + READY_MS_MAX;
    while (!/pfcng_ocsp_ahead_missing\{issuer="aci-el-org"\} 0/.test(await metrics())) {
      assert.ok(performance.now() < end, responder.said());
      await sleep(100);
    }
    assert.equal(await statusOf(cached, '-no_nonce'), 'good');
    await service.killEverything();
    assert.deepEqual([await statusOf(preSigned, '-no_nonce'), await statusOf(cached, '-no_nonce')], ['good', 'good']);
    // Readiness is computed once a second.
    const gone = performance.now() + READY_MS_MAX;
    while ((await ready()).state !== 'degraded') {
      assert.ok(performance.now() < gone, 'the signers are gone');
      await sleep(100);
    }
    await responder.stop();
    await responder.start();
    assert.equal(await statusOf(cached, '-no_nonce'), 'good');
    assert.match(await statusOf(stranger, '-no_nonce'), /trylater/i);
    assert.match(await statusOf(cached), /trylater/i, 'nothing new can be signed');
    await service.start();
    assert.equal(await statusOf(stranger, '-no_nonce'), 'good');
    await revoke(cached);
    await until('it is revoked', async () => (await statusOf(cached, '-no_nonce')) === 'revoked');
  });

  // A SQLite file cannot be read from another home folder.
  const itOnServer = kind === 'postgresql' ? it : () => {};
  itOnServer('without a worker in its home folder saves the renewed certificates there, for the signers', async () => {
    const name = 'aci-st-pp.ocsp.cer';
    const renewed = () => readFileSync(join(at.home, 'authorities', name));
    // The one of the ceremony was revoked, so the service renews it at its next run.
    const end = performance.now() + 3 * READY_MS_MAX;
    while (renewed().equals(readFileSync(join(early, 'authorities', name)))) {
      assert.ok(performance.now() < end, 'it is renewed');
      await sleep(200);
    }
    const members = { signers: 'external', signerSockets: { folder: homePaths(at.home).signerSockets } };
    const second = await secondServiceHome(at);
    cpSync(early, second.home, { recursive: true });
    for (const [home, roles] of [
      [early, 'responder'],
      [second.home, 'api,responder'],
    ] as const) {
      const lone = await createResponderProcess({ ...at, home }, members, roles);
      await lone.start();
      await lone.stop();
      assert.deepEqual(readFileSync(join(home, 'authorities', name)), renewed(), roles);
      assert.deepEqual(readdirSync(join(home, 'authorities')), readdirSync(join(at.home, 'authorities')), roles);
    }
    removeServiceHome(second);
  });

  itOnFile('rejects invalid numbers of workers', async () => {
    for (const [workers, says] of [
      ['0', /--workers 0: a number from 1 to 32/],
      ['many', /--workers many: a number/],
    ] as const) {
      const child = spawn(process.execPath, [PROGRAM, 'serve', '--roles', 'responder', '--workers', workers], {
        stdio: ['ignore', 'ignore', 'pipe'],
        env: serviceEnvironment({ ...at, configFile: responder.configFile }),
      });
      let stderr = '';
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        stderr += text;
      });
      const [code] = (await once(child, 'close')) as [number];
      assert.equal(code, 1);
      assert.match(stderr, says);
    }
  });
});

/** The Node processes among the children of a process. */
function workersOf(pid: number): readonly number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return children === '' ? [] : children.split(' ').map(Number);
}
