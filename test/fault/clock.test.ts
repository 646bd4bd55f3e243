/**
 * A clock jumps ahead and is corrected: nothing is issued in the past, and everything else goes on.
 * With SQLite, the clock of the process is that of the database; for PostgreSQL see
 * `nodes/clocks.test.ts`.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { auditOf } from '../support/service/audit-of.js';
import { assertProblem, type Client, clientOf, type IssuedCertificate } from '../support/service/client.js';
import { createRelyingParty, type RelyingParty } from '../support/service/files.js';
import { makeServiceHome, PACKAGE_ROOT, removeServiceHome, type ServiceHome } from '../support/service/home.js';
import { bodyOf } from '../support/service/orders.js';
import { createService, runPfcng, type Service } from '../support/service/service.js';
import { until } from '../support/until.js';

/**
 * More than clocks may differ (a minute), and less than signers let a certificate begin ahead of
 * their own clock.
 */
const JUMP_MS = 4 * 60_000;
const BEHIND = { status: 503, code: 'clock-wrong' };

describe('a clock that is set, with SQLite', () => {
  let at: ServiceHome;
  let service: Service;
  let cards: Client;
  let auditor: Client;
  let party: RelyingParty;
  const first = { body: bodyOf('elementaire/org-auth-cli'), headers: { 'idempotency-key': randomUUID() } };
  let early: IssuedCertificate;

  before(async function startIt() {
    at = await makeServiceHome('p-256', { database: 'sqlite' });
    setClock(0);
    const preload = pathToFileURL(join(PACKAGE_ROOT, 'dist/test/support/machine/clock-preload.js'));
    preload.search = encodeURIComponent(clockFile());
    service = createService(at, ['--import', preload.href]);
    await service.start();
    cards = clientOf(service, 'card-management');
    auditor = clientOf(service, 'auditor');
    party = createRelyingParty(service.urls.publication);
    await party.fetchAll();
    early = await cards.expect('POST', '/v1/certificates', first);
  });
  after(async function stopIt() {
    await cards.close();
    await auditor.close();
    await service.stop();
    party.remove();
    removeServiceHome(at);
  });

  const clockFile = (): string => join(at.folder, 'clock-ms');
  const setClock = (ms: number): void => writeFileSync(clockFile(), String(ms));
  const issue = () => cards.call('POST', '/v1/certificates', { body: bodyOf('elementaire/org-auth-cli') });
  const operators = (path: string) => fetch(`${service.urls.operators}${path}`);
  const readyz = async () => (await (await operators('/readyz')).json()) as { state: string; parts: { clock: string } };

  it('ahead issues; set right again by less than clocks may differ, too', async () => {
    setClock(JUMP_MS);
    assert.equal((await issue()).status, 201);
    setClock(JUMP_MS - 30_000);
    assert.equal((await issue()).status, 201);
    assert.equal((await readyz()).parts.clock, 'ready');
  });

  it('back issues nothing, and says so to clients and operators', async () => {
    setClock(0);
    const answer = await issue();
    const { detail } = assertProblem(answer, BEHIND);
    assert.match(detail ?? '', /^The clock is [12]\d\d s behind/);
    assert.equal(answer.headers['retry-after'], '60');
    // The readiness is computed at most once a second.
    await until('the clock is seen to be wrong', async () => (await readyz()).parts.clock === 'wrong');
    assert.equal((await readyz()).state, 'degraded');
    const behind = /^pfcng_clock_behind_seconds (\d+)/m.exec(await (await operators('/metrics')).text())?.[1];
    assert.ok(Number(behind) > 60);
    assert.match(service.said(), /"event":"clock.wrong"/);
  });

  it('back gives what was issued already, and revokes it for everybody', async () => {
    assert.deepEqual(await cards.expect('POST', '/v1/certificates', first), early);
    const file = party.write('early.pem', early.certificate);
    assert.match((await party.ocsp(file, early.ca, '-no_nonce')).output, /: good/);
    await cards.expect('POST', `/v1/certificates/${early.id}/revocation`, { body: { reason: 'keyCompromise' } });
    assert.match((await party.ocsp(file, early.ca, '-no_nonce')).output, /: revoked/);
  });

  it('back is known after a kill as well', async function restarts() {
    await service.killEverything();
    await service.start();
    assertProblem(await issue(), BEHIND);
  });

  it('for good is accepted by two officers and nobody else, on record', async () => {
    const reset = (...officers: readonly string[]) => runPfcng(at, 'clock', 'reset', '--officers', ...officers);
    const refused = await reset('officer-1', 'auditor');
    assert.equal(refused.status, 1);
    assert.match(refused.stderr, /auditor: no role of this account may approve/);
    const before = await runPfcng(at, 'clock', 'status');
    assert.equal(before.status, 1);
    assert.match(before.stdout, /behind: \d\d+ s/);
    assertProblem(await issue(), BEHIND);

    const done = await reset('officer-1', 'officer-2');
    assert.equal(done.status, 0, done.stderr);
    assert.equal((await runPfcng(at, 'clock', 'status')).status, 0);
    assert.equal((await issue()).status, 201);
    assert.equal((await readyz()).parts.clock, 'ready');
    const entries = await auditOf(auditor);
    const resets = entries.filter(({ type }) => type === 'clock.reset').map(({ details }) => details);
    assert.equal(resets.length, 1);
    assert.deepEqual({ ...resets[0], from: '' }, { from: '', officers: ['officer-1', 'officer-2'] });
    assert.equal((await runPfcng(at, 'audit', 'verify')).status, 0);
  });
});
