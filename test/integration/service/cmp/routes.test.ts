/**
 * What CMP over HTTP answers before a message is read, on both ports. Without these tests a client
 * with a wrong address or content type would not learn what is wrong, or get a 5xx.
 */
import assert from 'node:assert/strict';
import { Agent } from 'node:http';
import { decodeMessage } from '../../../../src/cmp/message.js';
import { outcomeOf } from '../../../support/cmp/client.js';
import { type CmpSent, postCmp } from '../../../support/cmp/post.js';
import { certificateRequest } from '../../../support/cmp/request.js';
import { makeKey } from '../../../support/service/csr.js';
import { describeService } from '../../../support/service/describe-service.js';
import { until } from '../../../support/until.js';

const PROFILE = '/p/elementaire~org-auth-cli';
const OCTETS = Uint8Array.of(0x30, 0x00);
/** No header can be read. */
const UNREAD = 400;
/** Less than the messages of one client that may be in progress. */
const AT_ONCE = 100;
const PORTS = ['cmp', 'api'] as const;

describeService('CMP over HTTP', { on: 'sqlite' }, (running) => {
  const post = (sent: CmpSent) => postCmp(running.shared.service, { body: OCTETS, ...sent });

  for (const port of PORTS) {
    it(`refuses what is no message for a path, each by name, as plain text (${port})`, async () => {
      const refusals: readonly (readonly [number, RegExp, CmpSent])[] = [
        [404, /no profile .* nothing; the profiles are .*elementaire~org-auth-cli/, { path: '/p/nothing' }],
        [404, /elementaire~org-auth-cli/, { path: '/p/elementaire~ocsp-pp' }],
        [404, /elementaire~org-auth-cli/, { path: '/p/%00' }],
        [404, /revoke is no operation of CMP; the labels are initialization, /, { path: `${PROFILE}/revoke` }],
        [404, /the labels are initialization, /, { path: '/p' }],
        [404, /the labels are initialization, /, { path: '/constructor' }],
        [404, /./, { path: `${PROFILE}/initialization/more` }],
        [404, /./, { path: '/' }],
        [405, /POST/, { method: 'PUT' }],
        [413, /131072/, { body: new Uint8Array(128 * 1024 + 1) }],
        [415, /application\/pkixcmp/, { type: 'application/pkix-crl' }],
        [415, /application\/pkixcmp/, { type: '' }],
        [415, /encoded/, { headers: { 'content-encoding': 'gzip' } }],
        [417, /./, { headers: { expect: 'a-miracle' } }],
        [UNREAD, /./, { body: OCTETS }],
        [UNREAD, /./, { body: '' }],
        [UNREAD, /./, { body: '-----BEGIN PKIMESSAGE-----' }],
      ];
      for (const [status, words, sent] of refusals) {
        const refused = await post({ port, ...sent });
        assert.equal(refused.status, status, `${JSON.stringify(sent.path)} ${refused.text}`);
        assert.match(refused.text, words);
        assert.match(String(refused.headers['content-type']), /^text\/plain; charset=utf-8$/);
        assert.equal(refused.headers['cache-control'], 'no-store');
      }
      const wrongMethod = await post({ port, method: 'PUT', path: PROFILE });
      assert.equal(wrongMethod.headers.allow, 'POST');
      const french = await post({ port, path: '/p/x', headers: { 'accept-language': 'fr' } });
      assert.match(french.text, /aucun profil ouvert/);
    });

    it(`answers a message to a path that does not exist with an error that lists those that there are (${port})`, async () => {
      const wanted = { key: makeKey(), name: 'NOBODY', at: Date.now() };
      const body = certificateRequest({ kind: 'hmac', reference: 'nobody', secret: 'none' }, wanted);
      for (const [path, words] of [
        ['/p/nothing', /the profiles are .*elementaire~org-auth-cli/],
        [`${PROFILE}/revoke`, /the labels are initialization, /],
      ] as const) {
        const { status, headers, octets } = await post({ port, path, body });
        assert.deepEqual([status, headers['content-type']], [200, 'application/pkixcmp'], path);
        const answer = decodeMessage(octets);
        assert.ok(answer.ok);
        assert.deepEqual(outcomeOf(answer.value).failInfo, ['badRequest']);
        assert.match(outcomeOf(answer.value).text.join(), words);
      }
    });

    it(`reads a message at every path with a profile and at every label (${port})`, async () => {
      const labels = ['initialization', 'certification', 'keyupdate', 'pkcs10', 'revocation', 'nested'];
      const reads = ['getcacerts', 'getrootupdate', 'getcertreqtemplate', 'getcrls'];
      const paths = ['', PROFILE, ...[...labels, ...reads].flatMap((label) => [`/${label}`, `${PROFILE}/${label}`])];
      for (const path of [...paths, '/p/fort~cps-authentication'])
        assert.equal((await post({ port, path })).status, UNREAD, path);
      const parameters = await post({ port, type: 'Application/PKIXCMP; charset=binary' });
      assert.equal(parameters.status, UNREAD);
    });
  }

  it('keeps the connection of a client for its next message, on the port without TLS', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    try {
      for (let message = 0; message < 3; message += 1) {
        const { headers } = await post({ agent });
        assert.equal(headers.connection, 'keep-alive');
      }
      assert.equal(Object.values(agent.freeSockets).flat().length, 1);
    } finally {
      agent.destroy();
    }
  });

  it('refuses a message of a client whose last ones could not be read only where many of it wait already', async () => {
    // A busy machine may send them so slowly that few have to wait. Then they are sent again.
    const isRefused = async () => {
      const answers = await Promise.all(Array.from({ length: AT_ONCE }, () => post({})));
      const statuses = new Set(answers.map(({ status }) => status));
      for (const { status, headers } of answers) if (status === 503) assert.equal(headers['retry-after'], '1');
      assert.deepEqual(
        [...statuses].filter((status) => status !== UNREAD && status !== 503),
        [],
      );
      return statuses.has(503) && statuses.has(UNREAD);
    };
    await until('some of many messages are refused', isRefused);
    assert.equal((await post({})).status, UNREAD);
  });

  it('has the paths of CMP alone on the port without TLS', async () => {
    const { cmp } = running.shared.service.urls;
    for (const path of ['/', '/v1/cas', '/docs', '/.well-known/est/cacerts', '/openapi.json']) {
      const answer = await fetch(`${cmp}${path}`);
      assert.equal(answer.status, 404, path);
      assert.match(await answer.text(), /\.well-known\/cmp/);
    }
  });
});
