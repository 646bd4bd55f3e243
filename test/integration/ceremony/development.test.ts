/**
 * The four development ceremonies on real SoftHSM, verified by OpenSSL. The expected values come
 * from the published hierarchy.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmod, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Entry } from '../../../src/ceremony/transcript/transcript.js';
import { verifyFile } from '../../../src/cli/ceremony/verify.js';
import { performDevelopmentCeremonies } from '../../../src/cli/development/ceremonies.js';
import { developmentHome } from '../../support/ceremony/hierarchy.js';

const run = promisify(execFile);
async function openssl(...args: readonly string[]): Promise<string> {
  const { stdout, stderr } = await run('openssl', [...args]);
  return `${stdout}${stderr}`;
}

/** The issuing CAs of each root, with their names as OpenSSL shows them. */
const HIERARCHY = [
  { root: 'acr-fo', rootName: 'FORT', issuing: { 'aci-fo-pp': 'FORT PERSONNES', 'aci-fo-org': 'FORT ORGANISATIONS' } },
  {
    root: 'acr-st',
    rootName: 'STANDARD',
    issuing: { 'aci-st-pp': 'STANDARD PERSONNES', 'aci-st-org': 'STANDARD ORGANISATIONS' },
  },
  {
    root: 'acr-el',
    rootName: 'ELEMENTAIRE',
    issuing: { 'aci-el-pp': 'ELEMENTAIRE PERSONNES', 'aci-el-org': 'ELEMENTAIRE ORGANISATIONS' },
  },
] as const;

/** The CAs that answer CMP, each with the key of its hierarchy on the token of the platform. */
const CMP_SIGNERS = ['aci-fo-pp', 'aci-st-pp', 'aci-el-pp', 'aci-el-org'] as const;

const NAME_BEFORE_CN = 'C = FR, O = ASIP-SANTE, OU = 0002 187512751, OU = IGC-SANTE TEST, CN = ';

