/** What relying parties download over HTTP, and how a change of status reaches them. */
import assert from 'node:assert/strict';
import { symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sha256Hex } from '../../../../src/kernel/digest.js';
import { describeOnEach } from '../../../support/db/fixture.js';
import type { Client, IssuedCertificate } from '../../../support/service/client.js';
import {
  createRelyingParty,
  fetchBytes,
  ISSUING,
  type RelyingParty,
  ROOTS,
  writeIssued,
} from '../../../support/service/files.js';
import { openssl } from '../../../support/service/judges.js';
import { bodyOf } from '../../../support/service/orders.js';
import { type SharedService, sharedService } from '../../../support/service/shared.js';

const CRL_WAIT_MS_MAX = 300_000;

type PublicDocument = {
  readonly authorities: readonly {
    readonly id: string;
    readonly certificate: string;
    readonly sha256: string;
    readonly lists: readonly { readonly url: string; readonly nextUpdate: string }[];
  }[];
};

describeOnEach('the publication point', ({ kind }) => {
  let shared: SharedService;
  let cards: Client;
  let party: RelyingParty;
  let base: string;

  before(async function startIt() {
    shared = await sharedService('p-256', kind);
    cards = shared.as('card-management');
    base = shared.service.urls.publication;
    party = createRelyingParty(base);
    await party.fetchAll();
  });

  after(() => party.remove());

  const issue = async (): Promise<{ readonly issued: IssuedCertificate; readonly file: string }> => {
    const body = bodyOf('elementaire/org-auth-cli');
    const issued = await cards.expect<IssuedCertificate>('POST', '/v1/certificates', { body });
    return { issued, file: writeIssued(party, issued) };
  };
  const statusOf = async (file: string, ...options: readonly string[]): Promise<string> => {
    const { output } = await party.ocsp(file, 'aci-el-org', ...options);
    assert.ok(output.includes('Response verify OK'), output);
    return /\.pem: (\w+)/.exec(output)?.[1] ?? output;
  };

  it('serves the certificate of every CA with the media type of RFC 2585, cacheable and with validators', async () => {
    for (const ca of [...ROOTS, ...ISSUING]) {
      const answer = await fetch(`${base}/AC/${ca.toUpperCase()}.cer`);
      assert.equal(answer.status, 200);
      assert.equal(answer.headers.get('content-type'), 'application/pkix-cert');
      const etag = answer.headers.get('etag') ?? '';
      await answer.arrayBuffer();
      const again = await fetch(`${base}/AC/${ca.toUpperCase()}.cer`, { headers: { 'if-none-match': etag } });
      assert.equal(again.status, 304);
    }
  });

  it('has a page with the fingerprint of each certificate and the dates of each list, and the same as JSON', async () => {
    const document = (await (await fetch(`${base}/authorities.json`)).json()) as PublicDocument;
    assert.deepEqual(document.authorities.map(({ id }) => id).sort(), [...ROOTS, ...ISSUING].sort());
    const page = await fetch(`${base}/?lang=en`);
    assert.match(page.headers.get('content-security-policy') ?? '', /default-src 'none'/);
    const html = await page.text();
    for (const { id, certificate, sha256, lists } of document.authorities) {
      assert.equal(sha256, sha256Hex(await fetchBytes(certificate)));
      assert.ok(html.includes(sha256));
      for (const { url } of lists) assert.ok(html.includes(url));
      // The lists of the others may be replaced meanwhile.
      for (const { url, nextUpdate } of ROOTS.some((root) => root === id) ? lists : []) {
        const file = join(party.folder, 'of-the-page.crl');
        writeFileSync(file, await fetchBytes(url));
        const { output } = await openssl('crl', '-inform', 'DER', '-in', file, '-noout', '-nextupdate');
        assert.equal(Date.parse(output.replace('nextUpdate=', '')), Date.parse(nextUpdate), output);
      }
    }
    const [, style = ''] = /<link rel="stylesheet" href="([^"]+)"/.exec(html) ?? [];
    assert.equal((await fetch(`${base}${style}`)).headers.get('content-type'), 'text/css; charset=utf-8');
    assert.equal((await fetch(`${base}/`, { method: 'HEAD' })).headers.get('content-language'), 'fr');
    assert.equal((await fetch(`${base}/console/`)).status, 404);
  });

  it('serves other clients when clients of a CRL disconnect at any moment', async () => {
    const before = shared.service.pid();
    const { hostname, port } = new URL(base);
    const request = `GET /CRL/ACI-EL-ORG.crl HTTP/1.1\r\nhost: ${hostname}\r\n\r\n`;
    const leave = (at: number): Promise<void> =>
      new Promise((resolve) => {
        const socket = connect(Number(port), hostname, () => {
          socket.write(request.repeat(1 + (at % 3)));
          // Now, or a few turns of the service's loop later.
          setTimeout(() => socket.resetAndDestroy(), (at % 8) / 2);
        });
        socket.on('error', () => undefined).once('close', () => resolve());
      });
    for (let round = 0; round < 20; round += 1) await Promise.all(Array.from({ length: 64 }, (_, at) => leave(at)));
    assert.equal((await fetch(`${base}/CRL/ACI-EL-ORG.crl`)).status, 200);
    assert.equal(shared.service.pid(), before);
  });

  it('answers 503 for a CRL that it cannot read, and 404 for a missing one', async () => {
    const path = join(shared.service.at.home, 'crl', 'UNREADABLE.crl');
    symlinkSync('UNREADABLE.crl', path);
    try {
      assert.equal((await fetch(`${base}/CRL/UNREADABLE.crl`)).status, 503);
    } finally {
      unlinkSync(path);
    }
    assert.equal((await fetch(`${base}/CRL/UNREADABLE.crl`)).status, 404);
  });

  it('serves the certificate chain as a certs-only message that OpenSSL reads', async () => {
    const der = await fetchBytes(`${base}/AC/Chaine_de_certification-IGC-Sante-TEST.p7b`);
    const file = party.write('chain.p7b', der);
    const { output, status } = await openssl('pkcs7', '-inform', 'DER', '-in', file, '-print_certs', '-noout');
    assert.equal(status, 0, output);
    assert.equal(output.match(/^subject=/gm)?.length, ROOTS.length + ISSUING.length);
  });

  it('serves the CRL of every CA and root, each signed by its issuer', async () => {
    for (const ca of [...ROOTS, ...ISSUING]) {
      const answer = await fetch(`${base}/CRL/${ca.toUpperCase()}.crl`);
      assert.equal(answer.headers.get('content-type'), 'application/pkix-crl');
      const file = party.write('one.crl', Buffer.from(await answer.arrayBuffer()));
      const { output } = await openssl(
        'crl',
        '-inform',
        'DER',
        '-in',
        file,
        '-noout',
        '-CAfile',
        party.path(`${ca}.pem`),
      );
      assert.ok(output.includes('verify OK'), `${ca}: ${output}`);
    }
  });

  it('answers HEAD with the headers of GET and no body', async () => {
    const answer = await fetch(`${base}/CRL/ACI-EL-ORG.crl`, { method: 'HEAD' });
    assert.equal(answer.status, 200);
    assert.ok(Number(answer.headers.get('content-length')) > 100);
  });

  it('serves the practice statement that certificates name', async () => {
    assert.equal((await fetch(`${base}/PC%20TEST`)).status, 200);
  });

  for (const path of [
    '/CRL/..%2F..%2Fpfcng.sqlite',
    '/CRL/../pfcng.sqlite',
    '/AC/ACI-XX.cer',
    '/CRL/ACI-XX.crl',
    '/no/such',
  ]) {
    it(`answers 404 for ${path}`, async () => {
      assert.equal((await fetch(base + path)).status, 404);
    });
  }

  it('rejects other methods and media types, and a too large body', async () => {
    assert.equal((await fetch(`${base}/ocsp`, { method: 'PUT', body: 'x' })).status, 405);
    const posted = await fetch(`${base}/CRL/ACI-FO-PP.crl`, { method: 'POST', body: 'x' });
    assert.deepEqual([posted.status, posted.headers.get('allow')], [405, 'GET, HEAD']);
    assert.equal((await fetch(`${base}/nothing`, { method: 'POST', body: 'x' })).status, 404);
    assert.equal((await fetch(`${base}/ocsp`, { method: 'POST', body: 'x' })).status, 415);
    const headers = { 'content-type': 'application/ocsp-request' };
    const body = Buffer.alloc(100_000, 0x30);
    assert.equal((await fetch(`${base}/ocsp`, { method: 'POST', body, headers })).status, 413);
  });

  it('answers an invalid OCSP request with malformedRequest', async () => {
    const headers = { 'content-type': 'application/ocsp-request' };
    for (const body of [Buffer.from('hello'), Buffer.from('3000', 'hex'), Buffer.alloc(0)]) {
      const der = await fetchBytes(`${base}/ocsp`, { method: 'POST', body, headers });
      // OCSPResponse { responseStatus malformedRequest (1) } (RFC 6960 4.2.1).
      assert.equal(der.toString('hex'), '30030a0101');
    }
  });

  it('answers good, and revoked in the next response after a revocation', async () => {
    const { issued, file } = await issue();
    // Requested twice: the second response comes from the cache, from which the revocation must
    // remove it.
    assert.deepEqual([await statusOf(file, '-no_nonce'), await statusOf(file, '-no_nonce')], ['good', 'good']);
    await cards.expect('POST', `/v1/certificates/${issued.id}/revocation`, { body: { reason: 'keyCompromise' } });
    assert.equal(await statusOf(file, '-no_nonce'), 'revoked');
    const { output } = await party.ocsp(file, 'aci-el-org', '-no_nonce');
    assert.ok(output.includes('Reason: keyCompromise'), output);
  });

  it('answers revoked with certificateHold while suspended, and good after the release', async () => {
    const { issued, file } = await issue();
    const path = `/v1/certificates/${issued.id}/suspension`;
    await cards.expect('POST', path, { body: {} });
    const { output } = await party.ocsp(file, 'aci-el-org', '-no_nonce');
    assert.ok(output.includes(': revoked') && output.includes('Reason: certificateHold'), output);
    await cards.expect('DELETE', path);
    assert.equal(await statusOf(file, '-no_nonce'), 'good');
  });

  it('answers unknown for a serial number that was never issued', async () => {
    const { output } = await openssl(
      'ocsp',
      '-no_nonce',
      '-issuer',
      party.path('aci-el-org.pem'),
      '-CAfile',
      party.path('acr-el.pem'),
      '-serial',
      '0x1234567890',
      '-url',
      `${base}/ocsp`,
    );
    assert.ok(output.includes('Response verify OK') && output.includes('0x1234567890: unknown'), output);
  });

  it('lists a revocation on the next scheduled CRL', async function listing() {
    this.timeout(CRL_WAIT_MS_MAX + 10_000);
    const { issued, file } = await issue();
    await party.fetchCrl('aci-el-org');
    assert.equal((await party.verify(file, 'aci-el-org')).status, 0);
    await cards.expect('POST', `/v1/certificates/${issued.id}/revocation`, { body: { reason: 'superseded' } });
    const until = performance.now() + CRL_WAIT_MS_MAX;
    for (;;) {
      await party.fetchCrl('aci-el-org');
      const { output } = await party.verify(file, 'aci-el-org');
      if (output.includes('certificate revoked')) return;
      assert.ok(performance.now() < until, `not on a CRL within ${CRL_WAIT_MS_MAX} ms: ${output}`);
      await sleep(250);
    }
  });

  it('serves liveness, readiness and metrics to operators', async () => {
    const { operators } = shared.service.urls;
    assert.deepEqual(await (await fetch(`${operators}/healthz`)).json(), { status: 'alive' });
    const ready = (await (await fetch(`${operators}/readyz`)).json()) as { readonly state: string };
    assert.equal(ready.state, 'ready');
    assert.match(await (await fetch(`${operators}/metrics`)).text(), /^# TYPE /m);
    assert.equal((await fetch(`${operators}/other`)).status, 404);
  });
});
