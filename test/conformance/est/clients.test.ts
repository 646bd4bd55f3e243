/**
 * EST with clients of others: curl and OpenSSL, libest, strongSwan and Bouncy Castle. Without these
 * tests a client could be refused for how it writes HTTP, base64 or a request. What estclient
 * cannot do is said in `ops/est.md`.
 */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { labelOf } from '../../../src/est/request.js';
import { certificatesIn, est } from '../../support/est/est.js';
import { clientOf, trustOf } from '../../support/service/client.js';
import { makeServiceHome, removeServiceHome } from '../../support/service/home.js';
import { judge } from '../../support/service/judges.js';
import { orderOf, SOFTWARE_PROFILES } from '../../support/service/orders.js';
import { openPageShell } from '../../support/service/page-shell.js';
import { createService, type Service } from '../../support/service/service.js';
import {
  cacerts,
  type Enrolment,
  type EstServer,
  enrolByBouncyCastle,
  enrolByCurl,
  enrolByStrongswan,
  makeKeyFiles,
  runLibest,
} from './programs.js';

type OpenProfile = (typeof SOFTWARE_PROFILES)[number];
/** Certificates of these authenticate a client. */
const RENEWABLE: readonly OpenProfile[] = ['elementaire/org-auth-cli', 'elementaire/serv-ssl'];
/** Confidentiality is for RSA keys alone. */
const keyTypeOf = (profile: OpenProfile): 'EC' | 'RSA' => (profile === 'elementaire/org-conf' ? 'RSA' : 'EC');

