/**
 * EST while signers are away, across kill -9, and with certificates and accounts that lost their
 * rights. Without these tests a client could wait without end, get two certificates for one
 * request, or renew what was revoked.
 */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { certificateIn, type EstAnswer, type EstSent, est } from '../../../support/est/est.js';
import { application, requestBody, subjectOf } from '../../../support/est/request.js';
import {
  type Client,
  type ClientCredential,
  clientOf,
  credentialOf,
  type IssuedCertificate,
} from '../../../support/service/client.js';
import { type HolderKey, makeCsr, makeKey } from '../../../support/service/csr.js';
import { rowsOf } from '../../../support/service/database.js';
import { makeServiceHome, removeServiceHome, type ServiceHome } from '../../../support/service/home.js';
import { bodyOf, nextNumber, orderOf } from '../../../support/service/orders.js';
import { isAlive, isSignerChild } from '../../../support/service/processes.js';
import { createService, runPfcng, type Service } from '../../../support/service/service.js';
import { until } from '../../../support/until.js';

const PROFILE = 'elementaire/org-auth-cli';
const ENROLL = 'elementaire~org-auth-cli/simpleenroll';
const REENROLL = 'elementaire~org-auth-cli/simplereenroll';

type Own = { readonly issued: IssuedCertificate; readonly credential: NonNullable<ClientCredential> };
type RegistrationInUse = { readonly id: string; readonly basic: string };

