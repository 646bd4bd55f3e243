/**
 * Every route of the API, used as intended. Each answer is validated against the service's own
 * OpenAPI document.
 */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { callApprovalRoutes } from '../../../support/approvals/approval-routes.js';
import { callAuditRoutes } from '../../../support/audit/audit-routes.js';
import { callCampaignRoutes } from '../../../support/campaigns/campaign-routes.js';
import { callCardRoutes } from '../../../support/cards/card-routes.js';
import { callRegistrationRoutes } from '../../../support/enrolment/registration-routes.js';
import { callOrderRoutes } from '../../../support/orders/order-routes.js';
import { callReadRoutes } from '../../../support/reads/read-routes.js';
import type { IssuedCertificate } from '../../../support/service/client.js';
import { makeCsr, makeKey } from '../../../support/service/csr.js';
import { openDatabase, whileOrdersWait } from '../../../support/service/database.js';
import { describeService } from '../../../support/service/describe-service.js';
import { orderFor } from '../../../support/service/mass-orders.js';
import {
  bodyOf,
  cardBody,
  nextNumber,
  orderOf,
  PROFILES,
  professionalId,
  tokenId,
} from '../../../support/service/orders.js';
import { spokenSecretsPlaces } from '../../../support/service/processes.js';
import { callUpdateRoutes } from '../../../support/updates/update-routes.js';
import { callWebhookRoutes } from '../../../support/webhooks/webhook-routes.js';

type Page = { readonly certificates: readonly IssuedCertificate[]; readonly nextCursor: string | null };
type Crl = { readonly number: number; readonly entries: number; readonly url: string; readonly sha256: string };
type Authority = {
  readonly id: string;
  readonly kind: string;
  readonly certificate: string;
  readonly crl: Crl | null;
  readonly horizon: { readonly notAfter: string; readonly shortensFrom: Readonly<Record<string, string>> } | null;
};
type AuditPage = {
  readonly entries: readonly { readonly entry: { readonly seq: number; readonly type: string } }[];
  readonly nextCursor: string | null;
};

