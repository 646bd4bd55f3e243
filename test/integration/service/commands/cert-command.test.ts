/**
 * `pfcng cert` beside a running service, and the JSON of other commands. Without this test, an
 * officer could be shown another status than the service has, or a certificate could be issued
 * twice.
 */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../../../src/package/package-root.js';
import { runInProcess } from '../../../support/machine/in-process.js';
import type { IssuedCertificate } from '../../../support/service/client.js';
import { describeService } from '../../../support/service/describe-service.js';
import { bodyOf } from '../../../support/service/orders.js';

const POLICIES = join(packageRoot(), 'policies');

describeService('the command for certificates', { on: 'sqlite' }, (running) => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'pfcng-cert-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const run = (...argv: readonly string[]) => {
    const { home, configFile } = running.shared.service.at;
    return runInProcess({ home, configFile, folder }, argv);
  };
  async function ok(...argv: readonly string[]): Promise<string> {
    const { status, stdout, stderr } = await run(...argv);
    assert.equal(status, 0, stderr);
    return stdout;
  }
  const json = async <Value>(...argv: readonly string[]): Promise<Value> =>
    JSON.parse(await ok(...argv, '--json')) as Value;

  /** Writes a request without its CSR, and the CSR. */
  function writeRequest(): void {
    const { csr, ...request } = bodyOf('elementaire/serv-ssl') as { readonly csr: string };
    writeFileSync(join(folder, 'request.json'), JSON.stringify(request));
    writeFileSync(join(folder, 'server.csr.pem'), csr);
  }
  const issued = (): Promise<IssuedCertificate> => {
    writeRequest();
    return json<IssuedCertificate>('cert', 'issue', 'request.json', '--csr', 'server.csr.pem');
  };

  it('issues a certificate into a file, once for each request', async () => {
    writeRequest();
    const issue = ['cert', 'issue', 'request.json', '--csr', 'server.csr.pem', '--out', 'server.crt.pem'] as const;
    const said = await ok(...issue);
    const pem = readFileSync(join(folder, 'server.crt.pem'), 'utf8');
    const { serialNumber } = new X509Certificate(pem);
    assert.match(said, new RegExp(`numéro de série ${serialNumber}, .*serial number ${serialNumber}`, 'i'));
    assert.ok(pem.split('BEGIN CERTIFICATE').length > 2, 'its chain is there');
    const again = await json<IssuedCertificate>(...issue);
    assert.equal(again.certificate.toUpperCase(), pem.slice(0, again.certificate.length).toUpperCase());
  });

  it('shows a certificate for people, as JSON and as PEM', async () => {
    const { id, certificate, chain, serialNumber } = await issued();
    const shown = await ok('cert', 'show', id);
    assert.match(shown, new RegExp(`^certificate ${id}: issued\n.*serial number ${serialNumber}`));
    assert.equal((await json<IssuedCertificate>('cert', 'show', id)).certificate, certificate);
    assert.equal(await ok('cert', 'show', id, '--pem'), `${certificate}${chain}`);
  });

  it('finds certificates as a table with heads, in pages', async () => {
    const { id, serialNumber } = await issued();
    await issued();
    const [head, row, ...more] = (await ok('cert', 'find', '--serial-number', serialNumber)).trimEnd().split('\n');
    assert.match(head ?? '', /^ID +STATUS +PROFILE +CA +SERIAL NUMBER +UNTIL$/);
    assert.match(row ?? '', new RegExp(`^${id} +issued +elementaire/serv-ssl +aci-el-\\w+ +${serialNumber} `));
    assert.deepEqual(more, []);
    type Page = { readonly certificates: readonly object[]; readonly nextCursor: string };
    const first = await json<Page>('cert', 'find', '--profile', 'elementaire/serv-ssl', '--limit', '1');
    assert.equal(first.certificates.length, 1);
    const next = await ok(
      'cert',
      'find',
      '--profile',
      'elementaire/serv-ssl',
      '--limit',
      '1',
      '--cursor',
      first.nextCursor,
    );
    assert.match(next, /elementaire\/serv-ssl/);
  });

  it('revokes a certificate, and says when and why', async () => {
    const { id } = await issued();
    const said = await ok('cert', 'revoke', id, '--reason', 'superseded');
    assert.match(said, new RegExp(`^certificate ${id}: revoked\n[^]*revoked at \\S+Z: superseded`));
    const again = await run('cert', 'revoke', id, '--reason', 'superseded');
    assert.equal(again.status, 1);
    assert.match(again.stderr, /^pfcng: /);
  });

  it('says what the API refuses, with the number of the request', async () => {
    writeFileSync(join(folder, 'wrong.json'), '{"profile":"none"}');
    const refused = await run('cert', 'issue', 'wrong.json');
    assert.deepEqual([refused.status, refused.stdout], [1, '']);
    assert.match(refused.stderr, /^pfcng: .* \(requête \/ request [\w-]+\)\n$/);
    writeFileSync(join(folder, 'wrong.json'), '[]');
    assert.match((await run('cert', 'issue', 'wrong.json')).stderr, /wrong\.json: a JSON object is expected/);
    const forbidden = await run('cert', 'find', '--as', 'no-rights');
    assert.equal(forbidden.status, 1);
    assert.match(forbidden.stderr, /^pfcng: /);
  });

  it('and others print JSON that programs can read', async () => {
    for (const command of [
      ['account', 'list'],
      ['approvals', 'list'],
      ['audit', 'search', '--limit', '1'],
      ['audit', 'verify'],
      ['campaign', 'list'],
      ['clock', 'status'],
      ['completion', 'bash'],
      ['crl', 'show', 'aci-el-org'],
      ['database', 'status'],
      ['doctor'],
      ['hsm', 'check'],
      ['hsm', 'info'],
      ['hsm', 'list'],
      ['jobs'],
      ['nodes'],
      ['order', 'list'],
      ['policy', 'check'],
      ['policy', 'diff', POLICIES, POLICIES],
      ['relint'],
      ['revocation', 'preview', '--ca', 'aci-st-org', '--profile', 'standard/cpe-signature'],
      ['update', 'list'],
    ]) {
      const { stdout, stderr } = await run(...command, '--json');
      assert.equal(stderr, '', command.join(' '));
      assert.equal(typeof JSON.parse(stdout), 'object', command.join(' '));
    }
  });
});
