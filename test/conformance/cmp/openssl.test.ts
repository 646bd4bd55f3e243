/**
 * CMP with `openssl cmp`: each operation under MAC and under a signature, lost answers, polling,
 * and a certificate that is not confirmed. Without these tests a client of others could be refused
 * for how it writes a message, or could not read an answer.
 */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { postCmp } from '../../support/cmp/post.js';
import { type Client, clientOf, type IssuedCertificate } from '../../support/service/client.js';
import { makeServiceHome, removeServiceHome, type ServiceHome } from '../../support/service/home.js';
import { openssl } from '../../support/service/judges.js';
import { nextNumber } from '../../support/service/orders.js';
import { isAlive, isSignerChild, tokenOf } from '../../support/service/processes.js';
import { createService, type Service } from '../../support/service/service.js';
import { until } from '../../support/until.js';
import { type OpensslCmp, openOpensslCmp } from './openssl.js';

const newName = (): string => `CMP-${nextNumber()}`;
const PATH = '/p/elementaire~org-auth-cli';
/** The answer to the request, and those to two polls; the second wait outlasts a connection. */
const TOLD_TO_WAIT = 3;

describe('openssl cmp', () => {
  let service: Service;
  let client: OpensslCmp;
  let cards: Client;

  before(async () => {
    const at = await makeServiceHome('p-256');
    confirmWithin(at, 'org-sign', 'PT10S');
    service = createService(at);
    await service.start();
    client = await openOpensslCmp(service);
    cards = clientOf(service, 'card-management');
  });

  after(async () => {
    await cards.close();
    client.remove();
    await service.stop();
    removeServiceHome(service.at);
  });

  /** The certificate is one of the platform, for this key, and ends at the root. */
  async function assertGood(name: string, key: string): Promise<X509Certificate> {
    const certificate = new X509Certificate(client.read(name));
    const { bytes } = await openssl('pkey', '-in', key, '-pubout', '-outform', 'DER');
    assert.deepEqual(certificate.publicKey.export({ type: 'spki', format: 'der' }), bytes);
    const chain = ['-CAfile', client.file('ACR-EL.cer'), '-untrusted', client.file('ACI-EL-ORG.cer')];
    const verified = await openssl('verify', ...chain, client.file(name));
    assert.equal(verified.status, 0, verified.output);
    return certificate;
  }

  async function foundBy({ serialNumber }: X509Certificate): Promise<IssuedCertificate> {
    const path = `/v1/certificates?serialNumber=${serialNumber}`;
    const { certificates } = await cards.expect<{ certificates: readonly IssuedCertificate[] }>('GET', path);
    return certificates[0] ?? assert.fail(`no certificate ${serialNumber}`);
  }

  /** Writes a certificate into a file of this name, and returns the file of its key. */
  async function enrol(name: string): Promise<string> {
    const key = await client.newKey();
    const asked = ['-newkey', key, '-subject', `/CN=${newName()}`, '-implicit_confirm', '-certout', client.file(name)];
    await client.succeed(['-cmd', 'cr', ...client.account, ...asked]);
    return key;
  }

  for (const protection of ['secret', 'account'] as const)
    for (const [how, confirmation] of [
      ['with certConf', []],
      ['implicitly confirmed', ['-implicit_confirm']],
    ] as const)
      it(`gets certificates by ir, cr and p10cr, protected by the ${protection}, ${how}`, async () => {
        for (const command of ['ir', 'cr', 'p10cr']) {
          const [key, name] = [await client.newKey(), newName()];
          const subject = `/CN=${name}`;
          const asked =
            command === 'p10cr' ? ['-csr', await client.newCsr(key, subject)] : ['-newkey', key, '-subject', subject];
          const out = ['-certout', client.file('c'), '-cacertsout', client.file('ca')];
          await client.succeed(['-cmd', command, ...client[protection], ...asked, ...confirmation, ...out]);
          const certificate = await assertGood('c', key);
          assert.match(certificate.subject, new RegExp(`CN=${name}$`));
          assert.equal((await foundBy(certificate)).status, 'issued');
          if (protection === 'secret' && command === 'ir')
            assert.deepEqual(derOf(client.read('ca')), client.read('ACR-EL.cer'), 'the root is in caPubs');
        }
      });

  it('renews a certificate by kur with itself and revokes it, and another one as the account', async () => {
    const first = await enrol('c1');
    const second = await client.newKey();
    const [own, renewed] = [client.file('c1'), client.file('c4')];
    await client.succeed(['-cmd', 'kur', '-cert', own, '-key', first, '-newkey', second, '-certout', renewed]);
    const certificate = await assertGood('c4', second);
    assert.equal(certificate.subject, new X509Certificate(client.read('c1')).subject);
    await client.succeed(['-cmd', 'rr', '-cert', renewed, '-key', second, '-oldcert', renewed, '-revreason', '4']);
    const ended = await foundBy(certificate);
    assert.deepEqual([ended.status, ended.revocation?.reason], ['revoked', 'superseded']);
    await enrol('c2');
    await client.succeed(['-cmd', 'rr', ...client.account, '-oldcert', client.file('c2'), '-revreason', '1']);
    const compromised = await foundBy(new X509Certificate(client.read('c2')));
    assert.deepEqual([compromised.status, compromised.revocation?.reason], ['revoked', 'keyCompromise']);
  });

  it('gets CA certificates, no newer root, a CRL and a template by genm', async () => {
    const genm = ['-cmd', 'genm', ...client.account];
    await client.succeed([...genm, '-infotype', 'caCerts', '-cacertsout', client.file('ca')]);
    const listed =
      client
        .read('ca')
        .toString()
        .match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
    const subjects = listed.map((pem) => new X509Certificate(pem).subject);
    assert.equal(subjects.length, 2, subjects.join('\n'));
    const root = ['-oldwithold', client.file('ACR-EL.cer'), '-newwithnew', client.file('n')];
    await client.succeed([...genm, '-infotype', 'rootCaCert', ...root]);
    await enrol('c3');
    const lists = ['-crlcert', client.file('c3'), '-crlout', client.file('l')];
    await client.succeed([...genm, '-infotype', 'crlStatusList', ...lists]);
    const list = await openssl('crl', '-in', client.file('l'), '-noout', '-issuer');
    assert.match(list.output, /issuer=.*ELEMENTAIRE/i);
    const template = ['-template', client.file('t'), '-keyspec', client.file('s')];
    const said = await client.succeed([...genm, '-infotype', 'certReqTemplate', ...template]);
    assert.ok(existsSync(client.file('t')), said.output);
    const shown = await openssl('asn1parse', '-inform', 'DER', '-in', client.file('t'));
    assert.match(shown.output, /:stateOrProvinceName\n.*:Paris \(75\)\n[\s\S]*:commonName\n.*UTF8STRING +:?\n/);
  });

  it('gets a certificate of the profile for a conformance suite, which asks for others of it', async () => {
    const suite = 'elementaire~cmp-suite';
    const subject = ['-subject', '/CN=Hans Mustermann'];
    const first = await client.newKey('RSA');
    const asked = ['-newkey', first, ...subject, '-certout', client.file('s1')];
    await client.succeed(['-cmd', 'ir', ...client.secret, ...asked], suite);
    assert.equal((await assertGood('s1', first)).subject, 'CN=Hans Mustermann');
    const own = ['-cert', client.file('s1'), '-key', first];
    for (const [command, name] of [
      ['ir', 's2'],
      ['cr', 's3'],
    ] as const) {
      const key = await client.newKey();
      const another = ['-newkey', key, ...subject, '-certout', client.file(name)];
      await client.succeed(['-cmd', command, ...own, ...another], suite);
      await assertGood(name, key);
    }
    const next = await client.newKey();
    await client.succeed(['-cmd', 'kur', ...own, '-newkey', next, '-certout', client.file('s4')], suite);
    const renewed = ['-cert', client.file('s4'), '-key', next, '-oldcert', client.file('s4'), '-revreason', '1'];
    await client.succeed(['-cmd', 'rr', ...renewed], suite);
  });

  it('gets a certificate that is encrypted to its key, and confirms it', async () => {
    const key = await client.newKey('RSA');
    const asked = ['-newkey', key, '-subject', `/CN=${newName()}`, '-popo', '2', '-certout', client.file('c5')];
    await client.succeed(['-cmd', 'cr', ...client.account, ...asked], 'elementaire~org-conf');
    assert.equal((await foundBy(await assertGood('c5', key))).status, 'issued');
  });

  for (const protection of ['secret', 'account'] as const)
    it(`gets the same certificate for the same octets, also when it is confirmed (${protection})`, async () => {
      const key = await client.newKey();
      const asked = ['-newkey', key, '-subject', `/CN=${newName()}`, '-certout', client.file('c')];
      const kept = ['-reqout', `${client.file('q1')} ${client.file('q2')}`];
      await client.succeed(['-cmd', 'cr', ...client[protection], ...asked, ...kept]);
      const certificate = await assertGood('c', key);
      for (const port of ['cmp', 'api'] as const) {
        const again = await postCmp(service, { path: PATH, port, body: client.read('q1') });
        assert.deepEqual([again.status, again.headers['content-type']], [200, 'application/pkixcmp']);
        assert.equal(again.headers['cache-control'], 'no-store');
        assert.ok(again.octets.includes(certificate.raw), 'the answer has the same certificate');
      }
      const confirmed = await postCmp(service, { path: PATH, body: client.read('q2') });
      assert.ok(confirmed.octets.includes(PKI_CONF), 'pkiConf again');
      assert.equal((await foundBy(certificate)).status, 'issued');
    });

  it('waits by polling while the signer of the CA is away, also for longer than a connection is kept', async () => {
    const before = await answers();
    const key = await client.newKey();
    const asked = ['-newkey', key, '-subject', `/CN=${newName()}`, '-certout', client.file('c')];
    signalSigners('SIGSTOP');
    const polling = client.cmp(['-cmd', 'cr', ...client.account, ...asked, '-total_timeout', '300']);
    try {
      await until('the client is told to wait, for 5 s and then for 20 s', async () => {
        // The supervisor replaces a signer that hangs.
        signalSigners('SIGSTOP');
        return (await answers()) >= before + TOLD_TO_WAIT;
      });
    } finally {
      signalSigners('SIGCONT');
    }
    const said = await polling;
    assert.equal(said.status, 0, said.output);
    assert.match(said.output, /checkAfter = 20 seconds/);
    assert.equal((await foundBy(await assertGood('c', key))).status, 'issued');
  });

  function signalSigners(signal: 'SIGSTOP' | 'SIGCONT'): void {
    for (const one of service.tree())
      if (isSignerChild(one) && tokenOf(one) === 'ca-elementaire' && isAlive(one.pid)) process.kill(one.pid, signal);
  }

  /** Messages that were answered with a message. */
  async function answers(): Promise<number> {
    const metrics = await (await fetch(`${service.urls.operators}/metrics`)).text();
    const counted = [...metrics.matchAll(/^pfcng_http_requests_total\{server="cmp".*status="200"\} (\d+)/gm)];
    return counted.reduce((sum, [, count]) => sum + Number(count), 0);
  }

  it('has a certificate revoked that it does not confirm in time', async () => {
    const key = await client.newKey();
    const asked = ['-newkey', key, '-subject', `/CN=${newName()}`, '-disable_confirm', '-certout', client.file('c')];
    await client.succeed(['-cmd', 'cr', ...client.account, ...asked], 'elementaire~org-sign');
    const certificate = await assertGood('c', key);
    await until('it is revoked', async () => (await foundBy(certificate)).status === 'revoked');
    assert.equal((await foundBy(certificate)).revocation?.reason, 'cessationOfOperation');
  });
});

/** `[19]` with NULL in it. */
const PKI_CONF = Buffer.from('b3020500', 'hex');

/** Sets how long a certificate waits for its certConf. */
function confirmWithin({ folder }: ServiceHome, profile: string, duration: string): void {
  const file = join(folder, 'policies', 'elementaire', 'profiles', `${profile}.json`);
  const stated = JSON.parse(readFileSync(file, 'utf8')) as { readonly enrolment: object };
  writeFileSync(file, JSON.stringify({ ...stated, enrolment: { ...stated.enrolment, confirmWithin: duration } }));
}

function derOf(file: Buffer): Buffer {
  const text = file.toString('latin1');
  return text.includes('-----BEGIN') ? Buffer.from(text.replace(/-----[^-]+-----|\s/g, ''), 'base64') : file;
}