describeService('the REST of a running service', { on: 'each' }, (running) => {
  const issue = (body: object = bodyOf('elementaire/org-auth-cli')): Promise<IssuedCertificate> =>
    running.cards.expect<IssuedCertificate>('POST', '/v1/certificates', { body });

  for (const profile of PROFILES) {
    it(`issues ${profile}: 201, with a chain that ends at the root`, async () => {
      const answer = await running.cards.call('POST', '/v1/certificates', { body: bodyOf(profile) });
      assert.equal(answer.status, 201);
      const issued = answer.body as IssuedCertificate;
      const certificate = new X509Certificate(issued.certificate);
      const chain = issued.chain.split(/(?=-----BEGIN)/).map((pem) => new X509Certificate(pem));
      const [authority, root] = chain;
      assert.ok(authority && root && chain.length === 2);
      assert.ok(certificate.checkIssued(authority) && certificate.verify(authority.publicKey));
      assert.ok(authority.verify(root.publicKey) && root.verify(root.publicKey));
      assert.equal(certificate.serialNumber.toLowerCase().padStart(32, '0'), issued.serialNumber.padStart(32, '0'));
      assert.equal(Date.parse(issued.notBefore), Date.parse(certificate.validFrom));
      assert.equal(Date.parse(issued.notAfter), Date.parse(certificate.validTo));
      assert.deepEqual([issued.profile, issued.status, issued.revocation], [profile, 'issued', null]);
    });
  }

  it('returns a certificate with the same bytes', async () => {
    const issued = await issue();
    assert.deepEqual(await running.cards.expect('GET', `/v1/certificates/${issued.id}`), issued);
  });

  it('accepts a validity within the profile, in seconds', async () => {
    const notAfter = new Date(Date.now() + 90 * 86_400_000).toISOString().replace(/\.\d+Z$/, 'Z');
    const issued = await issue({ ...bodyOf('elementaire/org-auth-cli'), validity: { notAfter } });
    assert.equal(issued.notAfter, notAfter);
  });

  it('finds certificates by holder, card, CA and serial number, status and expiry, in full pages', async () => {
    const number = nextNumber();
    const card = cardBody(number);
    const path = `/v1/cards/${encodeURIComponent(tokenId(number))}/certificates`;
    const { certificates } = await running.cards.expect<Page>('POST', path, { body: card });
    const ids = certificates.map(({ id }) => id).sort();
    const search = (query: string): Promise<Page> => running.cards.expect<Page>('GET', `/v1/certificates?${query}`);
    // Both were issued in the same millisecond, so their order is not defined.
    const idsOf = (...pages: readonly Page[]): readonly string[] =>
      pages.flatMap(({ certificates: found }) => found.map(({ id }) => id)).sort();
    const holder = `holder=${professionalId(number)}`;
    assert.deepEqual(idsOf(await search(holder)), ids);
    assert.deepEqual(idsOf(await search(`card=${encodeURIComponent(tokenId(number))}`)), ids);
    const [first] = certificates;
    assert.ok(first);
    assert.deepEqual(idsOf(await search(`ca=${first.ca}&serialNumber=${first.serialNumber}`)), [first.id]);
    const other = await issue({ ...bodyOf('elementaire/org-auth-cli'), holder: elsewhere(number) });
    assert.deepEqual(idsOf(await search('structure=1760021832')), [other.id]);
    assert.deepEqual(idsOf(await search(`${holder}&structure=1760021832`)), []);
    assert.deepEqual(idsOf(await search(`holder=${encodeURIComponent(`1760021832/AP-${number}`)}`)), [other.id]);
    assert.deepEqual(idsOf(await search(`${holder}&status=issued`)), ids);
    assert.deepEqual(idsOf(await search(`${holder}&status=revoked`)), []);
    assert.deepEqual(idsOf(await search(`${holder}&expiresBefore=2027-01-01T00:00:00Z`)), []);
    assert.deepEqual(idsOf(await search(`${holder}&expiresBefore=2099-01-01T00:00:00Z`)), ids);
    assert.deepEqual(idsOf(await search(`${holder}&expiresBefore=9999-12-31T23:59:59Z`)), ids);
    const page = await search(`${holder}&limit=1`);
    assert.equal(page.certificates.length, 1);
    assert.ok(page.nextCursor);
    const next = await search(`${holder}&limit=1&cursor=${encodeURIComponent(page.nextCursor)}`);
    assert.deepEqual(idsOf(page, next), ids);
  });

  it('revokes with reason and invalidity date, and shows both', async () => {
    const { id } = await issue();
    const invalidityDate = '2026-10-01T08:00:00Z';
    const body = { reason: 'keyCompromise', invalidityDate };
    const revoked = await running.cards.expect<IssuedCertificate>('POST', `/v1/certificates/${id}/revocation`, {
      body,
    });
    assert.equal(revoked.status, 'revoked');
    assert.deepEqual({ ...revoked.revocation, at: '' }, { at: '', reason: 'keyCompromise', invalidityDate });
    assert.deepEqual(await running.cards.expect('GET', `/v1/certificates/${id}`), revoked);
  });

  it('renews on another key, near the end', async () => {
    const notAfter = new Date(Date.now() + 60 * 86_400_000).toISOString().replace(/\.\d+Z$/, 'Z');
    const { id } = await issue({ ...bodyOf('elementaire/org-auth-cli'), validity: { notAfter } });
    const { csr } = bodyOf('elementaire/org-auth-cli');
    const renewed = await running.cards.expect<IssuedCertificate>('POST', `/v1/certificates/${id}/renewal`, {
      body: { csr },
    });
    assert.deepEqual([renewed.renews, renewed.status], [id, 'issued']);
  });

  it('suspends and releases where the profile allows it', async () => {
    const { id } = await issue(bodyOf('elementaire/org-auth-cli'));
    const path = `/v1/certificates/${id}/suspension`;
    // The body is optional.
    const suspended = await running.cards.expect<IssuedCertificate>('POST', path);
    assert.deepEqual([suspended.status, suspended.revocation?.reason], ['suspended', 'certificateHold']);
    const released = await running.cards.expect<IssuedCertificate>('DELETE', path);
    assert.deepEqual([released.status, released.revocation], ['issued', null]);
  });

  it('issues a card whole, in the order of the requests, and revokes everything on it', async () => {
    const number = nextNumber();
    const at = `/v1/cards/${encodeURIComponent(tokenId(number))}`;
    const issued = await running.cards.expect<Page>('POST', `${at}/certificates`, { body: cardBody(number) });
    const profiles = issued.certificates.map(({ profile }) => profile);
    assert.deepEqual(profiles, ['fort/cps-authentication', 'fort/cps-signature']);
    const revoked = await running.cards.expect<Page>('POST', `${at}/revocation`, {
      body: { reason: 'cessationOfOperation' },
    });
    const states = revoked.certificates.map(({ status, revocation }) => [status, revocation?.reason]);
    assert.deepEqual(states, Array(2).fill(['revoked', 'cessationOfOperation']));
    // Revoked certificates do not change, so a lost card can be reported twice.
    const again = await running.cards.expect<Page>('POST', `${at}/revocation`, { body: { reason: 'keyCompromise' } });
    assert.deepEqual(again.certificates, revoked.certificates);
  });

  it('revokes everything of a holder', async () => {
    const number = nextNumber();
    await issue({ ...orderOf('fort/cps-signature', number), csr: bodyOf('fort/cps-signature').csr });
    await issue({ ...orderOf('fort/cps-authentication', number), csr: bodyOf('fort/cps-authentication').csr });
    const path = `/v1/holders/${professionalId(number)}/revocation`;
    const { certificates } = await running.officer.expect<Page>('POST', path, {
      body: { reason: 'privilegeWithdrawn' },
    });
    assert.equal(certificates.length, 2);
    assert.ok(certificates.every(({ status }) => status === 'revoked'));
  });

  it('accepts mass revocations, shows their progress and results, and cancels them', async () => {
    const { certificate } = await issue();
    const shown = await running.officer.expect<{ readonly matched: number }>(
      'GET',
      '/v1/revocations/preview?ca=aci-el-org',
    );
    assert.ok(shown.matched > 0);
    const { at } = running.shared.service;
    const { id } = await whileOrdersWait(at, async () => {
      const body = await orderFor(running.officer, { certificate });
      const order = await running.officer.expect<{ readonly id: string }>('POST', '/v1/revocations', { body });
      await running.officer.expect('POST', `/v1/revocations/${order.id}/cancellation`);
      return order;
    });
    const read = await running.officer.expect<{ readonly state: string }>('GET', `/v1/revocations/${id}`);
    assert.equal(read.state, 'cancelled');
    const lines = await running.officer.expect<readonly { readonly outcome: string }[]>(
      'GET',
      `/v1/revocations/${id}/results`,
    );
    assert.deepEqual(
      lines.map(({ outcome }) => outcome),
      ['cancelled'],
    );
  });

  it('gives an account whose certificate was revoked a new one', async () => {
    const scope = { profiles: ['*'], structures: ['*'], domains: ['*'], holders: ['*'] };
    const lost = await running.shared.newAccount({ roles: ['auditor'], scope });
    await running.officer.expect('POST', `/v1/certificates/${lost.certificate.id}/revocation`, {
      body: { reason: 'superseded' },
    });
    const key = makeKey();
    const path = `/v1/accounts/${lost.id}/certificate`;
    const certified = await running.officer.call('POST', path, { body: { csr: makeCsr(key) } });
    assert.equal(certified.status, 201, JSON.stringify(certified.body));
    const { certificate, profile, holder } = certified.body as IssuedCertificate;
    assert.deepEqual([profile, holder], [lost.certificate.profile, lost.certificate.holder]);
    const pem = key.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    await running.shared.with({ certificate, key: pem }).expect('GET', '/v1/cas');
  });

  it('lists the profiles that the account can currently use', async () => {
    type ProfileList = { readonly profiles: readonly { readonly id: string; readonly suspensionAllowed: boolean }[] };
    const { profiles } = await running.cards.expect<ProfileList>('GET', '/v1/profiles');
    assert.deepEqual(
      profiles.map(({ id }) => id),
      [...PROFILES, 'elementaire/cmp-suite'].sort(),
    );
    assert.deepEqual(
      profiles.find(({ id }) => id === 'fort/cps-authentication'),
      {
        id: 'fort/cps-authentication',
        hierarchy: 'fort',
        ca: 'aci-fo-pp',
        title: { fr: 'CPS, authentification', en: 'CPS card, authentication' },
        holder: 'professional',
        cardProducts: ['cps'],
        assurance: 'substantial',
        keyTypes: ['rsa-2048', 'rsa-3072', 'rsa-4096', 'p-256', 'p-384', 'brainpool-p256r1', 'brainpool-p384r1'],
        keyOrigin: { origins: ['card'], required: false },
        validity: { years: 3 },
        renewalWindow: { days: 90 },
        renewalAnyTime: false,
        suspensionAllowed: false,
      },
    );
    const suspendable = profiles.filter(({ suspensionAllowed }) => suspensionAllowed).map(({ id }) => id);
    assert.deepEqual(suspendable, ['elementaire/org-auth-cli']);
    const scope = { profiles: ['standard/*', 'fort/cps-signature'], structures: ['*'], domains: ['*'], holders: ['*'] };
    const { client } = await running.shared.newAccount({ roles: ['auditor'], scope });
    const mine = await client.expect<ProfileList>('GET', '/v1/profiles');
    assert.deepEqual(
      mine.profiles.map(({ id }) => id),
      [
        'fort/cps-signature',
        'standard/cpa-authentication',
        'standard/cpa-signature',
        'standard/cpe-authentication',
        'standard/cpe-signature',
      ],
    );
  });

  it('lists all certification authorities with their CRLs, and each by its id', async () => {
    const { cas } = await running.cards.expect<{ readonly cas: readonly Authority[] }>('GET', '/v1/cas');
    const expected = ['acr', 'aci'].flatMap((kind) =>
      ['fo', 'st', 'el'].flatMap((range) =>
        kind === 'acr' ? [`acr-${range}`] : [`aci-${range}-pp`, `aci-${range}-org`],
      ),
    );
    assert.deepEqual(cas.map(({ id }) => id).sort(), [...expected].sort());
    for (const authority of cas)
      assert.equal(
        (await running.cards.expect<Authority>('GET', `/v1/cas/${authority.id}`)).certificate,
        authority.certificate,
      );
    for (const { id, kind, crl } of cas) if (kind === 'issuing') assert.ok(crl && crl.number >= 1, id);
    const [persons, root] = ['aci-fo-pp', 'acr-fo'].map((id) => cas.find((one) => one.id === id));
    assert.ok(persons?.horizon && root);
    assert.equal(root.horizon, null);
    // The CA was made a while ago for twenty years less a day, these profiles last three.
    const [from = '', ...others] = Object.values(persons.horizon.shortensFrom);
    assert.equal(others.length, 1);
    const years = (Date.parse(persons.horizon.notAfter) - Date.parse(from)) / (365.25 * 86_400_000);
    assert.ok(years > 2.99 && years < 3.01, from);
  });

  it('shows from when on the end of a CA shortens the validity of its certificates', async () => {
    const { operators } = running.shared.service.urls;
    const metrics = await (await fetch(`${operators}/metrics`)).text();
    const line =
      /^pfcng_profile_shortened_from_timestamp_seconds\{issuer="aci-fo-pp",profile="fort\/cps-signature"\} (\d+)$/m;
    assert.ok(Number(line.exec(metrics)?.[1]) * 1_000 > Date.now());
    type Ready = { readonly parts: { readonly horizons: Readonly<Record<string, string>>; readonly tagKeys: string } };
    const { parts } = (await (await fetch(`${operators}/readyz`)).json()) as Ready;
    assert.equal(parts.tagKeys, 'ready', 'development makes the keys of the tags by itself');
    assert.equal(Object.keys(parts.horizons).length, 6);
    assert.ok(Object.values(parts.horizons).every((state) => state === 'open'));
  });

  it('publishes a CRL with a higher number when an officer requests it', async () => {
    const before = await running.officer.expect<Authority>('GET', '/v1/cas/aci-st-org');
    const answer = await running.officer.call('POST', '/v1/cas/aci-st-org/crl');
    const published = answer.body as Crl;
    const id = String(answer.headers['x-request-id']);
    const { entries } = await running.officer.expect<AuditPage>('GET', `/v1/audit/entries?id=${id}`);
    assert.deepEqual(
      entries.map(({ entry }) => entry.type),
      ['crl.requested'],
    );
    assert.ok(published.number > (before.crl?.number ?? 0));
    assert.equal((await running.officer.expect<Authority>('GET', '/v1/cas/aci-st-org')).crl?.number, published.number);
  });

  it('shows the whole audit log to an auditor and to an officer, newest first, in pages without gaps', async () => {
    await issue();
    for (const client of [running.shared.as('auditor'), running.officer]) {
      const numbers: number[] = [];
      let cursor: string | null = '';
      while (cursor !== null) {
        const after: string = cursor === '' ? '' : `&cursor=${cursor}`;
        const page: AuditPage = await client.expect<AuditPage>('GET', `/v1/audit/entries?limit=200${after}`);
        numbers.push(...page.entries.map(({ entry }) => entry.seq));
        cursor = page.nextCursor;
      }
      // The times of two entries of one transaction may be in the other order.
      const all = Array.from({ length: Math.max(...numbers) }, (_, at) => at + 1);
      assert.deepEqual(
        [...numbers].sort((one, other) => one - other),
        all,
      );
    }
  });

  it('finds audit entries by time, actor, type, outcome, and the id of a request or a certificate', async () => {
    const since = new Date().toISOString();
    const answer = await running.cards.call('POST', '/v1/certificates', { body: bodyOf('elementaire/org-auth-cli') });
    const { id } = answer.body as IssuedCertificate;
    const requestId = String(answer.headers['x-request-id']);
    await running.officer.expect('POST', `/v1/certificates/${id}/revocation`, { body: { reason: 'superseded' } });
    const find = async (filter: Readonly<Record<string, string>>): Promise<readonly string[]> => {
      const query = new URLSearchParams({ limit: '200', ...filter }).toString();
      const { entries } = await running.officer.expect<AuditPage>('GET', `/v1/audit/entries?${query}`);
      return entries.map(({ entry }) => entry.type);
    };
    const [revoked, issued, intended] = ['certificate.revoked', 'certificate.issued', 'certificate.intent'];
    assert.deepEqual(await find({ id }), [revoked, issued, intended]);
    assert.deepEqual(await find({ id: requestId }), [issued, intended]);
    assert.deepEqual(await find({ id, actor: 'account:officer-1' }), [revoked]);
    assert.deepEqual(await find({ id, type: 'certificate.issued' }), [issued]);
    assert.deepEqual(await find({ id, outcome: 'intent' }), [intended]);
    assert.deepEqual(await find({ id, since }), [revoked, issued, intended]);
    assert.deepEqual(await find({ id, until: since }), []);
    assert.deepEqual(await find({ id: 'of-nothing' }), []);
  });

  it('searches certificates, and shows lives, lists, counts and accounts', () => callReadRoutes(running));
  it('accepts, shows and controls orders', () => callOrderRoutes(running));
  it('shows, tests, replays and drops deliveries of webhooks', () => callWebhookRoutes(running));

  it('registers holders, shows cards, updates them, gives them places in campaigns, and decides by two officers', async () => {
    const holders = [callRegistrationRoutes, callCardRoutes, callUpdateRoutes, callCampaignRoutes];
    for (const callRoutes of [...holders, callApprovalRoutes, callAuditRoutes]) await callRoutes(running);
  });
  it('lists the nodes with their runs', async () => {
    type Nodes = { readonly nodes: readonly { readonly runs: readonly { readonly state: string }[] }[] };
    const { nodes } = await running.officer.expect<Nodes>('GET', '/v1/nodes');
    // Another test of the same service adds nodes.
    assert.ok(nodes.some(({ runs }) => runs[0]?.state === 'live'));
  });
  it('lists the jobs that nodes share', async () => {
    type Jobs = { readonly jobs: readonly { readonly job: string; readonly item: string }[] };
    const { jobs } = await running.officer.expect<Jobs>('GET', '/v1/jobs');
    assert.ok(jobs.some(({ job, item }) => job === 'crl' && item === 'aci-el-org'));
  });

  it('stores its records only in the configured database, and does not disclose its password', async () => {
    const { at } = running.shared.service;
    const { id } = await issue();
    const database = await openDatabase(at);
    const found = await database.all('select status from certificates where id = ?', id);
    await database.close();
    assert.deepEqual(found, [{ status: 'issued' }]);
    assert.equal(existsSync(join(at.home, 'pfcng.sqlite')), running.kind === 'sqlite');
    const password = at.database.kind === 'sqlite' ? null : (at.database.password?.() ?? null);
    if (password === null) return;
    for (const { pid } of running.shared.service.tree()) assert.ok(!spokenSecretsPlaces(pid).includes(password));
    assert.ok(!running.shared.service.said().includes(password));
  });

  it('has a successful test for every operation of the document', () => {
    const operations = Object.values(running.shared.judge.document.paths).flatMap((path) => Object.values(path));
    const ids = operations.map(({ operationId }) => operationId);
    const untried = ids.filter((id) => !running.shared.judge.succeeded.has(id));
    assert.deepEqual(untried, []);
    assert.equal(running.shared.judge.document.openapi, '3.1.0');
  });
});

function elsewhere(number: number): object {
  const structure = { id: '1760021832', name: 'CENTRE HOSPITALIER', department: 'Seine-Maritime (76)' };
  return { kind: 'organisation', application: `AP-${number}`, structure };
}
