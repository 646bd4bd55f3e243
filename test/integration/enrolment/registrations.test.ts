/**
 * Registrations over REST, on a running service. Without these tests a secret could be shown twice,
 * a withdrawn registration could be used, or a certificate could differ from what was registered.
 */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { binaries } from '../../support/db/postgresql-cluster.js';
import {
  callRegistrationRoutes,
  type NewRegistration,
  registrationBody,
  type ShownRegistration,
} from '../../support/enrolment/registration-routes.js';
import { runProgram } from '../../support/machine/programs.js';
import { auditOf } from '../../support/service/audit-of.js';
import { assertProblem, type IssuedCertificate } from '../../support/service/client.js';
import { makeCsr, makeKey } from '../../support/service/csr.js';
import { describeService } from '../../support/service/describe-service.js';
import type { ServiceHome } from '../../support/service/home.js';
import { IDENTITY, nextNumber } from '../../support/service/orders.js';

/** What `pg_dump` writes, as text. */
async function dumpOf({ database }: ServiceHome): Promise<string> {
  assert.ok(database.kind === 'postgresql');
  const { host, port, user, password } = database;
  const args = ['--host', host, '--port', String(port), '--username', user, '--dbname', database.database];
  const env = { ...process.env, PGPASSWORD: password?.() ?? '' };
  const { status, stdout, stderr } = await runProgram({ program: join(binaries(), 'pg_dump'), args, env });
  assert.equal(status, 0, stderr.toString('utf8'));
  return stdout.toString('utf8');
}

/** The secret of a registration, that of the development account, and the keys they come from. */
function secretsOf({ home }: ServiceHome, secret: string): readonly string[] {
  const folder = join(home, 'secrets', 'registration');
  const keys = readdirSync(folder).map((name) => readFileSync(join(folder, name)));
  assert.ok(keys.length > 0);
  const account = readFileSync(join(home, 'credentials', 'card-management.secret.txt'), 'utf8').trim();
  const forms = (['hex', 'base64', 'latin1'] as const).flatMap((form) => keys.map((key) => key.toString(form)));
  return [secret, account, ...forms];
}

const [AUTHENTICATION, SIGNATURE] = ['fort/cps-authentication', 'fort/cps-signature'] as const;
const EVERYTHING = { profiles: ['*'], structures: ['*'], domains: ['*'], holders: ['*'] };

