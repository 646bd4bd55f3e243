/**
 * A mass revocation that was forced through although it hits an account: the people of the account
 * learn what happened, and an officer lets them in again with the commands of
 * ops/mass-revocation.md. Without this test an installation could lock itself out for good.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  assertProblem,
  type Client,
  createClient,
  credentialOf,
  type IssuedCertificate,
  trustOf,
} from '../../../support/service/client.js';
import { makeCsr, makeKey } from '../../../support/service/csr.js';
import { makeServiceHome, removeServiceHome, type ServiceHome } from '../../../support/service/home.js';
import { bodyOf } from '../../../support/service/orders.js';
import { openPageShell, type PageShell } from '../../../support/service/page-shell.js';
import { createService, runPfcng, type Service } from '../../../support/service/service.js';

type Entry = { readonly entry: { readonly type: string; readonly actor: string; readonly request: string } };

describe('an account that a forced mass revocation locked out', () => {
  let at: ServiceHome;
  let service: Service;
  let shell: PageShell;
  let cards: Client;
  let officer: Client;
  const clientOf = (credential: Parameters<typeof createClient>[0]['credential']): Client =>
    createClient({ url: service.urls.api, trust: trustOf(at), credential, judge: null });
  const revoke = (...more: readonly string[]) =>
    runPfcng(at, 'revocation', 'start', '--profile', 'elementaire/org-auth-cli', '--reason', 'superseded', ...more);

  before(async () => {
    at = await makeServiceHome('p-256');
    service = createService(at);
    await service.start();
    shell = await openPageShell(service);
    cards = clientOf(credentialOf(at, 'card-management'));
    officer = clientOf(credentialOf(at, 'officer-1'));
  });
  after(async () => {
    for (const client of [cards, officer]) await client.close();
    await shell.close();
    await service.stop();
    removeServiceHome(at);
  });

  it('is named before: the order is refused until the officer names it', async () => {
    const dry = await revoke('--dry-run');
    const [, count = ''] = /(\d+) certificates would be revoked/.exec(dry.stdout) ?? [];
    assert.match(dry.stdout, /that of the account card-management: aci-el-org [0-9a-f]+/);
    assert.match(dry.stdout, /the order has to name them: --account card-management/);
    const refused = await revoke('--count', count);
    assert.equal(refused.status, 1);
    assert.match(refused.stderr, /accounts: must name the accounts that lose their certificate: card-management/);
    assert.equal((await cards.call('GET', '/v1/cas')).status, 200);
    const forced = await revoke('--count', count, '--account', 'card-management');
    assert.equal(forced.status, 0, forced.stderr);
  });

  it('learns when its certificate was revoked, and whom to ask', async () => {
    const problem = assertProblem(await cards.call('GET', '/v1/cas'), { status: 403, code: 'not-permitted' });
    assert.match(problem.detail ?? '', /^this certificate was revoked on \d{4}-\d\d-\d\dT[\d:]+Z \(.*ask an officer/);
  });

  it('works again after the commands of ops/mass-revocation.md, and not with its old certificate', async () => {
    const [, restore = '', ...others] = await shell.blocksOf('ops/mass-revocation.md');
    assert.deepEqual(others, [], 'a new block needs a test');
    const said = await shell.run(restore);
    assert.equal(said.status, 0, said.output);
    const read = (name: string): string => readFileSync(join(shell.folder, name), 'utf8');
    const again = clientOf({ certificate: read('card-management.crt.pem'), key: read('card-management.key.pem') });
    const issued = await again.expect<IssuedCertificate>('POST', '/v1/certificates', {
      body: bodyOf('elementaire/org-sign'),
    });
    assert.equal(issued.status, 'issued');
    await again.close();
    assertProblem(await cards.call('GET', '/v1/cas'), { status: 403, code: 'not-permitted' });
  });

  it('has its new certificate in the audit log, with the officer and the request', async () => {
    const path = '/v1/audit/entries?id=card-management&type=account.rotated';
    const { entries } = await officer.expect<{ readonly entries: readonly Entry[] }>('GET', path);
    assert.deepEqual(
      entries.map(({ entry }) => entry.actor),
      ['account:officer-1'],
    );
    const of = await officer.expect<{ readonly entries: readonly Entry[] }>(
      'GET',
      `/v1/audit/entries?id=${entries[0]?.entry.request}`,
    );
    assert.deepEqual(
      of.entries.map(({ entry }) => entry.type),
      ['account.rotated', 'certificate.issued', 'certificate.intent'],
    );
    assert.match(service.said(), /"account\.certified"/);
  });

  it('can be bound by the file that account certify wrote', async () => {
    const file = join(shell.folder, 'card-management.crt.pem');
    const { status, stderr } = await runPfcng(at, 'account', 'rotate', 'card-management', '--certificate', file);
    assert.equal(status, 0, stderr);
  });

  it('gets the same certificate for the same request, and no second one while that is in force', async () => {
    const path = '/v1/accounts/card-management/certificate';
    const same = readFileSync(join(shell.folder, 'card-management.csr.pem'), 'utf8');
    const { certificate } = await officer.expect<IssuedCertificate>('POST', path, { body: { csr: same } });
    assert.ok(readFileSync(join(shell.folder, 'card-management.crt.pem'), 'utf8').startsWith(certificate));
    const csr = makeCsr(makeKey());
    const headers = { 'idempotency-key': 'lost' };
    const again = await officer.expect<IssuedCertificate>('POST', path, { body: { csr: same }, headers });
    assert.equal(again.certificate, certificate);
    const another = await officer.call('POST', path, { body: { csr }, headers });
    assertProblem(another, { status: 422, code: 'idempotency-mismatch' });
    const refused = await officer.call('POST', path, { body: { csr } });
    assertProblem(refused, { status: 409, code: 'state-conflict' });
    assertProblem(await officer.call('POST', '/v1/accounts/nobody/certificate', { body: { csr } }), {
      status: 404,
      code: 'not-found',
    });
    const auditor = clientOf(credentialOf(at, 'auditor'));
    const denied = await auditor.call('POST', '/v1/accounts/card-management/certificate', { body: { csr } });
    assertProblem(denied, { status: 403, code: 'not-permitted' });
    await auditor.close();
  });
});
