/**
 * EST requests as clients send them, and each mistake. Without these tests a client could enrol
 * without a right to, get two certificates for one request, or not find out what is wrong.
 */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { Agent } from 'node:https';
import type { TLSSocket } from 'node:tls';
import { certificateIn, certificatesIn, type EstSent, est } from '../../../support/est/est.js';
import {
  application,
  extension,
  type RequestContent,
  requestBody,
  requestDer,
  subjectOf,
} from '../../../support/est/request.js';
import { type ClientCredential, createClient, credentialOf, trustOf } from '../../../support/service/client.js';
import { type HolderKey, makeKey } from '../../../support/service/csr.js';
import { describeService } from '../../../support/service/describe-service.js';
import { makeServiceHome, removeServiceHome } from '../../../support/service/home.js';
import { nextNumber } from '../../../support/service/orders.js';
import { createService, type Service } from '../../../support/service/service.js';

const ENROLL = 'elementaire~org-auth-cli/simpleenroll';
const REENROLL = 'elementaire~org-auth-cli/simplereenroll';
const base64 = (der: Uint8Array): string => Buffer.from(der).toString('base64');

const newName = (): string => `EST-${nextNumber()}`;

function bodyFor(key: HolderKey, content: Partial<RequestContent> = {}): string {
  return requestBody(key, { subject: application(newName()), ...content });
}