type RegisteredHolder = {
  readonly reference: string;
  readonly secret: string;
  readonly name: string;
  readonly dns: string;
};

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

  async function register(profile: OpenProfile): Promise<RegisteredHolder> {
    const { profile: _profile, ...order } = orderOf(profile);
    const client = clientOf(service, 'card-management');
    try {
      const made = await client.expect<{ readonly reference: string; readonly secret: string }>(
        'POST',
        '/v1/registrations',
        { body: { profiles: [profile], ...order } },
      );
      const { application, names = [] } = order.holder as { readonly application?: string; readonly names?: string[] };
      return { ...made, name: application ?? names[0] ?? '', dns: names[0] ?? '' };
    } finally {
      await client.close();
    }
  }

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

  for (const [client, enrol] of [
    ['curl with OpenSSL', enrolByCurl],
    ['strongSwan', enrolByStrongswan],
  ] as const) {
    for (const profile of SOFTWARE_PROFILES)
      it(`${client} enrols ${profile} by a registration${RENEWABLE.includes(profile) ? ' and renews it' : ''}`, async () => {
        const { name, ...secret } = await register(profile);
        const type = keyTypeOf(profile);
        const label = labelOf(profile);
        const first = await makeKeyFiles(place('first'), { type, subject: `/CN=${name}` });
        const enrolled = await enrol(server, first, { label, proof: secret, renews: false });
        const certificate = await assertGood(enrolled, first.key, name);
        if (!RENEWABLE.includes(profile)) return;
        const subject = await subjectOf(certificate);
        const second = await makeKeyFiles(place('second'), { type, subject });
        const renewed = await enrol(server, second, {
          label,
          proof: { certificate, key: first.key },
          renews: true,
        });
        await assertGood(renewed, second.key, name);
      });
  }

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

  it('libest enrols each profile by the registration of one profile, after the challenge', async () => {
    for (const profile of SOFTWARE_PROFILES) {
      const { name, reference, secret } = await register(profile);
      const { folder: own, key } = await makeKeyFiles(place('libest'), { type: keyTypeOf(profile), subject: '/CN=x' });
      const options = ['-e', '-x', key, '-u', reference, '-h', secret, '--common-name', name];
      const { output, files } = await runLibest(server, own, options);
      assert.deepEqual(files, ['cert-0-0.pem'], output);
      await assertGood({ certificate: join(own, 'cert-0-0.pem'), output }, key, name);
    }
  });

  it('libest ties its request to its connection (-z), in a first session and in a resumed one', async () => {
    const { name, reference, secret } = await register('elementaire/org-auth-cli');
    const { folder: own, key } = await makeKeyFiles(place('libest'), { type: 'EC', subject: '/CN=x' });
    // After the challenge libest resumes its session.
    const resumed = ['-e', '-z', '-x', key, '-u', reference, '-h', secret, '--common-name', name];
    const byRegistration = await runLibest(server, own, resumed);
    await assertGood({ certificate: join(own, 'cert-0-0.pem'), output: byRegistration.output }, key, name);
    const other = await makeKeyFiles(place('libest'), { type: 'EC', subject: '/CN=x' });
    const credential = (ending: string) => join(service.at.home, 'credentials', `card-management.${ending}.pem`);
    const identity = ['-c', credential('crt'), '-k', credential('key')];
    const byAccount = await runLibest(server, other.folder, [
      '-e',
      '-z',
      '-x',
      other.key,
      ...identity,
      '--common-name',
      'INSI-EST',
    ]);
    await assertGood(
      { certificate: join(other.folder, 'cert-0-0.pem'), output: byAccount.output },
      other.key,
      'INSI-EST',
    );
  });

  it('libest enrols as ops/guides/first-certificate.md says', async () => {
    const shell = await openPageShell(service);
    try {
      const [, , , , device = '', router = ''] = await shell.blocksOf('ops/guides/first-certificate.md');
      assert.match(router, /^EST_OPENSSL_CACERT=\S+ estclient /m);
      const said = await shell.run(`${device}\n${router}`);
      assert.equal(said.status, 0, said.output);
      assert.match(said.output, /^subject=.*CN ?= ?MY-ROUTER$/m);
    } finally {
      await shell.close();
    }
  });

  it('libest and strongSwan do what ops/guides/network-devices.md says', async () => {
    const shell = await openPageShell(service);
    try {
      const blocks = await shell.blocksOf('ops/guides/network-devices.md');
      const said = await shell.run(blocks.join('\n'));
      assert.equal(said.status, 0, said.output);
      assert.match(
        said.output,
        /subject=.*ROUTER-1[\s\S]*subject=.*GATEWAY-1[\s\S]*subject=.*GATEWAY-1[\s\S]*\nrevoked\n$/,
      );
    } finally {
      await shell.close();
    }
  });

  it('libest cannot renew, because estclient -r asks for the old key again', async () => {
    const { name, reference, secret } = await register('elementaire/org-auth-cli');
    const { folder: own, key } = await makeKeyFiles(place('libest'), { type: 'EC', subject: '/CN=x' });
    await runLibest(server, own, ['-e', '-x', key, '-u', reference, '-h', secret, '--common-name', name]);
    const old = await assertGood({ certificate: join(own, 'cert-0-0.pem'), output: '' }, key, name);
    const renewed = await runLibest(server, place('renewed'), ['-r', '-c', old, '-k', key]);
    assert.deepEqual(renewed.files, [], renewed.output);
  });

  it('Bouncy Castle fills the template of csrattrs, enrols each profile, and renews what can be renewed', async () => {
    const lines: string[][] = [];
    const expected: { readonly file: string; readonly name: string }[] = [];
    for (const profile of SOFTWARE_PROFILES) {
      const { reference, secret, name, dns } = await register(profile);
      const own = place('bouncy-castle');
      const renew = RENEWABLE.includes(profile);
      const names = profile === 'elementaire/serv-ssl' ? dns : '';
      lines.push([labelOf(profile), reference, secret, name, names, keyTypeOf(profile), own, renew ? 'renew' : '']);
      for (const file of ['certificate.pem', ...(renew ? ['renewed.pem'] : [])])
        expected.push({ file: join(own, file), name });
    }
    const said = await enrolByBouncyCastle(server, folder, lines);
    assert.deepEqual(
      said,
      SOFTWARE_PROFILES.map((profile) => `${labelOf(profile)}\t2 CAs`),
    );
    for (const { file, name } of expected) await assertGood({ certificate: file, output: '' }, null, name);
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
