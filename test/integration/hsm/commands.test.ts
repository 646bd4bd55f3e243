import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { copyServiceHome, makeServiceHome, removeServiceHome, type ServiceHome } from '../../support/service/home.js';
import { type CommandOutcome, createService, runPfcng, type Service } from '../../support/service/service.js';

const TOKEN = 'ca-elementaire';
const KEY = 'aci-el-org';

describe('pfcng hsm', () => {
  let at: ServiceHome;

  before(async () => {
    at = await makeServiceHome('p-256');
  });
  after(() => removeServiceHome(at));

  const hsm = (home: ServiceHome, ...args: readonly string[]): Promise<CommandOutcome> =>
    runPfcng(home, 'hsm', ...args);
  /** The first of the tokens in the answer. */
  async function json(home: ServiceHome, ...args: readonly string[]): Promise<Record<string, unknown>> {
    const { stdout, stderr } = await hsm(home, ...args, '--json');
    assert.notEqual(stdout, '', stderr);
    const [first] = JSON.parse(stdout) as readonly Record<string, unknown>[];
    assert(first, stdout);
    return first;
  }
  const pinOf = (home: ServiceHome): string => readFileSync(join(home.home, 'pins', `${TOKEN}.pin`), 'utf8').trim();

  describe('while no signer runs', () => {
    it('list shows each token, its keys by CKA_ID, and the attributes that the token reports', async () => {
      const { status, stdout } = await hsm(at, 'list');
      assert.equal(status, 0);
      for (const token of ['ca-fort', 'ocsp-standard', 'platform']) assert.match(stdout, new RegExp(`^${token} `, 'm'));
      assert.match(stdout, /key aci-el-org {2}p-256 {2}CKA_ID 6163692d656c2d6f7267/);
      assert.match(stdout, /CKA_TOKEN CKA_PRIVATE CKA_SENSITIVE !CKA_EXTRACTABLE CKA_SIGN .* CKA_NEVER_EXTRACTABLE/);
      assert(!stdout.includes(pinOf(at)));
    });

    it('info shows the token, its mechanisms and the sheet of its product', async () => {
      const about = await json(at, 'info', '--token', TOKEN);
      assert.equal(about.seenBy, 'this command');
      const mechanisms = about.mechanisms as readonly { readonly name: string; readonly uses: readonly string[] }[];
      assert(mechanisms.some(({ name, uses }) => name === 'CKM_RSA_PKCS_PSS' && uses.includes('sign')));
      assert.match(String((about.sheet as { readonly product?: unknown }).product), /^SoftHSM/);
      assert.match((await hsm(at, 'info', '--token', TOKEN)).stdout, /capability sheet: SoftHSM/);
    });

    it('check passes when the certificate of every key verifies its signature', async () => {
      const { status, stdout } = await hsm(at, 'check');
      assert.equal(status, 0, stdout);
      assert.match(stdout, /ok {2}aci-el-org {2}p-256, certificate: matches, signature: verifies/);
      assert.doesNotMatch(stdout, /BAD/);
    });

    it('bench measures its own keys, and leaves no key and no journal entry', async () => {
      const figures = await json(at, 'bench', '--token', TOKEN, '--seconds', '0.1', '--key-type', 'p-256');
      const [first] = figures.figures as readonly {
        readonly raw: readonly { readonly signaturesPerSecond: number }[];
        readonly throughSigner: { readonly signaturesPerSecond: number };
      }[];
      assert(first);
      assert.equal(first.raw.length, 6);
      for (const { signaturesPerSecond } of [...first.raw, first.throughSigner]) assert(signaturesPerSecond > 1);
      const token = await json(at, 'list', '--token', TOKEN);
      const keys = token.keys as readonly { readonly label: string }[];
      assert.deepEqual(
        keys.map(({ label }) => label),
        ['aci-el-org', 'aci-el-pp'],
      );
      assert(!existsSync(join(at.home, 'signers', TOKEN, 'journal.000001.ndjson')));
    });

    it('an unknown token or key type is refused with the known ones', async () => {
      const token = await hsm(at, 'list', '--token', 'none');
      assert.equal(token.status, 1);
      assert.match(token.stderr, /no token is named none: there are ca-fort, /);
      const type = await hsm(at, 'bench', '--token', TOKEN, '--key-type', 'p-999');
      assert.equal(type.status, 1);
      assert.match(type.stderr, /--key-type is one of rsa-2048/);
    });
  });

  describe('while the service runs', () => {
    let service: Service;

    before(async () => {
      service = createService(at);
      await service.start();
    });
    after(async () => {
      await service.stop();
    });

    it('list and info ask through the signer that has the token', async () => {
      const listed = await json(at, 'list', '--token', TOKEN);
      assert.equal(listed.seenBy, 'the signer');
      assert.equal(listed.signer, 'ready');
      const keys = listed.keys as readonly { readonly label: string; readonly attributes: object }[];
      assert.deepEqual(
        keys.map(({ label }) => label),
        ['aci-el-org', 'aci-el-pp'],
      );
      assert.equal(Object.values(keys[0]?.attributes ?? {}).length, 12);
      const info = await hsm(at, 'info', '--token', TOKEN);
      assert.equal(info.status, 0);
      assert.match(info.stdout, /the signer has the token open; stop the service to list them/);
      assert.match(info.stdout, /capability sheet: SoftHSM/);
    });

    it('check asks the signer, which has compared each key with its certificate', async () => {
      const { status, stdout, stderr } = await hsm(at, 'check', '--token', TOKEN);
      assert.deepEqual([status, stderr], [0, '']);
      assert.match(stdout, new RegExp(`^${TOKEN} {2}inspected by the signer, which is ready\n`));
      assert.match(stdout, /^ {2}ok {2}aci-el-org {2}p-256, certificate: matches, signature: not tried$/m);
      const checked = await json(at, 'check', '--token', TOKEN);
      assert.deepEqual([checked.seenBy, checked.signer, checked.unexpected], ['the signer', 'ready', []]);
    });

    it('bench says that the signer has the token, and does not disturb it', async () => {
      const { status, stderr } = await hsm(at, 'bench', '--token', TOKEN);
      assert.equal(status, 1);
      assert.match(stderr, /the signer of process \d+ has the token: stop the service or ask through it/);
      const listed = await json(at, 'list', '--token', TOKEN);
      assert.equal(listed.signer, 'ready');
    });
  });

  describe('where something is wrong', () => {
    let spoilt: ServiceHome;

    before(async () => {
      spoilt = await copyServiceHome(at);
    });
    after(() => removeServiceHome(spoilt));

    it('check names a key that does not match its certificate, and an unexpected key', async () => {
      const certificate = (id: string): string => join(spoilt.home, 'authorities', `${id}.cer`);
      copyFileSync(certificate('aci-el-pp'), certificate(KEY));
      const env = { ...process.env, SOFTHSM2_CONF: join(spoilt.home, 'tokens', TOKEN, 'softhsm2.conf') };
      // Opened once, so that its configuration names the copied folder.
      await hsm(spoilt, 'list', '--token', TOKEN);
      const pem = join(spoilt.folder, 'imported.pem');
      execFileSync('openssl', ['genpkey', '-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048', '-out', pem], {
        stdio: 'pipe',
      });
      const label = `pfcng-development-${TOKEN}`;
      const args = ['--import', pem, '--token', label, '--label', 'stranger', '--id', '00', '--pin', pinOf(spoilt)];
      execFileSync('softhsm2-util', args, { env, stdio: 'pipe' });
      const { status, stdout, stderr } = await hsm(spoilt, 'check', '--token', TOKEN);
      assert.equal(status, 1);
      assert.match(stderr, /ca-elementaire, key aci-el-org: it is not the key of its certificate/);
      assert.match(stderr, /ca-elementaire, key aci-el-org: what it signs does not verify/);
      assert.match(stdout, /BAD aci-el-org .* certificate: differs/);
      assert.match(stdout, /ok {2}aci-el-pp/);
      assert.match(stdout, /key stranger is on the token but not in the configuration/);
      const listed = await hsm(spoilt, 'list', '--token', TOKEN);
      assert.match(listed.stdout, /key stranger .*\n.*!CKA_LOCAL.*\n {4}signers refuse it/);
    });

    it('a refused PIN is tried once, by the first command', async () => {
      const file = join(spoilt.home, 'pins', 'platform.pin');
      execFileSync('sh', ['-c', `chmod 600 ${file} && echo wrong-pin > ${file} && chmod 400 ${file}`]);
      assert.match((await hsm(spoilt, 'check', '--token', 'platform')).stderr, /refused the PIN: CKR_PIN_INCORRECT/);
      assert.match((await hsm(spoilt, 'list', '--token', 'platform')).stderr, /the token has refused this PIN/);
    });
  });
});
