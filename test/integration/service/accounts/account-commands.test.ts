/**
 * `pfcng account` on the database of a running service: validation, and the effect on the next
 * request.
 */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { auditOf } from '../../../support/service/audit-of.js';
import { assertProblem, type Client, type IssuedCertificate } from '../../../support/service/client.js';
import { makeCsr, makeKey } from '../../../support/service/csr.js';
import { bodyOf, type ProfileId } from '../../../support/service/orders.js';
import { runPfcng } from '../../../support/service/service.js';
import { type SharedService, sharedService } from '../../../support/service/shared.js';
import { until } from '../../../support/until.js';

type RightsDetails = {
  readonly name: string;
  readonly roles: readonly string[];
  readonly scope: { readonly structures: readonly string[] };
  readonly changed: readonly string[];
};

describe('pfcng account', () => {
  let shared: SharedService;
  let folder: string;

  before(async function startIt() {
    shared = await sharedService('p-256');
    folder = mkdtempSync(join(tmpdir(), 'pfcng-accounts-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const account = (...args: readonly string[]) => runPfcng(shared.service.at, 'account', ...args);

  /** A client certificate in a file, and a client that presents it. */
  async function credential(name: string, profile: ProfileId = 'elementaire/org-auth-cli') {
    const key = makeKey();
    const body = bodyOf(profile, makeCsr(key));
    const issued = await shared.as('card-management').expect<IssuedCertificate>('POST', '/v1/certificates', { body });
    const file = join(folder, `${name}.pem`);
    writeFileSync(file, issued.certificate);
    const csr = join(folder, `${name}.csr.pem`);
    writeFileSync(csr, makeCsr(key));
    const pem = key.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    return { file, csr, issued, client: shared.with({ certificate: issued.certificate, key: pem }) };
  }
  const mayRead = async (client: Client): Promise<boolean> => (await client.call('GET', '/v1/cas')).status === 200;
  const RIGHTS = ['--name', 'Laboratoire', '--role', 'card-management', '--profile', 'elementaire/*'] as const;

  it('add authenticates a certificate with the next request, with the given rights only; list and show display it', async () => {
    const { file, client } = await credential('added');
    assert.equal(await mayRead(client), false);
    const added = await account('add', 'added', ...RIGHTS, '--structure', '10B0057881', '--certificate', file);
    assert.equal(added.status, 0, added.stderr);
    assert.match(added.stdout, /compte added ajouté \/ account added added/);
    const issue = (profile: ProfileId) => client.call('POST', '/v1/certificates', { body: bodyOf(profile) });
    assert.equal((await issue('elementaire/org-auth-cli')).status, 201);
    for (const profile of ['standard/cpe-signature', 'elementaire/serv-ssl'] as const)
      assertProblem(await issue(profile), { status: 403, code: 'not-permitted' });
    const { stdout } = await account('list');
    assert.match(stdout, /^ACCOUNT +ROLES +STATE +NAME\n/);
    assert.match(stdout, /^added +card-management +enabled +Laboratoire$/m);
    const shown = JSON.parse((await account('show', 'added', '--json')).stdout) as { readonly scope: unknown };
    assert.deepEqual(shown.scope, {
      profiles: ['elementaire/*'],
      structures: ['10B0057881'],
      domains: [],
      holders: ['*'],
    });
    assert.match(
      (await account('show', 'added')).stdout,
      /certificat \/ certificate: aci-el-org, SHA-256 de sa clé \/ of its key [0-9a-f]{64}/,
    );
  });

  it('disable rejects the next request, even on the same connection; enable accepts it again', async () => {
    const { file, client } = await credential('switched');
    await account('add', 'switched', ...RIGHTS, '--certificate', file);
    assert.equal(await mayRead(client), true);
    assert.equal((await account('disable', 'switched')).status, 0);
    assertProblem(await client.call('GET', '/v1/cas'), { status: 403, code: 'not-permitted' });
    assert.match((await account('list')).stdout, /^switched .* disabled /m);
    const again = await account('disable', 'switched');
    assert.equal(again.status, 1);
    assert.match(again.stderr, /is already in that state/);
    assert.equal((await account('enable', 'switched')).status, 0);
    assert.equal(await mayRead(client), true);
  });

  it('rotate binds other certificates: first the old and the new one, then only the new one', async () => {
    const old = await credential('old');
    const fresh = await credential('fresh');
    await account('add', 'rotated', ...RIGHTS, '--certificate', old.file);
    assert.equal((await account('rotate', 'rotated', '--certificate', old.file, fresh.file)).status, 0);
    assert.deepEqual([await mayRead(old.client), await mayRead(fresh.client)], [true, true]);
    assert.equal((await account('rotate', 'rotated', '--certificate', fresh.file)).status, 0);
    assert.deepEqual([await mayRead(old.client), await mayRead(fresh.client)], [false, true]);
    const other = await account('add', 'second', ...RIGHTS, '--certificate', fresh.file);
    assert.equal(other.status, 1);
    assert.match(other.stderr, /already belongs to the account rotated/);
  });

  it('add and rotate take every file that PFCNG writes: a certificate with its chain, and DER', async () => {
    const one = await credential('in-files');
    const chain = join(folder, 'chain.pem');
    writeFileSync(chain, `${one.issued.certificate}${one.issued.chain}`);
    const der = join(folder, 'credential.cer');
    writeFileSync(der, new X509Certificate(one.issued.certificate).raw);
    const own = join(shared.service.at.home, 'credentials', 'no-rights.crt.pem');
    assert.equal(readFileSync(own, 'utf8').match(/BEGIN CERTIFICATE/g)?.length, 2);
    const added = await account('add', 'in-files', ...RIGHTS, '--certificate', own);
    assert.equal(added.status, 0, added.stderr);
    for (const file of [der, chain]) {
      const rotated = await account('rotate', 'in-files', '--certificate', file);
      assert.equal(rotated.status, 0, rotated.stderr);
    }
    assert.equal(await mayRead(one.client), true);
  });

  it('add refuses a file in which other certificates than the chain follow', async () => {
    const [one, other] = [await credential('first'), await credential('follows')];
    const { certificate, chain } = one.issued;
    for (const text of [`${certificate}${other.issued.certificate}`, `${chain}${certificate}`]) {
      const file = join(folder, 'bundle.pem');
      writeFileSync(file, text);
      const { status, stderr } = await account('add', 'bundle', ...RIGHTS, '--certificate', file);
      assert.equal(status, 1);
      assert.match(
        stderr,
        /bundle\.pem: le certificat du compte vient en premier.* the account's certificate comes first/,
      );
    }
  });

  it('add and rotate find the certificate of this platform by its CSR or public key, and say when there is none', async () => {
    const one = await credential('by-csr');
    const added = await account('add', 'by-csr', ...RIGHTS, '--csr', one.csr);
    assert.equal(added.status, 0, added.stderr);
    assert.equal(await mayRead(one.client), true);
    const next = await credential('by-key');
    const key = join(folder, 'by-key.pub.pem');
    writeFileSync(key, new X509Certificate(next.issued.certificate).publicKey.export({ type: 'spki', format: 'pem' }));
    assert.equal((await account('rotate', 'by-csr', '--csr', key)).status, 0);
    assert.deepEqual([await mayRead(one.client), await mayRead(next.client)], [false, true]);
    const early = join(folder, 'early.csr.pem');
    writeFileSync(early, makeCsr(makeKey()));
    const signature = await credential('signature-csr', 'fort/cps-signature');
    const refused = await account('rotate', 'by-csr', '--csr', early, signature.csr);
    assert.equal(refused.status, 1);
    assert.match(
      refused.stderr,
      /early\.csr\.pem: aucun certificat.* no certificate of this platform is on this key yet/,
    );
    assert.match(refused.stderr, /signature-csr\.csr\.pem: .*: not for client authentication/);
    assert.equal(await mayRead(next.client), true);
    const none = await account('rotate', 'by-csr');
    assert.equal(none.status, 2);
    assert.match(none.stderr, /required option '--certificate <files\.\.\.>' or '--csr <files\.\.\.>' not specified/);
  });

  it('change gives the named rights with the next request, leaves the others, and shows both', async () => {
    const { file, client } = await credential('changed');
    await account('add', 'changed', ...RIGHTS, '--structure', '10B0057881', '--certificate', file);
    const order = { body: bodyOf('standard/cpe-signature') };
    assertProblem(await client.call('POST', '/v1/certificates', order), { status: 403, code: 'not-permitted' });
    const changed = await account('change', 'changed', '--profile', 'elementaire/*', 'standard/*', '--structure', '*');
    assert.equal(changed.status, 0, changed.stderr);
    assert.match(changed.stdout, /profils \/ profiles: elementaire\/\* -> elementaire\/\*, standard\/\*/);
    assert.match(changed.stdout, /structures.*: 10B0057881 -> \*/);
    assert.doesNotMatch(changed.stdout, /porteurs|rôles|nom /);
    assert.equal((await client.call('POST', '/v1/certificates', order)).status, 201);
    await account('change', 'changed', '--name', 'Autre nom', '--structure', 'none');
    const { name, roles, scope } = JSON.parse((await account('show', 'changed', '--json')).stdout) as RightsDetails;
    assert.deepEqual([name, roles], ['Autre nom', ['card-management']]);
    assert.deepEqual(scope, { profiles: ['elementaire/*', 'standard/*'], structures: [], domains: [], holders: ['*'] });
    const entries = await auditOf<RightsDetails & { readonly account?: string; readonly before: RightsDetails }>(
      shared.as('auditor'),
    );
    const ours = entries.filter(({ type, details }) => type === 'account.changed' && details.account === 'changed');
    assert.deepEqual(
      ours.map(({ details }) => [details.changed, details.before.scope.structures, details.scope.structures]),
      [
        [['profiles', 'structures'], ['10B0057881'], ['*']],
        [['name', 'structures'], ['*'], []],
      ],
    );
    assert.ok(
      ours.every(({ details }) => !JSON.stringify(details).includes('Autre nom')),
      'no names in the audit log',
    );
  });

  it('change limits what an account is issued; it still reads and revokes, and a repetition is answered', async () => {
    const { file, client } = await credential('limited');
    await account('add', 'limited', ...RIGHTS, '--structure', '*', '--per-day', '1', '--certificate', file);
    const issue = (key: string) =>
      client.call('POST', '/v1/certificates', {
        body: bodyOf('elementaire/org-auth-cli'),
        headers: { 'idempotency-key': key },
      });
    const sent = { body: bodyOf('elementaire/org-auth-cli'), headers: { 'idempotency-key': 'first' } };
    const first = await client.expect<IssuedCertificate>('POST', '/v1/certificates', sent);
    const full = await issue('second');
    assertProblem(full, { status: 429, code: 'quota-exceeded' });
    assert.ok(Number(full.headers['retry-after']) > 0);
    const again = await client.expect<IssuedCertificate>('POST', '/v1/certificates', sent);
    assert.equal(again.id, first.id);
    assert.equal(await mayRead(client), true);
    const path = `/v1/certificates/${first.id}/revocation`;
    assert.equal((await client.call('POST', path, { body: { reason: 'superseded' } })).status, 200);
    await account('change', 'limited', '--per-day', 'none');
    assert.equal((await issue('third')).status, 201);
  });

  it('change names networks and an end, which refuse the next request', async () => {
    const { file, client } = await credential('placed');
    await account('add', 'placed', ...RIGHTS, '--network', '192.0.2.0/24', '--certificate', file);
    const refused = assertProblem(await client.call('GET', '/v1/cas'), { status: 403, code: 'not-permitted' });
    assert.match(JSON.stringify(refused), /network/);
    assert.equal((await account('change', 'placed', '--network', '127.0.0.0/8', '::1/128')).status, 0);
    assert.equal(await mayRead(client), true);
    assert.equal((await account('change', 'placed', '--network', 'none')).status, 0);
    // A slow machine may need longer to start the command; then a later moment is tried.
    const statuses: (number | null)[] = [];
    for (const seconds of [3, 30, 200]) {
      const soon = new Date(Date.now() + seconds * 1_000).toISOString();
      statuses.push((await account('change', 'placed', '--expires-at', soon)).status);
      if (statuses.at(-1) === 0) break;
    }
    assert.equal(statuses.at(-1), 0);
    await until('the account has ended', async () => !(await mayRead(client)));
    const shown = await account('show', 'placed');
    assert.match(shown.stdout, /réseaux \/ networks: tous \/ any/);
    assert.equal((await account('change', 'placed', '--expires-at', 'none')).status, 0);
    assert.equal(await mayRead(client), true);
  });

  it('change refuses bad values, all at once, and a change of nothing', async () => {
    const { file } = await credential('unchanged');
    await account('add', 'unchanged', ...RIGHTS, '--certificate', file);
    const before = (await account('show', 'unchanged')).stdout;
    for (const [args, says] of [
      [['--role', 'king', '--domain', 'Upper.example.org'], /--role king: one of[\s\S]*--domain Upper\.example\.org: /],
      [['--name', ' '], /--name: 1 to 128 characters/],
      [
        ['--per-day', '0', '--network', '10.0.0.1'],
        /--per-day: 1 to 10000000, or none[\s\S]*--network .*10\.20\.0\.0\/16/,
      ],
      [['--expires-at', '2020-01-01T00:00:00Z'], /--expires-at: .*in the future/],
      [['--own-structure', '10B0057881', 'X', 'Paris (75)'], /10B0057881 is not in the scope of the account/],
      [['--role', 'card-management'], /is already in that state/],
      [[], /rien à modifier.* nothing to change: name what changes/],
    ] as const) {
      const { status, stderr } = await account('change', 'unchanged', ...args);
      assert.equal(status, 1);
      assert.match(stderr, says);
    }
    assert.match((await account('change', 'nobody', '--name', 'X')).stderr, /no account nobody/);
    assert.equal((await account('show', 'unchanged')).stdout, before);
  });

  it('reports all faults of the input at once, each with its option, and changes nothing', async () => {
    const signature = await credential('signature', 'fort/cps-signature');
    const revoked = await credential('revoked');
    const path = `/v1/certificates/${revoked.issued.id}/revocation`;
    await shared.as('card-management').expect('POST', path, { body: { reason: 'superseded' } });
    writeFileSync(join(folder, 'text.pem'), 'no certificate');
    const files = [signature.file, revoked.file, join(folder, 'text.pem'), join(folder, 'none.pem')];
    const { status, stderr } = await account(
      'add',
      'Bad Id',
      '--name',
      ' ',
      '--role',
      'king',
      '--profile',
      'fort/none',
      '--structure',
      '10B005788',
      '--holder',
      '8*1',
      '--domain',
      'Upper.example.org',
      '--certificate',
      ...files,
    );
    assert.equal(status, 1);
    for (const fault of [
      /"Bad Id" is not an account id: lower-case/,
      /--name: 1 to 128 characters/,
      /--role king: one of card-management, registration-office, .*support, operator/,
      /--profile fort\/none: .*'\*', 'fort\/\*'.*elementaire\/serv-ssl/,
      /--structure 10B005788: /,
      /--holder 8\*1: .*an IdNat, or a prefix followed by \*/,
      /--domain Upper\.example\.org: .*a domain name in lower case/,
      /signature\.pem: not for client authentication/,
      /revoked\.pem: its status is revoked/,
      /text\.pem: a PEM certificate, which its chain may follow, is expected/,
      /none\.pem: fichier absent \/ the file is missing/,
    ])
      assert.match(stderr, fault);
    assert.doesNotMatch(stderr, /^\s+at /m);
    assert.doesNotMatch((await account('list')).stdout, /Bad Id/);
  });

  it('lists the accounts for an unknown id, and rejects a duplicate id', async () => {
    const { file } = await credential('twice');
    for (const command of ['show', 'disable']) {
      const unknown = await account(command, 'nobody');
      assert.equal(unknown.status, 1);
      assert.match(unknown.stderr, /no account nobody; there are .*auditor, .*card-management, /);
    }
    const twice = await account('add', 'auditor', ...RIGHTS, '--certificate', file);
    assert.match(twice.stderr, /an account auditor already exists/);
    assert.equal((await account('add', 'x')).status, 2);
  });

  it('writes each change to the audit log, with the login of the user', async () => {
    const { file } = await credential('audited');
    await account('add', 'audited', ...RIGHTS, '--certificate', file);
    await account('disable', 'audited');
    await account('enable', 'audited');
    await account('rotate', 'audited', '--certificate', file);
    const entries = await auditOf<{ readonly account?: string; readonly login?: string }>(shared.as('auditor'));
    const ours = entries.filter(({ details }) => details.account === 'audited');
    assert.deepEqual(
      ours.map(({ type }) => type),
      ['account.added', 'account.disabled', 'account.enabled', 'account.rotated'],
    );
    assert.ok(ours.every(({ details: { login } }) => typeof login === 'string' && login !== ''));
    const { status, stderr } = await runPfcng(shared.service.at, 'audit', 'verify');
    assert.equal(status, 0, stderr);
  });
});