describe('a development home', () => {
  let home: string;
  const certificate = (id: string) => join(home, 'authorities', `${id}.cer`);
  const crl = (id: string) => join(home, 'crl', `${id.toUpperCase()}.crl`);
  before(async () => {
    home = await developmentHome();
  });

  it('has exactly the files that the service expects', async () => {
    const ids = HIERARCHY.flatMap(({ root, issuing }) => [root, ...Object.keys(issuing)]);
    const issuing = HIERARCHY.flatMap((one) => Object.keys(one.issuing));
    const hierarchies = ['elementaire', 'fort', 'standard'];
    const tokens = [...hierarchies.flatMap((one) => [`ca-${one}`, `ocsp-${one}`]), 'platform'].sort();
    const expected = [...ids.map((id) => `${id}.cer`), ...issuing.map((id) => `${id}.ocsp.cer`), 'platform.spki'];
    expected.push('aci-el-org.ocsp-rsa-2048.cer');
    expected.push(...CMP_SIGNERS.map((id) => `${id}.cmp.cer`));
    assert.deepEqual((await readdir(join(home, 'authorities'))).sort(), expected.sort());
    assert.deepEqual((await readdir(join(home, 'crl'))).sort(), ids.map((id) => `${id.toUpperCase()}.crl`).sort());
    assert.deepEqual((await readdir(join(home, 'tokens'))).sort(), tokens);
    assert.deepEqual(
      (await readdir(join(home, 'pins'))).sort(),
      tokens.map((token) => `${token}.pin`),
    );
    assert.deepEqual(JSON.parse(await readFile(join(home, 'environment.json'), 'utf8')), { mark: 'development' });
    assert.deepEqual((await readdir(join(home, 'ceremony'))).sort(), [...hierarchies, 'platform'].sort());
  });

  it('has two responders of one authority, a P-256 and an RSA key, each certified by it', async () => {
    for (const [name, key] of [
      ['aci-el-org.ocsp', /ASN1 OID: prime256v1/],
      ['aci-el-org.ocsp-rsa-2048', /Public-Key: \(2048 bit\)/],
    ] as const) {
      const text = await openssl('x509', '-in', certificate(name), '-noout', '-text', '-nameopt', 'oneline');
      assert.match(text, key);
      assert.match(text, /Extended Key Usage: (critical)?\n\s+OCSP Signing\n/);
      const chain = ['-partial_chain', '-CAfile', certificate('aci-el-org')];
      assert.match(await openssl('verify', '-x509_strict', ...chain, certificate(name)), /: OK/);
    }
  });

  it('has CMP signers, each certified by its CA for CMP answers alone, with a status', async () => {
    const keys = new Map<string, string>();
    for (const id of CMP_SIGNERS) {
      const file = certificate(`${id}.cmp`);
      const text = await openssl('x509', '-in', file, '-noout', '-text', '-nameopt', 'oneline');
      assert.match(text, /ASN1 OID: prime256v1/);
      assert.match(text, /Subject: [^\n]*CN = TEST CMP AC IGC-SANTE /);
      assert.match(text, /Key Usage: critical\n\s+Digital Signature\n/);
      assert.match(text, /Extended Key Usage: \n\s+(?:CMC Certificate Authority|cmcCA|1\.3\.6\.1\.5\.5\.7\.3\.27)\n/);
      assert.match(text, /X509v3 CRL Distribution Points/);
      assert.match(text, /OCSP - URI:/);
      const chain = ['-partial_chain', '-CAfile', certificate(id)];
      assert.match(await openssl('verify', '-x509_strict', ...chain, file), /: OK/);
      keys.set(id, await openssl('x509', '-in', file, '-noout', '-pubkey'));
    }
    assert.equal(keys.get('aci-el-pp'), keys.get('aci-el-org'));
    assert.equal(new Set(keys.values()).size, 3);
    assert.deepEqual(
      (await readdir(join(home, 'requests'))).sort(),
      CMP_SIGNERS.map((id) => `${id}.cmp.csr.pem`).sort(),
    );
    for (const id of CMP_SIGNERS) {
      const request = join(home, 'requests', `${id}.cmp.csr.pem`);
      assert.match(await openssl('req', '-in', request, '-noout', '-verify'), /OK/);
    }
  });

  it('gives each token its own PIN of 32 characters, in a file that only the owner can read', async () => {
    const files = (await readdir(join(home, 'pins'))).map((name) => join(home, 'pins', name));
    const pins = new Set<string>();
    for (const file of files) {
      assert.equal((await stat(file)).mode & 0o777, 0o400, file);
      const pin = (await readFile(file, 'utf8')).trimEnd();
      assert.match(pin, /^[A-Z2-7]{32}$/);
      pins.add(pin);
    }
    assert.equal(pins.size, 7);
    for (const id of ['fort', 'standard', 'elementaire', 'platform']) {
      const text = await readFile(join(home, 'ceremony', id, 'transcript.ndjson'), 'utf8');
      for (const pin of pins) assert.ok(!text.includes(pin));
    }
  });

  for (const { root, rootName, issuing } of HIERARCHY) {
    it(`makes certificate and list of ${root} as in the TEST hierarchy`, async () => {
      const text = await openssl('x509', '-in', certificate(root), '-noout', '-text', '-nameopt', 'oneline');
      const name = `${NAME_BEFORE_CN}TEST AC RACINE IGC-SANTE ${rootName}`;
      assert.ok(text.includes(`Issuer: ${name}\n`) && text.includes(`Subject: ${name}\n`), text);
      assert.match(text, /Basic Constraints: critical\n\s+CA:TRUE\n/);
      assert.match(text, /Key Usage: critical\n\s+Certificate Sign, CRL Sign\n/);
      assert.match(text, /Policy: X509v3 Any Policy\n\s+CPS: http:\/\/127\.0\.0\.1:8080\/PC%20TEST\n/);
      assert.match(text, /Subject Key Identifier/);
      assert.match(text, /Authority Key Identifier/);
      assert.doesNotMatch(text, /CRL Distribution|Authority Information Access|Freshest/);
      assert.equal(text.match(/^ {12}X509v3 /gm)?.length, 5);
      assert.match(await openssl('verify', '-x509_strict', '-CAfile', certificate(root), certificate(root)), /: OK/);
      const list = await openssl('crl', '-in', crl(root), '-noout', '-text', '-verify', '-CAfile', certificate(root));
      assert.match(list, /verify OK/);
      assert.match(list, /X509v3 CRL Number: \n\s+1\n/);
      assert.match(list, /No Revoked Certificates/);
    });

    for (const [id, title] of Object.entries(issuing)) {
      it(`makes the certificate of ${id} as in the TEST hierarchy; OpenSSL accepts chain and lists`, async () => {
        const text = await openssl('x509', '-in', certificate(id), '-noout', '-text', '-nameopt', 'oneline');
        assert.ok(text.includes(`Issuer: ${NAME_BEFORE_CN}TEST AC RACINE IGC-SANTE ${rootName}\n`), text);
        assert.ok(text.includes(`Subject: ${NAME_BEFORE_CN}TEST AC IGC-SANTE ${title}\n`), text);
        assert.match(text, /Basic Constraints: critical\n\s+CA:TRUE, pathlen:0\n/);
        assert.match(text, /Key Usage: critical\n\s+Certificate Sign, CRL Sign\n/);
        assert.match(text, /Policy: X509v3 Any Policy\n\s+CPS: http:\/\/127\.0\.0\.1:8080\/PC%20TEST\n/);
        assert.ok(text.includes(`URI:http://127.0.0.1:8080/CRL/${root.toUpperCase()}.crl\n`), text);
        assert.doesNotMatch(text, /Authority Information Access|Freshest/);
        const pems = await Promise.all([root, id].map((one) => openssl('crl', '-in', crl(one), '-outform', 'PEM')));
        const lists = join(home, `${id}.crls.pem`);
        await writeFile(lists, pems.join(''));
        const checked = [
          '-x509_strict',
          '-policy_check',
          '-crl_check_all',
          '-CRLfile',
          lists,
          '-CAfile',
          certificate(root),
        ];
        assert.match(await openssl('verify', ...checked, certificate(id)), /: OK/);
        const responder = join(home, 'authorities', `${id}.ocsp.cer`);
        assert.match(await openssl('verify', ...checked, '-untrusted', certificate(id), responder), /: OK/);
        const list = await openssl('crl', '-in', crl(id), '-noout', '-text', '-verify', '-CAfile', certificate(id));
        assert.match(list, /verify OK/);
        assert.match(list, /X509v3 CRL Number: \n\s+1\n/);
      });

      it(`certifies the OCSP responder of ${id} for OCSP responses only`, async () => {
        const responder = join(home, 'authorities', `${id}.ocsp.cer`);
        const text = await openssl('x509', '-in', responder, '-noout', '-text', '-nameopt', 'oneline');
        assert.match(text, /Extended Key Usage: (critical)?\n\s+OCSP Signing\n/);
        assert.match(text, /Key Usage: critical\n\s+Digital Signature\n/);
        assert.match(text, /OCSP No Check/);
        assert.doesNotMatch(text, /CRL Distribution|Authority Information Access/);
      });
    }

    it(`makes issuing CAs of ${root} valid for one day less than their root, which has twenty years`, async () => {
      const end = async (id: string) => {
        const text = await openssl('x509', '-in', certificate(id), '-noout', '-dates');
        const [, before = '', after = ''] = /notBefore=(.*)\nnotAfter=(.*)\n/.exec(text) ?? [];
        return { before: new Date(before), after: new Date(after) };
      };
      const { before, after } = await end(root);
      assert.equal(after.getUTCFullYear() - before.getUTCFullYear(), 20);
      for (const id of Object.keys(issuing)) {
        const days = (after.getTime() - (await end(id)).after.getTime()) / 86_400_000;
        assert.ok(days > 0.99 && days < 1.01, `${id}: ${days} days`);
      }
    });
  }

  it('exports the public key of the platform token', async () => {
    const text = await openssl(
      'pkey',
      '-pubin',
      '-inform',
      'DER',
      '-in',
      join(home, 'authorities/platform.spki'),
      '-text',
    );
    assert.match(text, /NIST CURVE: P-256/);
  });

  it('is not made again when it exists', async () => {
    const before = await readFile(join(home, 'ceremony/fort/transcript.ndjson'));
    const done = await performDevelopmentCeremonies(home, { progress: () => assert.fail('there is nothing to do') });
    assert.ok(done.ok);
    assert.deepEqual(await readFile(join(home, 'ceremony/fort/transcript.ndjson')), before);
  });

  it('has transcripts that verify, and verification names the file or line with one changed byte', async () => {
    const transcript = join(home, 'ceremony/fort/transcript.ndjson');
    const sound = await verifyFile(transcript);
    assert.ok(sound.ok, sound.ok ? '' : JSON.stringify(sound.error));
    const changing = async (file: string, at: number): Promise<unknown> => {
      const content = await readFile(file);
      const altered = Buffer.from(content);
      altered[at] = (altered[at] ?? 0) ^ 1;
      await chmod(file, 0o644);
      await writeFile(file, altered);
      const outcome = await verifyFile(transcript);
      await writeFile(file, content);
      return outcome.ok ? null : outcome.error;
    };
    const names = (path: string, fault: unknown) =>
      assert.match(JSON.stringify(fault), new RegExp(`"artefact-altered","artefact":"${path}"`));
    const copy = 'ceremony/fort/crl/ACI-FO-ORG.crl';
    assert.deepEqual(await readFile(join(home, copy)), await readFile(crl('aci-fo-org')));
    names(copy, await changing(join(home, copy), 40));
    assert.equal(await changing(crl('aci-fo-org'), 40), null);
    names('authorities/aci-fo-pp.cer', await changing(certificate('aci-fo-pp'), 300));
    names('ceremony/fort/plan.json', await changing(join(home, 'ceremony/fort/plan.json'), 100));
    const lengths = (await readFile(transcript, 'utf8')).split('\n').map((line) => Buffer.byteLength(line) + 1);
    const thirdLine = (lengths[0] ?? 0) + (lengths[1] ?? 0);
    assert.match(JSON.stringify(await changing(transcript, thirdLine + 25)), /"line-altered","line":3/);
  });

  it('has a transcript signed by a key that was destroyed, which OpenSSL verifies', async () => {
    const folder = join(home, 'ceremony/fort');
    const lines = (await readFile(join(folder, 'transcript.ndjson'), 'utf8')).trimEnd().split('\n');
    const isMade = ({ action, result }: Entry) => action === 'generate-key' && result.key === 'ceremony-fort';
    const made = lines.map((line) => JSON.parse(line)).find(isMade);
    const key = join(home, 'ceremony-key.der');
    await writeFile(key, Buffer.from(made.result.publicKey, 'base64'));
    const checked = ['-verify', key, '-keyform', 'DER', '-signature', join(folder, 'transcript.sig')];
    assert.match(await openssl('dgst', '-sha256', ...checked, join(folder, 'transcript.ndjson')), /Verified OK/);
  });

  it('has a transcript that shows that the keys never left their tokens', async () => {
    const text = await readFile(join(home, 'ceremony/fort/transcript.ndjson'), 'utf8');
    const keys = text.split('\n').filter((line) => line.includes('"action":"generate-key"'));
    assert.equal(keys.length, 6);
    for (const line of keys) {
      const { attributes } = JSON.parse(line).result;
      for (const name of ['CKA_PRIVATE', 'CKA_SENSITIVE', 'CKA_ALWAYS_SENSITIVE', 'CKA_NEVER_EXTRACTABLE', 'CKA_LOCAL'])
        assert.equal(attributes[name], true, name);
      assert.equal(attributes.CKA_EXTRACTABLE, false);
    }
  });
});
