/** Mass revocations through the API of a running service. */
import assert from 'node:assert/strict';
import { randomUUID, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { assertProblem, type IssuedCertificate } from '../../../support/service/client.js';
import { makeCsr, makeKey } from '../../../support/service/csr.js';
import { auditedOf, whileOrdersWait } from '../../../support/service/database.js';
import { describeService } from '../../../support/service/describe-service.js';
import { writeIssued } from '../../../support/service/files.js';
import { keyOfCertificate, orderFor, previewOf } from '../../../support/service/mass-orders.js';
import { bodyOf, nextNumber, orderOf, tokenId } from '../../../support/service/orders.js';

type Order = {
  readonly id: string;
  readonly state: string;
  readonly select: object;
  readonly matched: number;
  readonly done: number;
  readonly revoked: number;
  readonly alreadyRevoked: number;
};
type Result = { readonly certificate: string; readonly serialNumber: string; readonly outcome: string };

/** Waits for work that another process does. */
const DONE_MS_MAX = 300_000;

describeService('revocations of many', { on: 'each', party: true }, (running) => {
  const issue = (key = makeKey(), holder?: object) => {
    const body = bodyOf('elementaire/org-sign', makeCsr(key));
    return running.cards.expect<IssuedCertificate>('POST', '/v1/certificates', {
      body: holder === undefined ? body : { ...body, holder },
    });
  };
  /** Some of a time that no other test's are of: seconds are what an instant of the API has. */
  async function batch(count: number) {
    const issuedFrom = await freshSecond();
    const certificates = await Promise.all(Array.from({ length: count }, () => issue()));
    const issuedUntil = `${new Date().toISOString().slice(0, 19)}.999Z`;
    return { certificates, select: { profile: 'elementaire/org-sign', issuedFrom, issuedUntil } };
  }
  async function freshSecond(): Promise<string> {
    await sleep(1_001 - (Date.now() % 1_000));
    return `${new Date().toISOString().slice(0, 19)}Z`;
  }
  const submit = (select: object, more: object = {}, client = running.officer) =>
    client.call('POST', '/v1/revocations', { body: { select, reason: 'superseded', expectedCount: 1, ...more } });
  const order = async (select: Readonly<Record<string, string>>, more: object = {}): Promise<Order> => {
    const answer = await submit(select, { ...(await orderFor(running.officer, select)), ...more });
    assert.equal(answer.status, 202, JSON.stringify(answer.body));
    return answer.body as Order;
  };
  async function ended(id: string): Promise<Order> {
    const until = performance.now() + DONE_MS_MAX;
    for (;;) {
      const now = await running.officer.expect<Order>('GET', `/v1/revocations/${id}`);
      if (now.state !== 'running') return now;
      assert.ok(performance.now() < until, JSON.stringify(now));
      await sleep(50);
    }
  }
  const resultsOf = (id: string): Promise<readonly Result[]> =>
    running.officer.expect<readonly Result[]>('GET', `/v1/revocations/${id}/results`);
  type Entry = { readonly type: string; readonly request: string };
  async function auditEntries(filter: Readonly<Record<string, string>>): Promise<readonly Entry[]> {
    const path = `/v1/audit/entries?${new URLSearchParams(filter).toString()}`;
    const { entries } = await running.officer.expect<{ readonly entries: readonly { readonly entry: Entry }[] }>(
      'GET',
      path,
    );
    return entries.map(({ entry }) => entry);
  }
  const read = (id: string): Promise<IssuedCertificate> =>
    running.cards.expect<IssuedCertificate>('GET', `/v1/certificates/${id}`);

  it('revoke a batch (Entrust 2024): each certificate in status, audit log and OCSP, and no other one', async () => {
    const { certificates, select } = await batch(5);
    const bystander = await running.cards.expect<IssuedCertificate>('POST', '/v1/certificates', {
      body: bodyOf('elementaire/org-auth-cli'),
    });
    const invalidityDate = '2026-10-01T08:00:00Z';
    assert.deepEqual(await previewOf(running.officer, select), { matched: 5, accounts: [], platform: [] });
    const given = await order(select, { reason: 'keyCompromise', invalidityDate });
    assert.deepEqual([given.matched, given.select], [5, select]);
    const { state, done, revoked, alreadyRevoked } = await ended(given.id);
    assert.deepEqual(
      { state, done, revoked, alreadyRevoked },
      { state: 'completed', done: 5, revoked: 5, alreadyRevoked: 0 },
    );
    const ids = certificates.map(({ id }) => id);
    const results = await resultsOf(given.id);
    assert.deepEqual(results.map(({ certificate }) => certificate).sort(), [...ids].sort());
    assert.ok(results.every(({ outcome }) => outcome === 'revoked'));
    for (const id of ids) {
      const { status, revocation } = await read(id);
      assert.deepEqual(
        [status, revocation?.reason, revocation?.invalidityDate],
        ['revoked', 'keyCompromise', invalidityDate],
      );
    }
    const entries = await auditedOf(running.shared.service.at, 'certificate.revoked', ids);
    assert.equal(entries.length, 5);
    const [submitted] = await auditEntries({ id: given.id, type: 'mass-revocation.submitted' });
    const ofRequest = await auditEntries({ id: submitted?.request ?? '' });
    assert.equal(ofRequest.filter(({ type }) => type === 'certificate.revoked').length, 5);
    const [one] = certificates;
    assert.ok(one);
    const ocsp = await running.party.ocsp(writeIssued(running.party, one), one.ca);
    assert.match(ocsp.output, /\.pem: revoked/);
    assert.equal((await read(bystander.id)).status, 'issued');
  });

  it('revoke all on a key, named by a certificate or by its digest', async () => {
    const key = makeKey();
    const { holder } = orderOf('elementaire/org-sign');
    const twins = [await issue(key, holder as object), await issue(key, holder as object)];
    const given = await order({ certificate: twins[0]?.certificate ?? '' }, { reason: 'keyCompromise' });
    assert.equal((await ended(given.id)).revoked, 2);
    for (const { id } of twins) assert.equal((await read(id)).status, 'revoked');
    const spki = new X509Certificate(twins[0]?.certificate ?? '').publicKey.export({ type: 'spki', format: 'der' });
    const spkiSha256 = Buffer.from(await crypto.subtle.digest('SHA-256', spki)).toString('hex');
    assert.deepEqual(given.select, { spkiSha256 });
    // All of it is revoked: nothing is left to select.
    assertProblem(await submit({ spkiSha256 }), { status: 404, code: 'not-found' });
  });

  it('select when the order is given, count what others revoke meanwhile, and can be cancelled', async () => {
    const { certificates, select } = await batch(3);
    const openEnded = { profile: select.profile, issuedFrom: select.issuedFrom };
    const [first, ...rest] = certificates;
    assert.ok(first);
    const [later, kept, cancelled] = await whileOrdersWait(running.shared.service.at, async () => {
      const submitted = await order(openEnded);
      assert.equal(submitted.state, 'running');
      const after = await issue();
      await running.cards.expect('POST', `/v1/certificates/${first.id}/revocation`, {
        body: { reason: 'keyCompromise' },
      });
      const other = await order(openEnded);
      assert.equal(other.matched, 3);
      assert.deepEqual(
        (await resultsOf(other.id)).map(({ outcome }) => outcome),
        Array(3).fill('waiting'),
      );
      const stopped = await running.officer.expect<Order>('POST', `/v1/revocations/${other.id}/cancellation`);
      assert.equal(stopped.state, 'cancelled');
      return [submitted, after, stopped] as const;
    });
    const { state, revoked, alreadyRevoked } = await ended(later.id);
    assert.deepEqual({ state, revoked, alreadyRevoked }, { state: 'completed', revoked: 2, alreadyRevoked: 1 });
    for (const { id } of rest) assert.equal((await read(id)).status, 'revoked');
    assert.equal((await read(first.id)).revocation?.reason, 'keyCompromise');
    assert.equal((await read(kept.id)).status, 'issued');
    const outcomes = new Set((await resultsOf(cancelled.id)).map(({ outcome }) => outcome));
    assert.deepEqual([...outcomes], ['cancelled']);
    for (const { id } of [later, cancelled])
      assertProblem(await running.officer.call('POST', `/v1/revocations/${id}/cancellation`), {
        status: 409,
        code: 'state-conflict',
      });
  });

  it('under an Idempotency-Key are one order', async () => {
    const { select } = await batch(1);
    const headers = { 'idempotency-key': randomUUID() };
    const body = await orderFor(running.officer, select);
    const first = await running.officer.expect<Order>('POST', '/v1/revocations', { body, headers });
    const again = await running.officer.expect<Order>('POST', '/v1/revocations', { body, headers });
    assert.equal(again.id, first.id);
    const other = await running.officer.call('POST', '/v1/revocations', {
      body: { ...body, reason: 'unspecified' },
      headers,
    });
    assertProblem(other, { status: 422, code: 'idempotency-mismatch' });
  });

  it('are ordered by officers in their scope, and shown to accounts that may read them', async () => {
    const { select } = await batch(1);
    for (const account of ['card-management', 'auditor'] as const)
      assertProblem(await submit(select, {}, running.shared.as(account)), { status: 403, code: 'not-permitted' });
    const all = { profiles: ['*'], structures: ['*'], domains: ['*'], holders: ['*'] };
    const limits = [{ profiles: ['fort/*'] }, { holders: ['8*'] }];
    const clients = await Promise.all(
      limits.map(async (limit) => {
        const { client } = await running.shared.newAccount({ roles: ['officer'], scope: { ...all, ...limit } });
        assertProblem(await submit(select, {}, client), { status: 404, code: 'not-found' });
        return client;
      }),
    );
    const { id } = await order(select);
    for (const client of clients) {
      assertProblem(await client.call('GET', `/v1/revocations/${id}`), { status: 404, code: 'not-found' });
      assertProblem(await client.call('GET', `/v1/revocations/${id}/results`), { status: 404, code: 'not-found' });
      const cancelled = await client.call('POST', `/v1/revocations/${id}/cancellation`);
      assertProblem(cancelled, { status: 404, code: 'not-found' });
    }
    assert.equal((await running.shared.as('auditor').expect<Order>('GET', `/v1/revocations/${id}`)).id, id);
  });

  it('are refused unless they say how many certificates they hit', async () => {
    const { certificates, select } = await batch(2);
    for (const expectedCount of [1, 3])
      assertProblem(await submit(select, { expectedCount }), {
        status: 422,
        code: 'policy-violated',
        pointer: '/expectedCount',
        rule: 'count-as-expected',
      });
    assertProblem(await running.officer.call('POST', '/v1/revocations', { body: { select, reason: 'superseded' } }), {
      status: 400,
      code: 'invalid-request',
      pointer: '/expectedCount',
      rule: 'member-required',
    });
    for (const { id } of certificates) assert.equal((await read(id)).status, 'issued');
  });

  it('are refused unless they name the accounts whose certificates they revoke, and no others', async () => {
    const scope = { profiles: ['*'], structures: ['*'], domains: ['*'], holders: ['*'] };
    const issuedFrom = await freshSecond();
    const { id, client, certificate } = await running.shared.newAccount({ roles: ['auditor'], scope });
    const select = { profile: 'elementaire/org-auth-cli', issuedFrom };
    const { matched, accounts, platform } = await previewOf(running.officer, select);
    assert.deepEqual([matched, platform], [1, []]);
    assert.deepEqual(
      accounts.map((one) => [one.account, one.certificate]),
      [[id, certificate.id]],
    );
    const refused = { status: 422, code: 'policy-violated', pointer: '/accounts', rule: 'accounts-named' } as const;
    for (const named of [[], ['officer-1'], [id, 'officer-1']]) {
      const { detail } = assertProblem(await submit(select, { accounts: named }), refused);
      assert.match(detail ?? '', new RegExp(`must name the accounts that lose their certificate: ${id}`));
    }
    assert.equal((await client.call('GET', '/v1/cas')).status, 200);
    const { certificates, select: other } = await batch(1);
    assertProblem(await submit(other, { accounts: [id] }), refused);
    assert.equal((await read(certificates[0]?.id ?? '')).status, 'issued');
    await ended((await order(select, { accounts: [id] })).id);
    assertProblem(await client.call('GET', '/v1/cas'), { status: 403, code: 'not-permitted' });
  });

  it('show the certificate with which the API authenticates itself, and are refused unless they name it', async () => {
    const pem = readFileSync(join(running.shared.service.at.home, 'credentials', 'server.crt.pem'), 'utf8');
    const select = { spkiSha256: keyOfCertificate(pem) };
    const { platform } = await previewOf(running.officer, select);
    assert.deepEqual(
      platform.map(({ part }) => part),
      ['api-server'],
    );
    assertProblem(await submit(select), {
      status: 422,
      code: 'policy-violated',
      pointer: '/platform',
      rule: 'platform-named',
    });
  });

  it('are rejected with an empty or invalid selection, with the path and the rule', async () => {
    const invalid = { status: 400, code: 'invalid-request' } as const;
    const [later, earlier] = ['2026-02-01T00:00:00Z', '2026-01-01T00:00:00Z'];
    const cases: readonly (readonly [object, string, string])[] = [
      [{}, '/select', 'minProperties'],
      [{ ca: 'aci-xx-pp' }, '/select/ca', 'ca-known'],
      [{ issuedFrom: later, issuedUntil: earlier }, '/select/issuedUntil', 'window-not-empty'],
      [{ certificate: 'x', spkiSha256: 'a'.repeat(64) }, '/select/certificate', 'key-once'],
      [{ certificate: 'x' }, '/select/certificate', 'certificate-read'],
    ];
    for (const [select, pointer, rule] of cases) assertProblem(await submit(select), { ...invalid, pointer, rule });
    assertProblem(await submit({ ca: 'aci-st-org' }, { reason: 'certificateHold' }), {
      ...invalid,
      pointer: '/reason',
    });
    assertProblem(await running.officer.call('GET', '/v1/revocations/preview'), { ...invalid, rule: 'minProperties' });
    const unknown = await running.officer.call('GET', '/v1/revocations/preview?ca=aci-xx-pp');
    assertProblem(unknown, { ...invalid, pointer: '?/ca', rule: 'ca-known' });
    assertProblem(await running.officer.call('GET', `/v1/revocations/${randomUUID()}`), {
      status: 404,
      code: 'not-found',
    });
    assertProblem(await submit({ profile: `no/such-${tokenId(nextNumber())}` }), { status: 404, code: 'not-found' });
  });
});