describe('EST, interrupted', () => {
  let service: Service;
  let cards: Client;

  before(async () => {
    const at = await makeServiceHome('p-256');
    setSupersede(at, 'elementaire/serv-ssl', 'revoke');
    service = createService(at);
    await service.start();
    cards = clientOf(service, 'card-management');
  });
  after(async () => {
    await cards.close();
    await service.killEverything();
    removeServiceHome(service.at);
  });

  const ask = (sent: EstSent) => est(service, sent);
  const account = () => credentialOf(service.at, 'card-management');
  const newBody = (key: HolderKey = makeKey()) =>
    requestBody(key, { subject: application(`INTERRUPTED-${nextNumber()}`) });
  const enrollment = (): EstSent => ({ operation: ENROLL, body: newBody(), credential: account() });

  /** A certificate that may renew itself. */
  async function own(): Promise<Own> {
    const key = makeKey();
    const body = bodyOf(PROFILE, makeCsr(key));
    const issued = await cards.expect<IssuedCertificate>('POST', '/v1/certificates', { body });
    return { issued, credential: { certificate: issued.certificate, key: pemOf(key) } };
  }

  /** With the names of its certificate. */
  function renewal({ issued, credential }: Own): EstSent {
    const { application: name } = issued.holder as { readonly application?: string };
    return { operation: REENROLL, body: requestBody(makeKey(), { subject: application(String(name)) }), credential };
  }

  async function register(client: Client = cards): Promise<RegistrationInUse> {
    const { profile, ...order } = orderOf(PROFILE);
    const body = { profiles: [profile], ...order };
    const made = await client.expect<Record<'id' | 'reference' | 'secret', string>>('POST', '/v1/registrations', {
      body,
    });
    return { id: made.id, basic: `${made.reference}:${made.secret}` };
  }

  const registeredRequest = ({ basic }: RegistrationInUse): EstSent => ({
    operation: 'simpleenroll',
    body: requestBody(makeKey(), { subject: [] }),
    basic,
  });

  /** As RFC 7030 4.2.3 has it: the same request again, until it is decided. */
  async function untilAnswered(sent: EstSent): Promise<EstAnswer> {
    let answer: EstAnswer | null = null;
    await until('the request is decided', async () => {
      answer = await ask(sent);
      return answer.status !== 202 && answer.status !== 503;
    });
    return answer ?? assert.fail('an answer');
  }

  const rows = (sql: string, ...bindings: readonly string[]) => rowsOf(service.at, sql, ...bindings);

  async function assertUsedOnce({ id }: RegistrationInUse): Promise<void> {
    const sql = `select r.state, r.returned, c.status from registrations r
      join registration_uses u on u.registration_id = r.id join certificates c on c.id = u.certificate_id where r.id = ?`;
    assert.deepEqual(await rows(sql, id), [{ state: 'used', returned: 0, status: 'issued' }]);
  }

  it('is answered with 202 and Retry-After while the signers are away, and with one certificate once they are back', async () => {
    const registered = await register();
    const sent = [enrollment(), registeredRequest(registered), renewal(await own())];
    const supervisors = await killSigners(service);
    for (const one of sent)
      for (const time of ['first', 'again']) {
        const waiting = await ask(one);
        assert.equal(waiting.status, 202, `${one.operation} ${time} ${waiting.text}`);
        assert.match(String(waiting.headers['retry-after']), /^[1-9][0-9]*$/);
        assert.match(String(waiting.headers['content-type']), /^text\/plain/);
      }
    for (const pid of supervisors) process.kill(pid, 'SIGCONT');
    for (const one of sent) {
      const answer = await untilAnswered(one);
      await certificateIn(answer);
      assert.equal((await ask(one)).text, answer.text, 'a repetition gets the same certificate');
    }
    await assertUsedOnce(registered);
  });

  it('gives one certificate for each request that is repeated after kill -9, wherever it was', async () => {
    const registrations = [await register(), await register()];
    const sent = [
      ...[1, 2, 3, 4].map(enrollment),
      ...registrations.map(registeredRequest),
      renewal(await own()),
      renewal(await own()),
    ];
    const before = Number((await rows('select count(*) as count from certificates'))[0]?.count);
    const answered = await ask(sent[0] ?? assert.fail('a request'));
    // What is signed now waits, with its intent in the database.
    for (const { pid } of service.tree().filter(isSignerChild)) process.kill(pid, 'SIGSTOP');
    const broken = Promise.allSettled(sent.slice(1).map(ask));
    await until('an intent is stored', async () => {
      const [row] = await rows(`select count(*) as count from certificates where status = 'open'`);
      return Number(row?.count) > 0;
    });
    await service.killEverything();
    await broken;
    await service.start();
    for (const one of sent) await certificateIn(await untilAnswered(one));
    assert.equal((await ask(sent[0] ?? assert.fail('a request'))).text, answered.text);
    const [issued] = await rows('select count(*) as count from certificates');
    assert.equal(Number(issued?.count) - before, sent.length, 'one certificate for each request');
    for (const one of registrations) await assertUsedOnce(one);
  });

  it('renews no certificate that is suspended or was revoked, and one whose suspension is over', async () => {
    const [held, ended] = [await own(), await own()];
    await cards.expect('POST', `/v1/certificates/${held.issued.id}/suspension`);
    await cards.expect('POST', `/v1/certificates/${ended.issued.id}/revocation`, { body: { reason: 'keyCompromise' } });
    const counted = await outcomes();
    for (const [renewed, words] of [
      [held, /suspended/],
      [ended, /revoked/],
    ] as const) {
      const refused = await ask(renewal(renewed));
      assert.equal(refused.status, 403, refused.text);
      assert.match(refused.text, words);
      assert.match(refused.text, /certificate-not-revoked/);
    }
    assert.equal(await renewalsOf(held), 0);
    assert.equal(await renewalsOf(ended), 0);
    await cards.expect('DELETE', `/v1/certificates/${held.issued.id}/suspension`);
    await certificateIn(await ask(renewal(held)));
    const since = (outcome: string) => async () => (await outcomes()).get(outcome) ?? 0;
    await until('the requests are counted', async () => (await since('issued')()) > (counted.get('issued') ?? 0));
    assert.equal(await since('not-permitted')(), (counted.get('not-permitted') ?? 0) + 2);
  });

  async function renewalsOf({ issued }: Own): Promise<number> {
    const [row] = await rows('select count(*) as count from certificates where renews = ?', issued.id);
    return Number(row?.count);
  }

  /** `pfcng_enrolment_requests_total` of EST. */
  async function outcomes(): Promise<ReadonlyMap<string, number>> {
    const text = await (await fetch(`${service.urls.operators}/metrics`)).text();
    const found = text.matchAll(/^pfcng_enrolment_requests_total\{protocol="est",outcome="([^"]+)"\} (\d+)/gm);
    return new Map([...found].map(([, outcome, count]) => [String(outcome), Number(count)]));
  }

  it('revokes what was renewed where the profile says so, and repeats the answer to a client that lost it', async () => {
    const key = makeKey();
    const body = bodyOf('elementaire/serv-ssl', makeCsr(key));
    const old = await cards.expect<IssuedCertificate>('POST', '/v1/certificates', { body });
    const credential = { certificate: old.certificate, key: pemOf(key) };
    const subject = subjectOf(old.certificate);
    const [sent, other] = [makeKey(), makeKey()].map((fresh) => ({
      operation: 'simplereenroll',
      body: requestBody(fresh, { subject }),
      credential,
    }));
    assert.ok(sent !== undefined && other !== undefined);
    const answer = await ask(sent);
    const renewed = new X509Certificate(await certificateIn(answer));
    const { status, revocation } = await cards.expect<IssuedCertificate>('GET', `/v1/certificates/${old.id}`);
    assert.deepEqual([status, revocation?.reason], ['revoked', 'superseded']);
    const states = await rows('select status from certificates where renews = ?', old.id);
    assert.deepEqual(states, [{ status: 'issued' }]);
    assert.equal((await ask(sent)).text, answer.text);
    const refused = await ask(other);
    assert.equal(refused.status, 409, refused.text);
    assert.match(refused.text, /renewal-of-issued/);
    const revoked = await ask({ operation: ENROLL, body: newBody(), credential });
    assert.equal(revoked.status, 401, revoked.text);
    assert.equal(renewed.subject, new X509Certificate(old.certificate).subject);
  });

  it('takes away the rights of a registration with those of its account, at once', async () => {
    const { at } = service;
    const changed = async (...args: readonly string[]): Promise<void> => {
      const made = await runPfcng(at, 'account', ...args);
      assert.equal(made.status, 0, made.stderr);
    };
    await changed('change', 'auditor', '--role', 'registration-office', '--profile', '*', '--structure', '*');
    const office = clientOf(service, 'auditor');
    const [first, second, third] = [await register(office), await register(office), await register(office)];
    await office.close();
    // The device of a registration is elsewhere.
    await changed('change', 'auditor', '--network', '192.0.2.0/24');
    await certificateIn(await ask(registeredRequest(first)));
    const refusals: readonly (readonly [RegExp, readonly string[], readonly string[]])[] = [
      [/account-enabled/, ['disable', 'auditor'], ['enable', 'auditor']],
      [/profile-in-scope/, ['change', 'auditor', '--profile', 'fort/*'], ['change', 'auditor', '--profile', '*']],
      [
        /structure-in-scope/,
        ['change', 'auditor', '--structure', '2187512751'],
        ['change', 'auditor', '--structure', '*'],
      ],
      [
        /role-permits/,
        ['change', 'auditor', '--role', 'auditor'],
        ['change', 'auditor', '--role', 'registration-office'],
      ],
    ];
    for (const [words, take, giveBack] of refusals) {
      await changed(...take);
      const refused = await ask(registeredRequest(second));
      assert.equal(refused.status, 403, `${take} ${refused.text}`);
      assert.match(refused.text, words);
      await changed(...giveBack);
    }
    await certificateIn(await ask(registeredRequest(second)));
    await assertUsedOnce(second);
    const end = await endSoon(at, 'auditor');
    await until('the end of the account', async () => Date.now() > end);
    const late = await ask(registeredRequest(third));
    assert.equal(late.status, 403, late.text);
    assert.match(late.text, /account-in-force/);
    const [unused] = await rows('select certificate_id from registration_uses where registration_id = ?', third.id);
    assert.equal(unused?.certificate_id, null);
  });

  it('takes the development secret of an account from its networks only', async () => {
    const { at } = service;
    const secret = readFileSync(join(at.home, 'credentials', 'card-management.secret.txt'), 'utf8').trim();
    const sent = (): EstSent => ({ operation: ENROLL, body: newBody(), basic: `card-management:${secret}` });
    await certificateIn(await ask(sent()));
    const limit = async (network: string): Promise<void> => {
      const made = await runPfcng(at, 'account', 'change', 'card-management', '--network', network);
      assert.equal(made.status, 0, made.stderr);
    };
    await limit('192.0.2.0/24');
    for (const one of [sent(), enrollment()]) {
      const refused = await ask(one);
      assert.equal(refused.status, 401, refused.text);
      assert.match(refused.text, /network-in-scope/);
    }
    await limit('none');
    await certificateIn(await ask(sent()));
  });
});