describeService('EST', { on: 'each' }, (running) => {
  const ask = (sent: EstSent) => est(running.shared.service, sent);
  const account = (): NonNullable<ClientCredential> => credentialOf(running.shared.service.at, 'card-management');

  it('has the issuing CA and its root in cacerts, with and without a label, for anybody', async () => {
    for (const operation of ['cacerts', 'elementaire~serv-ssl/cacerts']) {
      const answer = await ask({ operation });
      assert.equal(answer.headers['content-type'], 'application/pkcs7-mime');
      assert.equal(answer.headers['content-transfer-encoding'], 'base64');
      assert.equal(answer.headers['content-length'], String(answer.text.length));
      const subjects = (await certificatesIn(answer)).map((pem) => new X509Certificate(pem).subject);
      assert.equal(subjects.length, 2);
      assert.ok(
        subjects.every((subject) => /CN=TEST /.test(subject)),
        subjects.join(),
      );
    }
  });

  it('issues to an account by its certificate what the request says, as a certs-only message with one certificate', async () => {
    const key = makeKey();
    const name = newName();
    const body = bodyFor(key, { subject: application(name) });
    const answer = await ask({ operation: ENROLL, body, credential: account() });
    assert.equal(answer.status, 200, answer.text);
    assert.equal(answer.headers['content-type'], 'application/pkcs7-mime; smime-type=certs-only');
    const issued = new X509Certificate(await certificateIn(answer));
    assert.match(issued.subject, new RegExp(`CN=${name}$`));
    assert.ok(issued.checkPrivateKey(key.privateKey));
  });

  it('gives the same request the same certificate, in whatever lines its base64 is', async () => {
    const body = bodyFor(makeKey());
    const first = await ask({ operation: ENROLL, body, credential: account() });
    const lines = body.replace(/.{60}/g, '$&\r\n \t');
    const again = await ask({ operation: ENROLL, body: lines, credential: account() });
    assert.equal(again.status, 200, again.text);
    assert.equal(again.text, first.text);
  });

  it('challenges who has not authenticated, without a body, and says in words that a secret is wrong', async () => {
    const body = bodyFor(makeKey());
    const challenged = await ask({ operation: ENROLL, body });
    assert.deepEqual([challenged.status, challenged.text], [401, '']);
    assert.equal(challenged.headers['www-authenticate'], 'Basic realm="PFCNG EST"');
    for (const basic of ['card-management:wrong', 'unknown:wrong', 'card-management:', 'x', 'a\0b:x']) {
      const refused = await ask({ operation: ENROLL, body, basic });
      assert.equal(refused.status, 401, basic);
      assert.equal(refused.headers['www-authenticate'], 'Basic realm="PFCNG EST"');
      assert.match(String(refused.headers['content-type']), /^text\/plain; charset=utf-8$/);
      assert.match(refused.text, /est-basic/);
    }
    const bearer = await ask({ operation: ENROLL, body, headers: { authorization: 'Bearer abc' } });
    assert.match(bearer.text, /must be Basic/);
    const stranger = await ask({
      operation: ENROLL,
      body,
      credential: credentialOf(running.shared.service.at, 'no-rights'),
    });
    assert.equal(stranger.status, 401);
    assert.match(stranger.text, /account-known/);
  });

  it('does not take a good certificate where a wrong secret is sent', async () => {
    const refused = await ask({ operation: ENROLL, body: bodyFor(makeKey()), basic: 'x:y', credential: account() });
    assert.equal(refused.status, 401);
  });

  it('refuses other types, PEM, binary DER, cut base64, an encoded body and a megabyte, each by name', async () => {
    const der = requestDer(makeKey(), { subject: application(newName()) });
    const body = base64(der);
    const pem = `-----BEGIN CERTIFICATE REQUEST-----\n${body}\n-----END CERTIFICATE REQUEST-----\n`;
    const sent: readonly (readonly [number, RegExp, Partial<EstSent>])[] = [
      [415, /application\/pkcs10/, { body, type: 'application/json' }],
      [415, /encoded/, { body, headers: { 'content-encoding': 'gzip' } }],
      [400, /is PEM/, { body: pem }],
      [400, /binary DER/, { body: der }],
      [400, /not base64/, { body: body.slice(0, -1) }],
      [400, /empty/, { body: '' }],
      [422, /PKCS#10/, { body: base64(der.subarray(0, 200)) }],
      [413, /32768/, { body: 'A'.repeat(1024 * 1024) }],
    ];
    for (const [status, words, more] of sent) {
      const refused = await ask({ operation: ENROLL, credential: account(), ...more });
      assert.equal(refused.status, status, refused.text);
      assert.match(refused.text, words);
    }
  });

  it('refuses in French who prefers it', async () => {
    const headers = { 'accept-language': 'fr' };
    const refused = await ask({ operation: ENROLL, body: 'x', credential: account(), headers });
    assert.match(refused.text, /^La requête n'est pas valide\nle corps n'est pas en base64/);
  });

  it('lists the labels where the path has none that is open, and answers 501 for keys made by the CA', async () => {
    for (const operation of ['fort~cps-signature/cacerts', 'nothing/csrattrs', '%00/cacerts']) {
      const refused = await ask({ operation });
      assert.equal(refused.status, 404, operation);
      assert.match(refused.text, /elementaire~org-auth-cli, elementaire~org-conf/);
    }
    for (const operation of ['serverkeygen', 'elementaire~org-auth-cli/fullcmc'])
      assert.equal((await ask({ operation, body: '' })).status, 501);
    assert.equal((await ask({ operation: 'simpleenroll' })).status, 405);
    const lost = await ask({ operation: 'a/b/c' });
    assert.equal(lost.status, 404);
    assert.match(String(lost.headers['content-type']), /^text\/plain/);
  });

  it('refuses a request for a CA certificate', async () => {
    const constraints = extension('0603551d13', Buffer.from('30030101ff', 'hex'));
    const authority = await ask({
      operation: ENROLL,
      body: bodyFor(makeKey(), { extensions: [constraints] }),
      credential: account(),
    });
    assert.equal(authority.status, 403, authority.text);
  });

  it('refuses a key that has a live certificate of the profile', async () => {
    const key = makeKey();
    const subject = application(newName());
    const body = () => bodyFor(key, { subject });
    assert.equal((await ask({ operation: ENROLL, body: body(), credential: account() })).status, 200);
    const again = await ask({ operation: ENROLL, body: body(), credential: account() });
    assert.equal(again.status, 422, again.text);
    assert.match(again.text, /key-certified-already/);
  });

  it('compares a challengePassword with the tls-unique value of TLS 1.2, resumed or not, and ignores it on TLS 1.3', async () => {
    const agent = new Agent({ keepAlive: false, maxCachedSessions: 10 });
    const sendTied = async (tie: (socket: TLSSocket) => string | undefined, maxVersion: 'TLSv1.2' | 'TLSv1.3') => {
      let wasReused = false;
      const answer = await ask({
        operation: ENROLL,
        credential: account(),
        tls: { maxVersion, agent },
        bodyFor: (socket) => {
          wasReused = socket.isSessionReused();
          return bodyFor(makeKey(), { challengePassword: tie(socket) ?? '' });
        },
      });
      return { ...answer, wasReused };
    };
    // For a client the first Finished message is its own, and that of the server where it resumes.
    const right = (socket: TLSSocket) =>
      (socket.isSessionReused() ? socket.getPeerFinished() : socket.getFinished())?.toString('base64');
    const first = await sendTied(right, 'TLSv1.2');
    const resumed = await sendTied(right, 'TLSv1.2');
    assert.deepEqual([first.status, first.wasReused], [200, false], first.text);
    assert.deepEqual([resumed.status, resumed.wasReused], [200, true], resumed.text);
    const wrong = await sendTied(() => 'not the value', 'TLSv1.2');
    assert.equal(wrong.status, 422);
    assert.match(wrong.text, /est-tls-unique/);
    assert.equal((await sendTied(() => 'whatever', 'TLSv1.3')).status, 200);
  });
});

/** The shared services keep renewals to their window. */
describe('EST renewals', () => {
  let service: Service;
  before(async () => {
    service = createService(await makeServiceHome('p-256'));
    await service.start();
  });
  after(async () => {
    await service.stop();
    removeServiceHome(service.at);
  });
  const ask = (sent: EstSent) => est(service, sent);

  type Own = {
    readonly key: HolderKey;
    readonly subject: RequestContent['subject'];
    readonly credential: NonNullable<ClientCredential>;
  };

  async function enrolled(): Promise<Own> {
    const key = makeKey();
    const subject = application(newName());
    const credential = credentialOf(service.at, 'card-management');
    const certificate = await certificateIn(
      await ask({ operation: ENROLL, body: bodyFor(key, { subject }), credential }),
    );
    return { key, subject, credential: { certificate, key: pemOf(key) } };
  }

  it('renew the certificate of the connection with a new key and the same names', async () => {
    const { subject, credential } = await enrolled();
    const key = makeKey();
    const body = bodyFor(key, { subject });
    const answer = await ask({ operation: 'simplereenroll', body, credential });
    const renewed = new X509Certificate(await certificateIn(answer));
    assert.equal(renewed.subject, new X509Certificate(credential.certificate).subject);
    assert.ok(renewed.checkPrivateKey(key.privateKey));
    assert.equal((await ask({ operation: REENROLL, body, credential })).text, answer.text, 'the same request again');
  });

  it('renew under the label of their own profile only', async () => {
    const { subject, credential } = await enrolled();
    const body = bodyFor(makeKey(), { subject });
    const other = await ask({ operation: 'elementaire~serv-ssl/simplereenroll', body, credential });
    assert.deepEqual([other.status, /elementaire~org-auth-cli/.test(other.text)], [404, true], other.text);
    assert.equal((await ask({ operation: REENROLL, body, credential })).status, 200);
  });

  it('of the certificate of an account let it sign in with the old and the new key, and have one successor', async () => {
    const old = credentialOf(service.at, 'card-management');
    const subject = subjectOf(old.certificate);
    const keys = [makeKey(), makeKey()];
    const answers = await Promise.all(
      keys.map((key) => ask({ operation: REENROLL, body: bodyFor(key, { subject }), credential: old })),
    );
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 409], answers.map(({ text }) => text).join());
    assert.match(answers.find(({ status }) => status === 409)?.text ?? '', /renewal-under-way/);
    const at = answers.findIndex(({ status }) => status === 200);
    const certificate = await certificateIn(answers[at] ?? assert.fail('a renewal'));
    const renewed = { certificate, key: pemOf(keys[at] ?? makeKey()) };
    for (const credential of [old, renewed]) {
      const answer = await ask({ operation: ENROLL, body: bodyFor(makeKey()), credential });
      assert.equal(answer.status, 200, answer.text);
      const client = createClient({ url: service.urls.api, trust: trustOf(service.at), credential, judge: null });
      await client.expect('GET', '/v1/profiles');
      await client.close();
    }
  });

  it('are refused without a certificate, with other names, with the old key, and for what does not renew itself', async () => {
    const { key, subject, credential } = await enrolled();
    const fresh = (content: Partial<RequestContent>) => bodyFor(makeKey(), { subject, ...content });
    const refusals: readonly (readonly [number, RegExp, EstSent])[] = [
      [401, /^$/, { operation: REENROLL, body: fresh({}) }],
      [422, /est-same-names/, { operation: REENROLL, body: fresh({ subject: application('OTHER') }), credential }],
      [422, /est-same-names/, { operation: REENROLL, body: fresh({ subject: [] }), credential }],
      [422, /est-same-names/, { operation: REENROLL, body: fresh({ dns: ['a.example.org'] }), credential }],
      [422, /ChangeSubjectName/, { operation: REENROLL, body: fresh({ changeSubjectName: true }), credential }],
      [422, /renewal-with-new-key/, { operation: REENROLL, body: bodyFor(key, { subject }), credential }],
    ];
    for (const [status, words, sent] of refusals) {
      const refused = await ask(sent);
      assert.equal(refused.status, status, `${words} ${refused.text}`);
      assert.match(refused.text, words);
    }
  });
});

function pemOf({ privateKey }: HolderKey): string {
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}
