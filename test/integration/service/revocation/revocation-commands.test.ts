/** `pfcng revocation` as an officer types it, against a running service. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IssuedCertificate } from '../../../support/service/client.js';
import { makeCsr, makeKey } from '../../../support/service/csr.js';
import { whileOrdersWait } from '../../../support/service/database.js';
import { describeService } from '../../../support/service/describe-service.js';
import { orderOf } from '../../../support/service/orders.js';
import { runPfcng } from '../../../support/service/service.js';

const ORDER = /order ([0-9a-f-]{36}): (\d+) certificates/;

describeService('pfcng revocation', { on: 'sqlite' }, (running) => {
  const revocation = (...args: readonly string[]) => runPfcng(running.shared.service.at, 'revocation', ...args);
  /** Two on one key, and the file of one. */
  async function twins() {
    const csr = makeCsr(makeKey());
    const body = { ...orderOf('elementaire/org-sign'), csr };
    const [first, second] = [await issue(body), await issue(body)];
    const file = join(running.shared.service.at.folder, `${first.id}.pem`);
    writeFileSync(file, first.certificate);
    return { file, ids: [first.id, second.id].sort() };
  }
  const issue = (body: object): Promise<IssuedCertificate> =>
    running.cards.expect<IssuedCertificate>('POST', '/v1/certificates', { body });

  it('start gives the order and follows it to its end; show and results report what became of it', async () => {
    const { file, ids } = await twins();
    const started = await revocation('start', '--certificate', file, '--reason', 'keyCompromise', '--count', '2');
    assert.equal(started.status, 0, started.stderr);
    const [, id = '', matched] = ORDER.exec(started.stdout) ?? [];
    assert.equal(matched, '2');
    assert.match(started.stdout, /2 sur 2 \(100 %\), terminé : 2 révoqués.* \/ 2 of 2, completed: 2 revoked/);
    const shown = await revocation('show', id, '--json');
    assert.equal((JSON.parse(shown.stdout) as { readonly state: string }).state, 'completed');
    const results = await revocation('results', id);
    const lines = results.stdout.trim().split('\n');
    const certificates = lines.map((line) => (JSON.parse(line) as { readonly certificate: string }).certificate);
    assert.deepEqual(certificates.sort(), ids);
  });

  it('preview counts, cancel stops, and neither revokes', async () => {
    const { file, ids } = await twins();
    const previewed = await revocation(
      'preview',
      '--profile',
      'elementaire/org-sign',
      '--issued-from',
      '2026-01-01T00:00:00Z',
    );
    assert.match(previewed.stdout, /\d+ certificats seraient révoqués \/ \d+ certificates would be revoked/);
    await whileOrdersWait(running.shared.service.at, async () => {
      const started = await revocation(
        'start',
        '--certificate',
        file,
        '--reason',
        'superseded',
        '--count',
        '2',
        '--detach',
      );
      const [, id = ''] = ORDER.exec(started.stdout) ?? [];
      assert.match((await revocation('cancel', id)).stdout, /0 of 2, cancelled/);
    });
    for (const id of ids)
      assert.equal((await running.cards.expect<IssuedCertificate>('GET', `/v1/certificates/${id}`)).status, 'issued');
  });

  it('start shows what it would revoke, and revokes nothing without the right number', async () => {
    const { file, ids } = await twins();
    const order = ['--certificate', file, '--reason', 'superseded'] as const;
    const dry = await revocation('start', ...order, '--dry-run');
    assert.deepEqual([dry.status, ORDER.test(dry.stdout)], [0, false]);
    assert.match(dry.stdout, /2 certificates would be revoked/);
    const refused = await revocation('start', ...order);
    assert.equal(refused.status, 1);
    assert.match(refused.stderr, /type the number of certificates, or give it with --count/);
    const wrong = await revocation('start', ...order, '--count', '3');
    assert.equal(wrong.status, 1);
    assert.match(wrong.stderr, /expectedCount: the selection finds 2 certificates now, not 3/);
    for (const id of ids)
      assert.equal((await running.cards.expect<IssuedCertificate>('GET', `/v1/certificates/${id}`)).status, 'issued');
  });

  it('prints the error of the API, and exits with 1', async () => {
    const none = await revocation('start', '--reason', 'superseded');
    assert.equal(none.status, 1);
    assert.match(none.stderr, /an empty selection is not allowed/);
    const clerk = await revocation('start', '--ca', 'aci-el-org', '--reason', 'superseded', '--as', 'card-management');
    assert.match(clerk.stderr, /Not permitted/);
    const away = await revocation('show', 'x', '--url', 'https://127.0.0.1:1');
    assert.match(away.stderr, /is the service running/);
    assert.equal(away.status, 1);
    const unread = await revocation('show', 'x', '--client-key', '/absent/key.pem');
    assert.match(unread.stderr, /\/absent\/key\.pem: does not exist/);
  });
});