function pemOf({ privateKey }: HolderKey): string {
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** In the copy of the policies that a service of this home reads. */
function setSupersede({ folder }: ServiceHome, profile: string, supersede: 'revoke' | 'let-end'): void {
  const [hierarchy = '', name = ''] = profile.split('/');
  const file = join(folder, 'policies', hierarchy, 'profiles', `${name}.json`);
  const document = JSON.parse(readFileSync(file, 'utf8')) as { readonly enrolment: object };
  writeFileSync(file, JSON.stringify({ ...document, enrolment: { ...document.enrolment, supersede } }));
}

/** On a slow machine a date passes before the command has set it; then it takes a later one. */
async function endSoon(at: ServiceHome, account: string): Promise<number> {
  for (const seconds of [5, 60]) {
    const end = Date.now() + seconds * 1_000;
    const made = await runPfcng(at, 'account', 'change', account, '--expires-at', new Date(end).toISOString());
    if (made.status === 0) return end;
  }
  return assert.fail('the end of an account can be set');
}

/** Stops the supervisors first, which would replace them; returns these. */
async function killSigners(service: Service): Promise<readonly number[]> {
  const signers = service.tree().filter(isSignerChild);
  assert.ok(signers.length > 0);
  const supervisors = [...new Set(signers.map(({ parent }) => parent))];
  for (const pid of supervisors) process.kill(pid, 'SIGSTOP');
  for (const { pid } of signers) process.kill(pid, 'SIGKILL');
  await until('every signer is dead', async () => signers.every(({ pid }) => !isAlive(pid)));
  return supervisors;
}
