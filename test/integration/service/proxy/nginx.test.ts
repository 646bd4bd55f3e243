/**
 * A real nginx with the files of ops/nginx in front of a service. Without these tests a client
 * could come through nginx as somebody else or from another address, or a protocol could stop
 * working behind it.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { lstatSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { homePaths } from '../../../../src/config/paths.js';
import { openOpensslCmp } from '../../../conformance/cmp/openssl.js';
import { postCmp } from '../../../support/cmp/post.js';
import { certificateIn, certificatesIn, type EstSent, est } from '../../../support/est/est.js';
import { application, requestBody } from '../../../support/est/request.js';
import { unprivileged } from '../../../support/machine/unprivileged.js';
import {
  beginMessage,
  configureProxy,
  type FrontNginx,
  HAS_IPV6,
  type ProxySocket,
  startFrontNginx,
} from '../../../support/servers/front-nginx.js';
import {
  assertProblem,
  type Client,
  type ClientCredential,
  clientOf,
  createClient,
  credentialOf,
  type IssuedCertificate,
  trustOf,
} from '../../../support/service/client.js';
import { makeCsr, makeKey } from '../../../support/service/csr.js';
import { createRelyingParty, fetchBytes, ocspRequest, writeIssued } from '../../../support/service/files.js';
import { makeServiceHome, removeServiceHome, type ServiceHome } from '../../../support/service/home.js';
import { judge } from '../../../support/service/judges.js';
import { bodyOf } from '../../../support/service/orders.js';
import { childOf, issuerOf, signedBy } from '../../../support/service/own-certificates.js';
import { createService, runPfcng, type Service } from '../../../support/service/service.js';
import { until } from '../../../support/until.js';

const ENROLL = 'elementaire~org-auth-cli/simpleenroll';
const REENROLL = 'elementaire~org-auth-cli/simplereenroll';

describe('nginx in front of the service', () => {
  let at: ServiceHome;
  let service: Service;
  let socket: ProxySocket;
  let nginx: FrontNginx;
  const clients: Client[] = [];
  const keep = (client: Client): Client => {
    clients.push(client);
    return client;
  };
  const as = (account: string): Client => keep(clientOf(nginx.service, account));
  const presenting = (credential: ClientCredential): Client =>
    keep(createClient({ url: nginx.service.urls.api, trust: trustOf(at), credential, judge: null }));
  const ask = (sent: EstSent) => est(nginx.service, sent);
  const linesOf = (requestId: string): readonly string[] =>
    readFileSync(homePaths(at.home).log, 'utf8')
      .split('\n')
      .filter((line) => line.includes('"event":"http.request"') && line.includes(requestId));

  before(async () => {
    at = await makeServiceHome('p-256');
    socket = configureProxy(at);
    service = createService(at);
    await service.start();
    nginx = await startFrontNginx(service, socket);
  });
  after(async () => {
    for (const client of clients) await client.close();
    await nginx?.stop();
    await service?.stop();
    socket?.remove();
    removeServiceHome(at);
  });

  /** As curl, from an address of this machine, with header fields of its own. */
  async function curl(account: string | null, path: string, ...more: readonly string[]) {
    const trust = join(nginx.folder, 'trust.pem');
    writeFileSync(trust, trustOf(at));
    const file = (ending: string): string => join(at.home, 'credentials', `${account}.${ending}.pem`);
    const own = account === null ? [] : ['--cert', file('crt'), '--key', file('key')];
    const args = ['-sS', '--http1.1', '-w', '\n%{http_code}', '--cacert', trust, ...own, ...more];
    const { output } = await judge('curl', [...args, `${nginx.service.urls.api}${path}`]);
    const cut = output.lastIndexOf('\n');
    return { status: Number(output.slice(cut + 1)), body: output.slice(0, cut) };
  }

  it('passes on REST: a certificate is issued, revoked, and has these statuses by OCSP and by its CRL', async () => {
    const issued = await as('card-management').expect<IssuedCertificate>('POST', '/v1/certificates', {
      body: bodyOf('elementaire/org-auth-cli'),
    });
    const party = createRelyingParty(nginx.service.urls.publication);
    await party.fetchAll();
    const file = writeIssued(party, issued);
    assert.match((await party.ocsp(file, 'aci-el-org')).output, /: good/);
    const revocation = { body: { reason: 'superseded' } };
    await as('card-management').expect('POST', `/v1/certificates/${issued.id}/revocation`, revocation);
    assert.match((await party.ocsp(file, 'aci-el-org')).output, /: revoked/);
    await until('the CRL has it', async () => {
      await party.fetchCrl('aci-el-org');
      return /revoked/.test((await party.verify(file, 'aci-el-org')).output);
    });
    const crl = `${nginx.service.urls.publication}/CRL/ACI-EL-ORG.crl`;
    const etag = (await fetch(crl)).headers.get('etag') ?? assert.fail('no ETag');
    assert.equal((await fetch(crl, { headers: { 'if-none-match': etag } })).status, 304);
    party.remove();
  });

  it('passes on OCSP in a path octet by octet, also with slashes that follow each other', async () => {
    const { publication } = nginx.service.urls;
    const direct = service.urls.publication;
    // The response about an issued certificate is cached: its octets stay the same.
    const issued = await as('card-management').expect<IssuedCertificate>('POST', '/v1/certificates', {
      body: bodyOf('elementaire/org-auth-cli'),
    });
    const der = await ocspRequest(publication, issued);
    for (const path of [encodeURIComponent(der), der]) {
      const before = await fetchBytes(`${direct}/ocsp/${path}`);
      assert.ok(before.equals(await fetchBytes(`${publication}/ocsp/${path}`)), path);
    }
    const odd = await fetch(`${publication}/ocsp/MEI//w`);
    assert.deepEqual(
      [odd.status, Buffer.from(await odd.arrayBuffer())],
      [200, await fetchBytes(`${direct}/ocsp/MEI//w`)],
    );
  });

  it('opens the console for the person of the certificate, and lets no other site use it', async () => {
    const home = await as('officer-1').call('GET', '/console/');
    assert.equal(home.status, 200);
    assert.match(String(home.body), /officer-1/);
    const elsewhere = await as('officer-1').call('GET', '/v1/cas', {
      headers: { origin: 'https://elsewhere.example' },
    });
    assertProblem(elsewhere, { status: 403, code: 'not-permitted' });
    // The host of the request is the one that the browser knows.
    const same = await as('officer-1').call('GET', '/v1/cas', { headers: { origin: nginx.service.urls.api } });
    assert.equal(same.status, 200);
  });

  it('passes on EST: cacerts, enrolment by a certificate and by a secret, and renewal by the certificate', async () => {
    assert.equal((await certificatesIn(await ask({ operation: 'cacerts' }))).length, 2);
    const credential = credentialOf(at, 'card-management');
    const key = makeKey();
    const subject = application('PROXY-EST');
    const pem = await certificateIn(await ask({ operation: ENROLL, body: requestBody(key, { subject }), credential }));
    const own = { certificate: pem, key: key.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
    const renewal = requestBody(makeKey(), { subject });
    const renewed = await certificateIn(await ask({ operation: REENROLL, body: renewal, credential: own }));
    assert.notEqual(renewed, pem);
    const secret = readFileSync(join(at.home, 'credentials', 'card-management.secret.txt'), 'utf8').trim();
    const body = requestBody(makeKey(), { subject: application('PROXY-EST-2') });
    await certificateIn(await ask({ operation: ENROLL, body, basic: `card-management:${secret}` }));
    const challenged = await ask({ operation: ENROLL, body });
    assert.deepEqual([challenged.status, challenged.text], [401, '']);
  });

  it('refuses an EST request that is bound to a TLS session, because the session ends at nginx', async () => {
    const content = { subject: application('PROXY-BOUND'), challengePassword: 'c29tZSB0bHMtdW5pcXVl' };
    const credential = credentialOf(at, 'card-management');
    for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
      const body = requestBody(makeKey(), content);
      const refused = await ask({ operation: ENROLL, body, credential, tls: { maxVersion } });
      assert.equal(refused.status, 422, refused.text);
      assert.match(refused.text, /reverse proxy ends TLS[^\n]*\(est-tls-unique\)/);
    }
  });

  it('passes on CMP over HTTP and HTTPS, with the address of the device in the log', async () => {
    const client = await openOpensslCmp({ ...service, ...nginx.service });
    try {
      const asked = ['-newkey', await client.newKey(), '-subject', '/CN=PROXY-CMP', '-certout', client.file('c')];
      await client.succeed(['-cmd', 'cr', ...client.account, ...asked]);
      assert.match(new X509Certificate(client.read('c')).subject, /CN=PROXY-CMP/);
    } finally {
      client.remove();
    }
    for (const port of ['cmp', 'api'] as const) {
      const forged = { forwarded: 'for=192.0.2.1;proto=https' };
      const { status, headers } = await postCmp(nginx.service, { port, body: 'no message', headers: forged });
      assert.equal(status, 400);
      await until('the line of the request', async () => linesOf(String(headers['x-request-id'])).length === 1);
      assert.match(linesOf(String(headers['x-request-id']))[0] ?? '', /"address":"127\.0\.0\.1"/);
    }
  });

  it('gives the networks of accounts the address of the client, and not one that the client says', async () => {
    const limited = await runPfcng(at, 'account', 'change', 'operator', '--network', '127.0.0.2/32');
    assert.equal(limited.status, 0, limited.stderr);
    const from = (address: string, ...more: readonly string[]) =>
      curl('operator', '/v1/cas', '--interface', address, ...more);
    assert.equal((await from('127.0.0.2')).status, 200);
    for (const more of [
      [],
      ['-H', 'Forwarded: for=127.0.0.2;proto=https'],
      ['-H', 'X-Forwarded-For: 127.0.0.2', '-H', 'X-Real-IP: 127.0.0.2'],
    ]) {
      const refused = await from('127.0.0.1', ...more);
      assert.equal(refused.status, 403, refused.body);
      assert.match(refused.body, /127\.0\.0\.1, which is in no network/);
    }
    if (!HAS_IPV6) return;
    const { port } = new URL(nginx.service.urls.api);
    const byIpv6 = () => curl('operator', '/v1/cas', '--connect-to', `127.0.0.1:${port}:[::1]:${port}`);
    assert.match((await byIpv6()).body, /::1, which is in no network/);
    const widened = await runPfcng(at, 'account', 'change', 'operator', '--network', '::1/128');
    assert.equal(widened.status, 0, widened.stderr);
    assert.equal((await byIpv6()).status, 200);
  });

  it('takes no certificate from a header field of the client, however it is written', async () => {
    const officer = new X509Certificate(credentialOf(at, 'officer-1').certificate);
    const value = `:${officer.raw.toString('base64')}:`;
    const forms = [
      `Client-Cert: ${value}`,
      `client-cert: ${value}`,
      `Client_Cert: ${value}`,
      `CLIENT-CERT:${value}`,
      `X-SSL-Client-Cert: ${value}`,
    ];
    for (const form of forms) {
      const forged = [
        '-H',
        form,
        '-H',
        'Forwarded: for=127.0.0.1;proto=https',
        '-H',
        'Connection: Client-Cert, Forwarded',
      ];
      const anonymous = await curl(null, '/v1/cas', ...forged);
      assert.equal(anonymous.status, 401, `${form.slice(0, 20)}: ${anonymous.body}`);
      assert.match(anonymous.body, /client-certificate-required/);
      // The account without rights stays what it is.
      const stranger = await curl('no-rights', '/v1/audit/entries', ...forged);
      assert.equal(stranger.status, 403, stranger.body);
    }
    const twice = await curl(null, '/v1/cas', '-H', `Client-Cert: ${value}`, '-H', `Client-Cert: ${value}`);
    assert.equal(twice.status, 401, twice.body);
  });

  it('refuses certificates of other CAs, expired ones and revoked ones by the service, with the reason', async () => {
    // The file also has the certificates of its CAs.
    const certificate = new X509Certificate(credentialOf(at, 'officer-1').certificate).toString();
    const [key, ca] = [makeKey(), makeKey()];
    const pem = key.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const template = childOf(certificate, key);
    const issuerDer = issuerOf(certificate);
    const now = Math.floor(Date.now() / 1_000) * 1_000;
    const expired = { notBefore: now - 2_000_000_000, notAfter: now - 1_000_000_000 };
    for (const validity of [template.validity, expired]) {
      const forged = signedBy(ca.privateKey, { ...template, issuerDer, validity });
      const refused = await presenting({ certificate: forged, key: pem }).call('GET', '/v1/cas');
      const problem = assertProblem(refused, { status: 403, code: 'not-permitted' });
      assert.match(problem.detail ?? '', /not issued by a CA that authenticates accounts/);
    }
    const own = makeKey();
    const issued = await as('card-management').expect<IssuedCertificate>('POST', '/v1/certificates', {
      body: bodyOf('elementaire/org-auth-cli', makeCsr(own)),
    });
    const stranger = presenting({
      certificate: issued.certificate,
      key: own.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    });
    const unknown = assertProblem(await stranger.call('GET', '/v1/cas'), { status: 403, code: 'not-permitted' });
    assert.match(unknown.detail ?? '', /account/);
    const revocation = { body: { reason: 'keyCompromise' } };
    await as('card-management').expect('POST', `/v1/certificates/${issued.id}/revocation`, revocation);
    const revoked = assertProblem(await stranger.call('GET', '/v1/cas'), { status: 403, code: 'not-permitted' });
    assert.equal(revoked.rule, 'certificate-not-revoked');
  });

  it('passes on an order of megabytes, although the largest request that nginx takes by default has one', async () => {
    const raw = Buffer.alloc(8 * 1024 * 1024, `${'x'.repeat(1024 * 1024)}\n`);
    const order = await as('card-management').call('POST', '/v1/orders', { raw, type: 'application/x-ndjson' });
    assert.equal(order.status, 202, JSON.stringify(order.body));
  });

  it('lets nobody but nginx open the socket', async () => {
    const [file, folder] = [lstatSync(socket.path), lstatSync(dirname(socket.path))];
    assert.ok(file.isSocket());
    if (process.getuid?.() !== 0) {
      assert.equal(folder.mode & 0o7777, 0o700);
      return;
    }
    assert.deepEqual([file.mode & 0o7777, folder.mode & 0o7777], [0o660, 0o2710]);
    const { uid, gid } = unprivileged();
    assert.ok(uid !== undefined && gid !== undefined);
    const reach = (group: number): number | null =>
      spawnSync('curl', ['-s', '--max-time', '10', '--unix-socket', socket.path, 'http://x/v1/cas'], {
        uid,
        gid: group,
      }).status;
    // 7: it could not connect.
    assert.equal(reach(gid), 7);
    assert.equal(reach(file.gid), 0, 'the group of nginx');
  });

  /** A request of something that can open the socket. */
  async function atSocket(path: string, ...headers: readonly string[]) {
    const fields = headers.flatMap((header) => ['-H', header]);
    const { output } = await judge('curl', ['-sS', '--unix-socket', socket.path, ...fields, `http://x${path}`]);
    return output;
  }

  it('serves CMP alone over plain HTTP, as EST and certificates need TLS', async () => {
    const said = 'Forwarded: for=192.0.2.1;proto=http';
    for (const path of ['/v1/cas', '/openapi.json', '/docs', '/.well-known/est/cacerts', '/console/'])
      assert.match(await atSocket(path, said), /served over HTTPS only|que par HTTPS/, path);
    const behind = await fetch(`${nginx.service.urls.cmp}/.well-known/cmpx`);
    assert.equal(behind.status, 403);
    assert.equal(((await behind.json()) as { readonly rule: string }).rule, 'tls-used');
  });

  it('names the field that its proxy has not written as it must, on every kind of path', async () => {
    const https = 'Forwarded: for=192.0.2.1;proto=https';
    for (const path of ['/v1/cas', '/.well-known/est/cacerts', '/console/', '/.well-known/cmp', '/nothing']) {
      assert.match(await atSocket(path), /Forwarded/, path);
      assert.match(await atSocket(path, https, 'Forwarded: for=192.0.2.2;proto=https'), /Forwarded/, path);
      assert.match(await atSocket(path, https, 'Client-Cert: x'), /Client-Cert/, path);
      assert.match(await atSocket(path, https, 'Client-Cert-Chain: :AAAA:'), /Client-Cert-Chain/, path);
    }
    const garbage = [https, 'Client-Cert: :AAAA:'];
    assert.match(await atSocket('/v1/cas', ...garbage), /not issued by a CA that authenticates accounts/);
    assert.match(await atSocket('/.well-known/est/csrattrs', ...garbage), /./);
    assert.match(await atSocket('/console/', ...garbage), /<html/);
  });

  it('ignores the header fields on every other listener', async () => {
    const officer = new X509Certificate(credentialOf(at, 'officer-1').certificate);
    const forged = {
      'client-cert': `:${officer.raw.toString('base64')}:`,
      forwarded: 'for=192.0.2.1;proto=https',
    };
    const anonymous = createClient({ url: service.urls.api, trust: trustOf(at), credential: null, judge: null });
    keep(anonymous);
    const refused = await anonymous.call('GET', '/v1/cas', { headers: forged });
    const { requestId } = assertProblem(refused, { status: 401, code: 'client-certificate-required' });
    await until('the line of the request', async () => linesOf(requestId).length === 1);
    assert.match(linesOf(requestId)[0] ?? '', /"address":"127\.0\.0\.1"/);
    const { status, headers } = await postCmp(service, { body: 'no message', headers: forged });
    assert.equal(status, 400);
    await until('the line of the message', async () => linesOf(String(headers['x-request-id'])).length === 1);
    assert.match(linesOf(String(headers['x-request-id']))[0] ?? '', /"address":"127\.0\.0\.1"/);
  });

  it('says which folder is wrong when others could open the socket, and does not start', async () => {
    const open = join(nginx.folder, 'open');
    const { listen, ...config } = JSON.parse(readFileSync(at.configFile, 'utf8'));
    const other = { ...at, configFile: join(nginx.folder, 'other.json') };
    const doctor = async (proxy: object) => {
      writeFileSync(other.configFile, JSON.stringify({ ...config, listen: { ...listen, proxy } }));
      return runPfcng(other, 'doctor');
    };
    spawnSync('mkdir', ['-m', '0777', open]);
    const exposed = await doctor({ socket: join(open, 'proxy.sock') });
    assert.equal(exposed.status, 1);
    assert.match(exposed.stdout, /proxy-socket[\s\S]*its mode is 0777; it must be 0700/);
    const nobody = await doctor({ socket: join(open, 'proxy.sock'), group: 'no-such-group' });
    assert.match(nobody.stdout, /proxy-socket[\s\S]*no-such-group: [^\n]*there is no such group/);
    rmSync(open, { recursive: true });
  });

  // They come last: of the next anonymous requests of the minute, not all have a line in the log.
  for (const [scheme, isTls, refusal] of [
    ['HTTPS, where the service replaces the oldest of the address', true, /^HTTP\/1\.1 502/],
    ['HTTP, where nginx counts', false, /^HTTP\/1\.1 503/],
  ] as const)
    it(`keeps an address that begins many messages from taking the places of another (${scheme})`, async () => {
      const early = beginMessage(nginx, '127.0.0.3', isTls);
      const many: ReturnType<typeof beginMessage>[] = [];
      await until('the address has its share', async () => {
        if (many.length < 1_000)
          many.push(...Array.from({ length: 20 }, () => beginMessage(nginx, '127.0.0.2', isTls)));
        return many.some(({ answer }) => refusal.test(answer()));
      });
      const other = await postCmp(nginx.service, { port: isTls ? 'api' : 'cmp', body: 'no message' });
      assert.equal(other.status, 400);
      assert.equal((await as('officer-1').call('GET', '/v1/cas')).status, 200);
      // On a slow machine it may have waited for its body for too long.
      assert.match(early.answer(), /^($|HTTP\/1\.1 408)/);
      for (const { socket } of [early, ...many]) socket.destroy();
    });
});