describeService('registrations', { on: 'each', traced: true }, (running) => {
  const register = (body: object, headers = {}) =>
    running.cards.expect<NewRegistration>('POST', '/v1/registrations', { body, headers });
  const use = (id: string, profile: string, { csr = makeCsr(makeKey()), client = running.cards } = {}) =>
    client.call('POST', `/v1/registrations/${id}/certificates`, { body: { profile, csr } });
  const ruleOf = (body: unknown) => (body as { readonly rule?: string }).rule;
  const rulesOf = (body: unknown) =>
    (body as { readonly violations?: readonly { readonly rule: string }[] }).violations?.map(({ rule }) => rule);

  it('answer by each route as the OpenAPI document says', () => callRegistrationRoutes(running));

  it('give the certificates that REST would issue for the same holder, but for the key', async () => {
    const number = nextNumber();
    const body = registrationBody([AUTHENTICATION, SIGNATURE], number);
    const made = await register(body);
    assert.match(made.reference, /^[A-Z2-7]{16}$/);
    assert.match(made.secret, /^[A-Z2-7]{32}$/);
    for (const profile of [AUTHENTICATION, SIGNATURE]) {
      const { status, body: answer } = await use(made.id, profile);
      assert.equal(status, 201, JSON.stringify(answer));
      const registered = answer as IssuedCertificate;
      const { profiles: _, ...asked } = body;
      const plain = { ...asked, profile, csr: makeCsr(makeKey()) };
      const issued = await running.cards.expect<IssuedCertificate>('POST', '/v1/certificates', { body: plain });
      const [one, other] = [registered, issued].map(({ certificate }) => new X509Certificate(certificate));
      assert.deepEqual([one?.subject, one?.issuer], [other?.subject, other?.issuer]);
      assert.deepEqual(registered.holder, issued.holder);
    }
    const read = await running.cards.expect<ShownRegistration>('GET', `/v1/registrations/${made.id}`);
    assert.equal(read.state, 'used');
    assert.ok(!('secret' in read) && !JSON.stringify(read).includes(made.secret));
  });

  it('are repeated with their secret under the same Idempotency-Key, until there is a newer one', async () => {
    const body = registrationBody([AUTHENTICATION]);
    const headers = { 'idempotency-key': crypto.randomUUID() };
    const made = await register(body, headers);
    assert.deepEqual(await register(body, headers), made);
    const path = `/v1/registrations/${made.id}`;
    const renewed = await running.cards.expect<NewRegistration>('POST', `${path}/secret`);
    assert.equal(renewed.reference, made.reference);
    assert.notEqual(renewed.secret, made.secret);
    assert.equal((await register(body, headers)).secret, null);
  });

  it('refuse a second use, another profile, and what was withdrawn, and spend no serial number', async () => {
    const made = await register(registrationBody([AUTHENTICATION]));
    const both = await Promise.all([use(made.id, AUTHENTICATION), use(made.id, AUTHENTICATION)]);
    assert.deepEqual(both.map(({ status }) => status).sort(), [201, 409]);
    const again = await use(made.id, AUTHENTICATION);
    assert.deepEqual([again.status, ruleOf(again.body)], [409, 'registration-profile-unused']);
    const other = await use(made.id, SIGNATURE);
    assertProblem(other, { status: 403, code: 'not-permitted' });
    const refused = await running.cards.call('POST', `/v1/registrations/${made.id}/withdrawal`);
    assert.deepEqual([refused.status, ruleOf(refused.body)], [409, 'registration-open']);

    const open = await register(registrationBody([AUTHENTICATION]));
    const withdrawal = `/v1/registrations/${open.id}/withdrawal`;
    const withdrawn = await running.cards.expect<ShownRegistration>('POST', withdrawal);
    assert.deepEqual(await running.cards.expect('POST', withdrawal), withdrawn);
    const late = await use(open.id, AUTHENTICATION);
    assert.deepEqual([late.status, ruleOf(late.body)], [409, 'registration-open']);
    const secret = await running.cards.call('POST', `/v1/registrations/${open.id}/secret`);
    assertProblem(secret, { status: 409, code: 'state-conflict' });
  });

  it('are checked as certificates are, without the key', async () => {
    const usual = registrationBody([AUTHENTICATION]);
    const faulty = {
      ...usual,
      profiles: [AUTHENTICATION, AUTHENTICATION, 'fort/unknown'],
      identity: { ...IDENTITY, assurance: 'low' },
      expiresAt: '2020-01-01T00:00:00Z',
    };
    const { status, body } = await running.cards.call('POST', '/v1/registrations', { body: faulty });
    assert.equal(status, 422, JSON.stringify(body));
    const rules = rulesOf(body) ?? [];
    for (const rule of ['registration-expires', 'registration-profiles-differ', 'profile-known'])
      assert.ok(rules.includes(rule), `${rule}: ${rules.join(' ')}`);
  });

  it('act with the rights that their account has when they are used, and are seen in its scope', async () => {
    const office = await running.shared.newAccount({ roles: ['registration-office'], scope: EVERYTHING });
    const body = registrationBody([AUTHENTICATION]);
    const made = await office.client.expect<NewRegistration>('POST', '/v1/registrations', { body });
    assertProblem(await use(made.id, AUTHENTICATION, { client: office.client }), {
      status: 403,
      code: 'not-permitted',
    });
    const elsewhere = { ...EVERYTHING, holders: ['9*'] };
    const stranger = await running.shared.newAccount({ roles: ['card-management'], scope: elsewhere });
    assertProblem(await stranger.client.call('GET', `/v1/registrations/${made.id}`), {
      status: 404,
      code: 'not-found',
    });
    assertProblem(await use(made.id, AUTHENTICATION, { client: stranger.client }), { status: 404, code: 'not-found' });
    assert.equal((await use(made.id, AUTHENTICATION)).status, 201);
  });

  it('have a secret of an account beside them in development, which only its user can read', () => {
    const file = `${running.shared.service.at.home}/credentials/card-management.secret.txt`;
    assert.match(readFileSync(file, 'utf8'), /^[A-Z2-7]{32}\n$/);
    assert.equal(statSync(file).mode & 0o777, 0o600);
  });

  it('are in the audit log without names, and their secrets are nowhere', async () => {
    const made = await register(registrationBody([AUTHENTICATION]));
    type Details = { readonly id?: string };
    const entries = await auditOf<Details>(running.officer);
    const created = entries.filter(({ details }) => details.id === made.id);
    assert.deepEqual(
      created.map(({ type }) => type),
      ['registration.created'],
    );
    assert.ok(!JSON.stringify(entries).includes(made.secret));
    const { at } = running.shared.service;
    assert.ok(!running.shared.service.said().includes(made.secret));
    if (running.kind === 'sqlite')
      for (const end of ['', '-wal'])
        assert.ok(!readFileSync(`${at.home}/pfcng.sqlite${end}`).includes(made.secret), `pfcng.sqlite${end}`);
    else {
      const dump = await dumpOf(at);
      assert.ok(dump.includes(made.reference), 'the dump has the registration');
      for (const secret of secretsOf(at, made.secret)) assert.ok(!dump.includes(secret));
    }
  });
});
