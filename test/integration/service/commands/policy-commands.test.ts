/** `pfcng policy`: checks, previews and diffs of policy files. */
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PACKAGE_ROOT } from '../../../support/service/home.js';
import { runPfcng } from '../../../support/service/service.js';
import { type SharedService, sharedService } from '../../../support/service/shared.js';

describe('pfcng policy', () => {
  let shared: SharedService;
  let folder: string;
  const policies = join(PACKAGE_ROOT, 'policies');

  before(async function startIt() {
    shared = await sharedService('p-256');
    folder = join(mkdtempSync(join(tmpdir(), 'pfcng-policy-')), 'policies');
    cpSync(policies, folder, { recursive: true });
  });
  after(() => rmSync(join(folder, '..'), { recursive: true, force: true }));

  const policy = (...args: readonly string[]) => runPfcng(shared.service.at, 'policy', ...args);
  function change(file: string, edit: (body: Record<string, unknown>) => void): void {
    const body = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Record<string, unknown>;
    edit(body);
    writeFileSync(join(folder, file), JSON.stringify(body));
  }

  it('check accepts consistent files, or reports all faults at once with file and path', async () => {
    const good = await policy('check');
    assert.equal(good.status, 0, good.stderr);
    assert.match(good.stdout, /hierarchies, authorities, profiles: 3, 9, 24\), digest [0-9a-f]{64}/);
    assert.match(
      good.stdout,
      /exception rsa-2048, all profiles: in force until 2028-12-31T23:59:59Z \(\d+ days\), approved by dev/,
    );
    const optionalOrigin =
      /keyOrigin\): optional in development, required elsewhere by fort\/cps-authentication, fort\/cps-sig/;
    assert.match(good.stdout, optionalOrigin);
    change('environments/development.json', (body) => {
      body.keyOriginRequired = true;
      const [exception] = body.keyExceptions as object[];
      const ended = { ...exception, profiles: ['fort/cps-signature'], expires: '2026-01-31T23:59:59Z' };
      body.keyExceptions = [exception, ended];
    });
    const { stdout } = await policy('check', folder);
    assert.doesNotMatch(stdout, optionalOrigin);
    assert.match(
      stdout,
      /dérogation rsa-2048, fort\/cps-signature : expirée le 2026-01-31T23:59:59Z, refusée, accordée par dev/,
    );
    assert.match(stdout, /exception rsa-2048, fort\/cps-signature: expired on 2026-01-31T23:59:59Z, refused/);
    assert.match(stdout, /blocked keys: \d{3}$/m);
    writeFileSync(join(folder, 'blocked-keys.txt'), `${'b'.repeat(64)} b\n${'a'.repeat(64)} a\n`);
    const unsorted = await policy('check', folder);
    assert.equal(unsorted.status, 1);
    assert.match(unsorted.stderr, /blocked-keys\.txt:2: this key must come after the previous one/);
    cpSync(join(policies, 'blocked-keys.txt'), join(folder, 'blocked-keys.txt'));
    const production = await policy('check', '--environment', 'production');
    assert.equal(production.status, 1);
    assert.match(production.stderr, /assumption/);
    change('fort/profiles/cps-signature.json', (body) => {
      body.extendedKeyUsage = ['serverAuth'];
      body.authority = 'aci-st-pp';
    });
    const bad = await policy('check', folder);
    assert.equal(bad.status, 1);
    assert.match(bad.stderr, /cps-signature\.json\/authority: is of another hierarchy/);
    assert.match(bad.stderr, /cps-signature\.json\/subjectAltName: serverAuth needs the server's names/);
  });

  it('check reads the policies and blocked keys of the configuration by default', async () => {
    const { at } = shared.service;
    const config = JSON.parse(readFileSync(at.configFile, 'utf8')) as Record<string, unknown>;
    const [configFile, mine, lists] = ['config.json', 'mine', 'lists'].map((name) => join(folder, '..', name));
    assert.ok(configFile !== undefined && mine !== undefined && lists !== undefined);
    cpSync(policies, mine, { recursive: true });
    const check = () => runPfcng({ ...at, configFile }, 'policy', 'check');
    writeFileSync(configFile, JSON.stringify({ ...config, policies: mine, blockedKeys: [lists] }));
    writeFileSync(lists, `${'b'.repeat(64)} b\n${'a'.repeat(64)} a\n`);
    const unsorted = await check();
    assert.equal(unsorted.status, 1);
    assert.match(unsorted.stderr, /lists:2: this key must come after the previous one/);
    writeFileSync(lists, `${'a'.repeat(64)} a\n`);
    rmSync(join(mine, 'fort/hierarchy.json'));
    const broken = await check();
    assert.equal(broken.status, 1);
    assert.match(broken.stderr, /mine\/fort/);
    assert.equal((await policy('check', policies)).status, 0);
    writeFileSync(configFile, '{');
    assert.match((await check()).stderr, /config\.json: cannot be read as JSON/);
  });

  it('preview shows a sample of a profile like openssl, and the result of the lint', async () => {
    for (const profile of [
      'standard/cpa-authentication',
      'elementaire/org-conf',
      'elementaire/serv-smime',
      'fort/ocsp-pp',
    ]) {
      const { status, stdout, stderr } = await policy('preview', profile);
      assert.equal(status, 0, stderr);
      assert.match(stdout, /X509v3 Key Usage: critical/);
      assert.match(stdout, /lint: \d{2,3} rules, no finding/);
    }
    const { stdout } = await policy('preview', 'fort/cps-signature', '--key-type', 'p-384');
    assert.match(stdout, /NIST CURVE: P-384/);
    assert.match(stdout, /Subject: C=FR, title=Médecin, /);
    const none = await policy('preview', 'fort/none');
    assert.match(none.stderr, /no profile fort\/none: .*elementaire\/serv-ssl/);
    const key = await policy('preview', 'elementaire/org-conf', '--key-type', 'p-256');
    assert.match(key.stderr, /--key-type p-256: elementaire\/org-conf certifies rsa-2048, rsa-3072, rsa-4096/);
  });

  it('diff describes changes in French and English', async () => {
    cpSync(policies, folder, { recursive: true });
    assert.match((await policy('diff', policies, folder)).stdout, /rien ne change \/ nothing changes/);
    change('fort/profiles/cps-signature.json', (body) => {
      body.validity = { years: 6 };
    });
    const { stdout } = await policy('diff', policies, folder);
    assert.deepEqual(stdout.split('\n'), [
      'fort/profiles/cps-signature.json#/validity',
      '  la durée de validité de fort/cps-signature passe de 3 à 6 ans',
      '  validity of fort/cps-signature rises from 3 to 6 years',
      '  avant / before:',
      '    { "years": 3 }',
      '  après / after:',
      '    { "years": 6 }',
      '',
      'valeurs changées : 1 ; gardées par décision : 0 ; à décider : 0 / values changed: 1; kept by decision: 0; still open: 0',
      '',
    ]);
    const json = JSON.parse((await policy('diff', policies, folder, '--json')).stdout) as {
      readonly changes: unknown[];
    };
    assert.equal(json.changes.length, 1);
  });

  it('diff works while values are open, and fails clearly when something else is wrong', async () => {
    cpSync(policies, folder, { recursive: true });
    const production = (...args: readonly string[]) => policy('diff', policies, folder, '--environment', ...args);
    const open = await production('production');
    assert.equal(open.status, 0, open.stderr);
    assert.match(
      open.stdout,
      /^environments\/production\.json#\/policyOid\n.*reste à décider\n.*still to be decided$/m,
    );
    change('fort/profiles/cps-signature.json', (body) => {
      body.cardProducts = null;
    });
    const wrong = await production('production');
    assert.equal(wrong.status, 1);
    assert.equal(wrong.stdout, '');
    assert.match(wrong.stderr, /cps-signature\.json\/gip\/category: must be card if and only if/);
    assert.doesNotMatch(wrong.stderr, /is an assumption/);
  });
});
