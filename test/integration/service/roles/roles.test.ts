/**
 * One home folder, served by a process of each role. Without these tests, a process could need what
 * only another role has, or the work of one role could be done twice, or by nobody.
 */
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { createVisitor } from '../../../support/console/visitor.js';
import { describeOnEach } from '../../../support/db/fixture.js';
import { type Client, clientOf, type IssuedCertificate } from '../../../support/service/client.js';
import { createRelyingParty, type RelyingParty, writeIssued } from '../../../support/service/files.js';
import { configure, makeServiceHome, removeServiceHome, type ServiceHome } from '../../../support/service/home.js';
import { bodyOf } from '../../../support/service/orders.js';
import { runPfcng } from '../../../support/service/service.js';
import { type RoleProcesses, startRoleProcesses } from './role-processes.js';

const CA = 'aci-el-org';
const WAIT_MS_MAX = 300_000;

describeOnEach('a home folder with a process of each role', ({ kind }) => {
  let at: ServiceHome;
  let processes: RoleProcesses;
  let cards: Client;
  let officer: Client;
  let party: RelyingParty;

  before(async function startAll() {
    at = await makeServiceHome('p-256', { database: kind });
    processes = await startRoleProcesses(at);
    cards = clientOf(processes.service, 'card-management');
    officer = clientOf(processes.service, 'officer-1');
    party = createRelyingParty(processes.service.urls.publication);
    await party.fetchAll();
  });
  after(async function stopAll() {
    party.remove();
    for (const client of [cards, officer]) await client.close();
    await processes.stop();
    removeServiceHome(at);
  });

  const issue = () =>
    cards.expect<IssuedCertificate>('POST', '/v1/certificates', { body: bodyOf('elementaire/org-auth-cli') });
  const revoke = ({ id }: IssuedCertificate) =>
    officer.expect('POST', `/v1/certificates/${id}/revocation`, { body: { reason: 'superseded' } });
  const requestList = () => officer.expect<{ readonly number: number }>('POST', `/v1/cas/${CA}/crl`);

  async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
    for (const end = performance.now() + WAIT_MS_MAX; !(await isSo()); await sleep(100))
      assert.ok(performance.now() < end, `not within ${WAIT_MS_MAX} ms: ${what}`);
  }
  const isRevokedByOcsp = async (file: string): Promise<boolean> =>
    /: revoked$/m.test((await party.ocsp(file, CA, '-no_nonce')).output);
  const isListed = async (file: string): Promise<boolean> => {
    await party.fetchCrl(CA);
    return /certificate revoked/.test((await party.verify(file, CA)).output);
  };

  it('issues and revokes in one process; the others tell the status and list the revocation', async () => {
    const issued = await issue();
    const file = writeIssued(party, issued);
    assert.match((await party.ocsp(file, CA, '-no_nonce')).output, /: good$/m);
    await revoke(issued);
    await until('OCSP says revoked', () => isRevokedByOcsp(file));
    await until('the list has the revocation', () => isListed(file));
  });

  it('answers a request for a list with a new list of the worker, each time', async () => {
    const [first, second] = [await requestList(), await requestList()];
    assert.ok(second.number > first.number, `${first.number}, ${second.number}`);
    assert.equal((await officer.call('POST', '/v1/cas/acr-el/crl')).status, 404);
  });

  it('issues, revokes and answers on without the worker, which makes a requested list when it is back', async () => {
    await processes.of.worker.kill('SIGKILL');
    const issued = await issue();
    const file = writeIssued(party, issued);
    await revoke(issued);
    await until('OCSP says revoked', () => isRevokedByOcsp(file));
    const requested = requestList();
    await sleep(1_000);
    assert.equal(await isListed(file), false, 'nobody else makes lists');
    await processes.of.worker.start();
    await requested;
    // The responder looks for a new file once a second.
    await until('the list has the revocation', () => isListed(file));
  });

  it('tells the status on without the API, which knows all that it acknowledged when it is back', async () => {
    const issued = await issue();
    await processes.of.api.kill('SIGKILL');
    assert.match((await party.ocsp(writeIssued(party, issued), CA, '-no_nonce')).output, /: good$/m);
    await processes.of.api.start();
    const found = await officer.expect<IssuedCertificate>('GET', `/v1/certificates/${issued.id}`);
    assert.equal(found.certificate, issued.certificate);
  });

  it('reports in each process what its role needs', async () => {
    const [api, responder, worker] = await Promise.all(
      [processes.of.api, processes.of.responder, processes.of.worker].map(({ readiness }) => readiness()),
    );
    const caTokens = ['ca-elementaire', 'ca-fort', 'ca-standard', 'platform'];
    assert.deepEqual(Object.keys(api?.parts.signers ?? {}).sort(), caTokens);
    assert.deepEqual(Object.keys(worker?.parts.signers ?? {}).sort(), caTokens);
    assert.deepEqual(
      Object.keys(responder?.parts.signers ?? {}).sort(),
      caTokens.slice(0, 3).map((name) => name.replace('ca', 'ocsp')),
    );
    const ofLists = ['crls', 'outlets', 'publicAddresses'];
    const shown = (parts: object = {}): readonly string[] => ofLists.filter((name) => name in parts);
    assert.deepEqual([shown(api?.parts), shown(worker?.parts)], [[], ofLists]);
  });

  it('has the console without the API in a process of its own', async () => {
    const { at: home, urls } = processes.service;
    const visitor = createVisitor({ at: home, urls: { ...urls, api: processes.consoleUrl } }, 'officer-1');
    const { id } = await issue();
    const page = `/console/certificates/${id}`;
    assert.equal((await visitor.open('/console/')).status, 200);
    await visitor.act(`${page}/revoke`, { situation: 'card-lost' });
    for (const path of ['/v1/cas', '/openapi.json']) assert.equal((await visitor.open(path)).status, 404, path);
    await visitor.close();
    const { status } = await officer.expect<IssuedCertificate>('GET', `/v1/certificates/${id}`);
    assert.equal(status, 'revoked');
  });

  it('has one run of each role that writes', async () => {
    const { stdout } = await runPfcng(at, 'nodes', '--json');
    const { nodes } = JSON.parse(stdout) as {
      readonly nodes: readonly {
        readonly runs: readonly { readonly state: string; readonly roles: readonly string[] }[];
      }[];
    };
    const live = nodes.flatMap(({ runs }) => runs.filter(({ state }) => state === 'live'));
    assert.deepEqual(live.map(({ roles }) => roles.join()).sort(), ['api', 'console', 'worker']);
  });

  // The locks are files, and no database changes how a process starts.
  const itOnFile = kind === 'sqlite' ? it : () => {};
  for (const [roles, lock] of [
    ['api', 'api'],
    ['worker', 'worker'],
    ['responder', 'responder-0'],
    ['console', 'console'],
    ['api,responder', 'api'],
    ['all', 'api'],
  ] as const)
    itOnFile(`refuses a second process with the roles ${roles}`, async () => {
      const { status, stderr } = await runPfcng(at, 'serve', '--roles', roles);
      assert.equal(status, 1);
      assert.match(stderr, new RegExp(`is served already, by process \\d+ \\(lock ${lock}\\)`));
    });

  itOnFile('refuses roles that do not exist, and names those that do', async () => {
    for (const roles of ['api,wroker', 'api,', '']) {
      const { status, stderr } = await runPfcng(at, 'serve', '--roles', roles);
      assert.equal(status, 1);
      assert.match(stderr, /there is no role ".*"; the roles are api, responder, worker, console, or all/);
    }
  });

  itOnFile('does not start signers in a process with some of the roles, and names their units', async () => {
    configure(at, { signers: 'supervised' });
    const { status, stderr } = await runPfcng(at, 'serve', '--roles', 'api,worker');
    configure(at, { signers: 'external' });
    assert.equal(status, 1);
    assert.match(stderr, /only a process with all roles starts supervised signers/);
    assert.match(stderr, /pfcng-signer@ca-fort .*pfcng-signer@platform/);
  });
});
