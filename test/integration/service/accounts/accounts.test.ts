/**
 * Authentication and authorization: certificates that are not accepted, accounts without rights.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  assertProblem,
  type Client,
  type ClientCredential,
  type IssuedCertificate,
} from '../../../support/service/client.js';
import { makeCsr, makeKey } from '../../../support/service/csr.js';
import { describeService } from '../../../support/service/describe-service.js';
import { bodyOf, orderOf, STRUCTURE } from '../../../support/service/orders.js';

const EVERYTHING = { profiles: ['*'], structures: ['*'], domains: ['*'], holders: ['*'] };

describeService('whoever asks', { on: 'each' }, (running) => {
  const issue = (client: Client, body: object) => client.call('POST', '/v1/certificates', { body });

  it('without a client certificate gets 401 client-certificate-required, on every route that needs one', async () => {
    const anonymous = running.shared.with(null);
    for (const path of ['/v1/cas', '/v1/certificates', '/v1/audit/entries'])
      assertProblem(await anonymous.call('GET', path), { status: 401, code: 'client-certificate-required' });
    const answer = await issue(anonymous, bodyOf('elementaire/org-auth-cli'));
    assertProblem(answer, { status: 401, code: 'client-certificate-required' });
  });

  it('with a certificate that belongs to no account gets 403 not-permitted', async () => {
    const stranger = running.shared.as('no-rights');
    const problem = assertProblem(await stranger.call('GET', '/v1/cas'), { status: 403, code: 'not-permitted' });
    assert.match(problem.detail ?? '', /ask the operators to bind it/);
    assertProblem(await issue(stranger, bodyOf('elementaire/org-auth-cli')), { status: 403, code: 'not-permitted' });
  });

  it('with a certificate of a foreign CA gets 403, whatever name that CA has', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pfcng-foreign-'));
    const { chain } = await running.cards.expect<IssuedCertificate>('POST', '/v1/certificates', {
      body: bodyOf('elementaire/org-auth-cli'),
    });
    const names = ['/CN=Foreign CA', subjectForOpenSsl(chain)];
    for (const [at, name] of names.entries()) {
      const answer = await running.shared
        .with(foreignCredential(join(folder, String(at)), name))
        .call('GET', '/v1/cas');
      assertProblem(answer, { status: 403, code: 'not-permitted' });
    }
    rmSync(folder, { recursive: true, force: true });
  });

  it('with a certificate that is not for client authentication gets 403', async () => {
    const key = makeKey();
    const body = bodyOf('fort/cps-signature', makeCsr(key));
    const { certificate } = await running.cards.expect<IssuedCertificate>('POST', '/v1/certificates', { body });
    const client = running.shared.with({ certificate, key: pemOf(key) });
    assertProblem(await client.call('GET', '/v1/cas'), { status: 403, code: 'not-permitted' });
  });

  it('whose certificate was revoked gets 403 with the next request, on the same connection too', async () => {
    const account = await running.shared.newAccount({ roles: ['auditor'], scope: EVERYTHING });
    assert.equal((await account.client.call('GET', '/v1/cas')).status, 200);
    const path = `/v1/certificates/${account.certificate.id}/revocation`;
    await running.cards.expect('POST', path, { body: { reason: 'keyCompromise' } });
    assertProblem(await account.client.call('GET', '/v1/cas'), { status: 403, code: 'not-permitted' });
  });

  it('whose certificate is suspended gets 403, and is accepted again after the release', async () => {
    const account = await running.shared.newAccount({ roles: ['auditor'], scope: EVERYTHING });
    const path = `/v1/certificates/${account.certificate.id}/suspension`;
    await running.cards.expect('POST', path, { body: {} });
    assertProblem(await account.client.call('GET', '/v1/cas'), { status: 403, code: 'not-permitted' });
    await running.cards.expect('DELETE', path);
    assert.equal((await account.client.call('GET', '/v1/cas')).status, 200);
  });

  it('may only use ELEMENTAIRE gets 403 for a profile of FORT or STANDARD, alone and on a card', async () => {
    const scope = { ...EVERYTHING, profiles: ['elementaire/*'] };
    const { client } = await running.shared.newAccount({ roles: ['card-management'], scope });
    assert.equal((await issue(client, bodyOf('elementaire/cpe-signature'))).status, 201);
    for (const profile of ['fort/cps-authentication', 'standard/cpe-signature'] as const)
      assertProblem(await issue(client, bodyOf(profile)), { status: 403, code: 'not-permitted' });
    const { holder, card, identity } = orderOf('fort/cps-authentication');
    const { tokenId } = card as { readonly tokenId: string };
    const requests = [{ profile: 'fort/cps-authentication', csr: makeCsr(makeKey()) }];
    const body = { holder, card, identity, requests };
    const answer = await client.call('POST', `/v1/cards/${encodeURIComponent(tokenId)}/certificates`, { body });
    assertProblem(answer, { status: 403, code: 'not-permitted' });
  });

  it('acts for one structure and one domain gets 403 for another, and does not see what others have', async () => {
    const scope = { profiles: ['*'], structures: [STRUCTURE.id], domains: ['example.org'], holders: ['*'] };
    const { client } = await running.shared.newAccount({ roles: ['card-management'], scope });
    const server = (names: readonly string[]) => ({
      ...bodyOf('elementaire/serv-ssl'),
      holder: { kind: 'server', names, structure: STRUCTURE },
    });
    assert.equal((await issue(client, server(['a.example.org']))).status, 201);
    assertProblem(await issue(client, server(['a.example.org', 'b.example.com'])), {
      status: 403,
      code: 'not-permitted',
    });
    assertProblem(await issue(client, server(['badexample.org'])), { status: 403, code: 'not-permitted' });
    const other = { id: '2187512751', name: 'AGENCE DU NUMERIQUE EN SANTE', department: 'Paris (75)' };
    const body = {
      ...bodyOf('elementaire/org-auth-cli'),
      holder: { kind: 'organisation', application: 'ELSEWHERE', structure: other },
    };
    assertProblem(await issue(client, body), { status: 403, code: 'not-permitted' });
    const theirs = await running.cards.expect<IssuedCertificate>('POST', '/v1/certificates', { body });
    assertProblem(await client.call('GET', `/v1/certificates/${theirs.id}`), { status: 404, code: 'not-found' });
    const revocation = { body: { reason: 'superseded' } };
    const revoked = await client.call('POST', `/v1/certificates/${theirs.id}/revocation`, revocation);
    assertProblem(revoked, { status: 404, code: 'not-found' });
    const found = await client.call('GET', `/v1/certificates?serialNumber=${theirs.serialNumber}`);
    assert.deepEqual(found.body, { certificates: [], nextCursor: null });
  });

  it('acts for the staff of one structure gets 403 for another holder, and can neither read nor revoke its certificates', async () => {
    const { idNat } = orderOf('standard/cpe-signature').holder as { readonly idNat: string };
    const scope = { ...EVERYTHING, holders: [`${idNat.split('/')[0]}/*`] };
    const { client } = await running.shared.newAccount({ roles: ['card-management'], scope });
    assert.equal((await issue(client, bodyOf('standard/cpe-signature'))).status, 201);
    const body = bodyOf('fort/cps-signature');
    assertProblem(await issue(client, body), { status: 403, code: 'not-permitted' });
    const theirs = await running.cards.expect<IssuedCertificate>('POST', '/v1/certificates', { body });
    const holder = (body.holder as { readonly idNat: string }).idNat;
    assertProblem(await client.call('GET', `/v1/certificates/${theirs.id}`), { status: 404, code: 'not-found' });
    const revocation = { body: { reason: 'superseded' } };
    const revoked = await client.call('POST', `/v1/holders/${holder}/revocation`, revocation);
    assertProblem(revoked, { status: 404, code: 'not-found' });
    const found = await client.call('GET', `/v1/certificates?holder=${holder}`);
    assert.deepEqual(found.body, { certificates: [], nextCursor: null });
  });

  it('has no role for it gets 403: an auditor issues nothing, card management reads no audit log', async () => {
    const auditor = running.shared.as('auditor');
    assertProblem(await issue(auditor, bodyOf('elementaire/org-auth-cli')), { status: 403, code: 'not-permitted' });
    assertProblem(await running.cards.call('GET', '/v1/audit/entries'), { status: 403, code: 'not-permitted' });
    assertProblem(await running.cards.call('POST', '/v1/cas/aci-fo-pp/crl'), { status: 403, code: 'not-permitted' });
    const issued = await running.cards.expect<IssuedCertificate>('POST', '/v1/certificates', {
      body: bodyOf('elementaire/org-auth-cli'),
    });
    const body = { reason: 'superseded' };
    const answer = await auditor.call('POST', `/v1/certificates/${issued.id}/revocation`, { body });
    assertProblem(answer, { status: 403, code: 'not-permitted' });
  });

  it('has no role for it gets 403 before the request is read', async () => {
    const answer = await running.shared
      .as('auditor')
      .call('POST', '/v1/certificates', { raw: 'not JSON', type: 'text/plain' });
    assertProblem(answer, { status: 403, code: 'not-permitted' });
  });

  it('gives a reason that its role must not give gets 403', async () => {
    const issued = await running.cards.expect<IssuedCertificate>('POST', '/v1/certificates', {
      body: bodyOf('elementaire/org-auth-cli'),
    });
    const path = `/v1/certificates/${issued.id}/revocation`;
    const body = { reason: 'privilegeWithdrawn' };
    assertProblem(await running.cards.call('POST', path, { body }), { status: 403, code: 'not-permitted' });
    assert.equal((await running.officer.call('POST', path, { body })).status, 200);
  });
});

function pemOf({ privateKey }: ReturnType<typeof makeKey>): string {
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** A client certificate with a given subject, from a CA that OpenSSL creates. */
function foreignCredential(prefix: string, caSubject: string): ClientCredential {
  const run = (...args: readonly string[]) => execFileSync('openssl', args, { stdio: 'pipe' });
  const ec = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  run(
    'req',
    '-x509',
    '-utf8',
    ...ec,
    '-subj',
    caSubject,
    '-days',
    '30',
    '-keyout',
    `${prefix}.ca.key`,
    '-out',
    `${prefix}.ca`,
  );
  run('req', '-new', ...ec, '-subj', '/CN=client', '-keyout', `${prefix}.key`, '-out', `${prefix}.csr`);
  writeFileSync(`${prefix}.ext`, 'extendedKeyUsage=clientAuth\nkeyUsage=critical,digitalSignature\n');
  const signed = ['-CA', `${prefix}.ca`, '-CAkey', `${prefix}.ca.key`, '-days', '30', '-extfile', `${prefix}.ext`];
  run('x509', '-req', '-in', `${prefix}.csr`, ...signed, '-out', `${prefix}.crt`);
  const read = (ending: string): string => readFileSync(`${prefix}.${ending}`, 'utf8');
  return { certificate: read('crt'), key: read('key') };
}

/** `/C=FR/O=...` of the issuing CA, the first in a chain. */
function subjectForOpenSsl(chain: string): string {
  const { subject } = new X509Certificate(chain.split(/(?=-----BEGIN)/)[0] ?? '');
  return `/${subject.split('\n').join('/')}`;
}
