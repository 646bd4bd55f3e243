/**
 * EST with clients of others: curl and OpenSSL, libest and strongSwan. Without these
 * tests a client could be refused for how it writes HTTP, base64 or a request. What estclient
 * cannot do is said in `ops/est.md`.
 */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { labelOf } from '../../../src/est/label.js';
import { certificatesIn, est } from '../../support/est/est.js';
import { trustOf } from '../../support/service/client.js';
import { makeServiceHome, removeServiceHome } from '../../support/service/home.js';
import { judge } from '../../support/service/judges.js';
import { createService, type Service } from '../../support/service/service.js';
import {
  cacerts,
  type Enrolment,
  type EstServer,
  enrolByCurl,
  enrolByStrongswan,
  makeKeyFiles,
  runLibest,
} from './programs.js';

const PROFILES = [
  'elementaire/org-auth-cli',
  'elementaire/org-sign',
  'elementaire/org-conf',
  'elementaire/serv-ssl',
] as const;
type OpenProfile = (typeof PROFILES)[number];
/** Certificates of these authenticate a client. */
const RENEWABLE: readonly OpenProfile[] = ['elementaire/org-auth-cli', 'elementaire/serv-ssl'];
/** Confidentiality is for RSA keys alone. */
const keyTypeOf = (profile: OpenProfile): 'EC' | 'RSA' => (profile === 'elementaire/org-conf' ? 'RSA' : 'EC');

describe('EST clients of others', () => {
  let service: Service;
  let folder: string;
  let server: EstServer;
  let count = 0;

  before(async () => {
    service = createService(await makeServiceHome('p-256'));
    await service.start();
    folder = mkdtempSync(join(tmpdir(), 'pfcng-est-'));
    const certificates = await certificatesIn(await est(service, { operation: 'cacerts' }));
    const trust = join(folder, 'trust.pem');
    writeFileSync(trust, [trustOf(service.at), ...certificates].join(''));
    const authorities = certificates.map((certificate, at) => {
      const file = join(folder, `ca-${at}.pem`);
      writeFileSync(file, certificate);
      return file;
    });
    server = { host: 'localhost', port: service.at.ports.api, trust, authorities };
  });

  after(async () => {
    await service.stop();
    removeServiceHome(service.at);
    rmSync(folder, { recursive: true });
  });

  const place = (name: string): string => {
    count += 1;
    const made = join(folder, `${count}-${name}`);
    mkdirSync(made);
    return made;
  };

  /** The certificate is one of the platform, for this name and this key. */
  async function assertGood(enrolled: Enrolment, key: string | null, name: string): Promise<string> {
    const { certificate, output } = enrolled;
    assert.ok(certificate !== null, output);
    const read = new X509Certificate(readFileSync(certificate));
    assert.ok(read.subject.includes(`CN=${name}`), read.subject);
    if (key !== null) {
      const { bytes } = await judge('openssl', ['pkey', '-in', key, '-pubout', '-outform', 'DER']);
      assert.deepEqual(read.publicKey.export({ type: 'spki', format: 'der' }), bytes);
    }
    const chain = ['-CAfile', server.trust, '-untrusted', server.trust];
    const verified = await judge('openssl', ['verify', ...chain, certificate]);
    assert.equal(verified.status, 0, verified.output);
    return certificate;
  }

  /** The certificate and key of an account, whose structure completes the subject. */
  const account = (): { readonly certificate: string; readonly key: string } => {
    const file = (ending: string) => join(service.at.home, 'credentials', `card-management.${ending}.pem`);
    return { certificate: file('crt'), key: file('key') };
  };
  const newName = (profile: OpenProfile): string => {
    count += 1;
    return profile === 'elementaire/serv-ssl' ? `lps-${count}.example.org` : `EST-${count}`;
  };

  for (const profile of PROFILES)
    it(`curl with OpenSSL enrols ${profile}${RENEWABLE.includes(profile) ? ', and strongSwan and curl renew it' : ''}`, async () => {
      const type = keyTypeOf(profile);
      const label = labelOf(profile);
      const name = newName(profile);
      const first = await makeKeyFiles(place('first'), { type, subject: `/CN=${name}` });
      const enrolled = await enrolByCurl(server, first, { label, proof: account(), renews: false });
      const certificate = await assertGood(enrolled, first.key, name);
      if (!RENEWABLE.includes(profile)) return;
      const subject = await subjectOf(certificate);
      const second = await makeKeyFiles(place('second'), { type, subject });
      const own = { certificate, key: first.key };
      const renewed = await enrolByCurl(server, second, { label, proof: own, renews: true });
      const current = { certificate: await assertGood(renewed, second.key, name), key: second.key };
      const third = await makeKeyFiles(place('third'), { type, subject });
      const again = await enrolByStrongswan(server, third, { label, proof: current, renews: true });
      await assertGood(again, third.key, name);
    });

  it('strongSwan fetches the CA certificates', async () => {
    const out = join(place('cas'), 'ca.pem');
    const url = `https://${server.host}:${server.port}`;
    const args = ['--estca', '--url', url, ...cacerts(server), '--caout', out, '--outform', 'pem'];
    const said = await judge('pki', args);
    assert.equal(said.status, 0, said.output);
    assert.match(said.output, /Root CA cert is trusted/);
  });

  it('libest fetches the CA certificates and csrattrs, by HTTP/1.0', async () => {
    const { output, files } = await runLibest(server, place('libest'), ['-g']);
    assert.match(files.join(), /^cacert-0-0\.\w+$/, output);
    const attributes = await runLibest(server, place('libest'), ['-a']);
    assert.match(attributes.files.join(), /^csr-0-0\.\w+$/, attributes.output);
  });

  it('libest enrols the default profile for an account, and ties its request to its connection (-z)', async () => {
    for (const tied of [[], ['-z']]) {
      const name = newName('elementaire/org-auth-cli');
      const { folder: own, key } = await makeKeyFiles(place('libest'), { type: 'EC', subject: '/CN=x' });
      const identity = ['-c', account().certificate, '-k', account().key];
      const { output } = await runLibest(server, own, ['-e', ...tied, '-x', key, ...identity, '--common-name', name]);
      const certificate = await assertGood({ certificate: join(own, 'cert-0-0.pem'), output }, key, name);
      // estclient -r asks for the old key again, which is refused.
      const renewed = await runLibest(server, place('renewed'), ['-r', '-c', certificate, '-k', key]);
      assert.deepEqual(renewed.files, [], renewed.output);
    }
  });
});

/** The subject of a certificate, as `openssl req -subj` takes it. */
async function subjectOf(certificate: string): Promise<string> {
  const args = ['x509', '-in', certificate, '-noout', '-subject', '-nameopt', 'sep_multiline,utf8,sname'];
  const { output } = await judge('openssl', args);
  const lines = output
    .split('\n')
    .slice(1)
    .map((line) => line.trim());
  return lines
    .filter((line) => line !== '')
    .map((line) => `/${line.replaceAll('/', '\\/')}`)
    .join('');
}
