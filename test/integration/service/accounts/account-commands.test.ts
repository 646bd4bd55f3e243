/**
 * `pfcng account` on the database of a running service: validation, and the effect on the next
 * request.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { auditOf } from '../../../support/service/audit-of.js';
import { assertProblem, type Client, type IssuedCertificate } from '../../../support/service/client.js';
import { makeCsr, makeKey } from '../../../support/service/csr.js';
import { bodyOf, type ProfileId } from '../../../support/service/orders.js';
import { runPfcng } from '../../../support/service/service.js';
import { type SharedService, sharedService } from '../../../support/service/shared.js';

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
    const pem = key.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    return { file, issued, client: shared.with({ certificate: issued.certificate, key: pem }) };
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
    assert.match((await account('list')).stdout, /^added {2}card-management {2}Laboratoire$/m);
    const shown = JSON.parse((await account('show', 'added', '--json')).stdout) as { readonly scope: unknown };
    assert.deepEqual(shown.scope, {
      profiles: ['elementaire/*'],
      structures: ['10B0057881'],
      domains: [],
      holders: ['*'],
    });
    assert.match(
      (await account('show', 'added')).stdout,
      /certificat \/ certificate: aci-el-org, SHA-256 of its key [0-9a-f]{64}/,
    );
  });

  it('disable rejects the next request, even on the same connection; enable accepts it again', async () => {
    const { file, client } = await credential('switched');
    await account('add', 'switched', ...RIGHTS, '--certificate', file);
    assert.equal(await mayRead(client), true);
    assert.equal((await account('disable', 'switched')).status, 0);
    assertProblem(await client.call('GET', '/v1/cas'), { status: 403, code: 'not-permitted' });
    assert.match((await account('list')).stdout, /^switched .*désactivé \/ disabled/m);
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
      /--role king: one of card-management, officer, auditor/,
      /--profile fort\/none: '\*', 'fort\/\*'.*elementaire\/serv-ssl/,
      /--structure 10B005788: /,
      /--holder 8\*1: an IdNat, or a prefix followed by \*/,
      /--domain Upper\.example\.org: a domain name in lower case/,
      /signature\.pem: not for client authentication/,
      /revoked\.pem: its status is revoked/,
      /text\.pem: one PEM certificate expected/,
      /none\.pem: ENOENT/,
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
      assert.match(unknown.stderr, /no account nobody; there are .*auditor, card-management, /);
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
