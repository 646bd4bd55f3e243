/**
 * Keys that are refused for everybody or for the next holder, each through the service, with a key
 * made for it and a request that this key has signed: its rule is what refuses it, and not the
 * signature.
 */
import assert from 'node:assert/strict';
import { createHash, X509Certificate } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { readIssuers } from '../../../../src/compose/issuers.js';
import type { Config } from '../../../../src/config/load.js';
import { homePaths } from '../../../../src/config/paths.js';
import { createAuthenticate } from '../../../../src/http/api/authenticate.js';
import { unwrap } from '../../../support/db/fixture.js';
import { primeFrom, rocaPrime, weakCsr } from '../../../support/lint/weak-keys.js';
import { assertProblem, type IssuedCertificate } from '../../../support/service/client.js';
import { keyOfRfc9500, makeCsr, makeKey } from '../../../support/service/csr.js';
import { openServiceStore } from '../../../support/service/database.js';
import { describeService } from '../../../support/service/describe-service.js';
import { bodyOf, nextNumber, orderOf, type ProfileId, tokenId } from '../../../support/service/orders.js';
import { runPfcng } from '../../../support/service/service.js';
import { SILENT_LOG } from '../../../support/status/authority.js';
import { testPolicy } from '../../../unit/policy/fixtures.js';

const ORGANISATION: ProfileId = 'elementaire/org-auth-cli';

/** The description, the factors of the modulus, and the violated rules. */
const WEAK: readonly (readonly [string, () => readonly bigint[], readonly string[]])[] = [
  ['ROCA (Estonia 2017)', () => [rocaPrime(65_539n), rocaPrime(123_457n)], ['key-not-roca']],
  ['factors close to one another', () => close(3n << 1_022n), ['key-factors-apart']],
  ['a small factor', () => [4_093n, primeFrom(3n << 2_035n)], ['key-without-small-factors']],
  ['an even modulus', () => [2n, primeFrom(3n << 2_045n)], ['key-modulus-odd', 'key-without-small-factors']],
];

function close(from: bigint): readonly bigint[] {
  const first = primeFrom(from);
  return [first, primeFrom(first + 2n ** 400n)];
}

const refused = { status: 422, code: 'key-rejected', pointer: '/csr' } as const;

// No database changes this, and to find the primes takes seconds.
describeService('a weak key is refused', { on: 'sqlite' }, (running) => {
  const post = (body: object) => running.cards.call('POST', '/v1/certificates', { body });

  for (const [what, factors, rules] of WEAK)
    it(`for ${what}`, async () => {
      const answer = await post(bodyOf(ORGANISATION, weakCsr(factors())));
      const { violations } = assertProblem(answer, refused);
      assert.deepEqual(
        violations?.map(({ rule }) => rule),
        rules,
      );
    });

  it('only for this reason: a good key with an otherwise equal request is certified', async () => {
    const csr = weakCsr([primeFrom(3n << 1_022n), primeFrom(7n << 1_021n)]);
    assert.equal((await post(bodyOf(ORGANISATION, csr))).status, 201);
  });
});

describeService('a key that is refused', { on: 'each' }, (running) => {
  const post = (body: object) => running.cards.call('POST', '/v1/certificates', { body });

  it('because its private key is published in a document', async () => {
    const answer = await post(bodyOf(ORGANISATION, makeCsr(keyOfRfc9500())));
    const { violations } = assertProblem(answer, { ...refused, rule: 'key-not-blocked' });
    assert.equal(violations?.length, 1);
  });

  it('because another holder has it, or because it was revoked for keyCompromise, even for its own holder', async () => {
    const [number, other] = [nextNumber(), nextNumber()];
    const csr = makeCsr(makeKey());
    const { id } = await running.cards.expect<IssuedCertificate>('POST', '/v1/certificates', {
      body: { ...orderOf(ORGANISATION, number), csr },
    });
    assertProblem(await post({ ...orderOf(ORGANISATION, other), csr }), { ...refused, rule: 'key-of-one-holder' });
    await running.cards.expect('POST', `/v1/certificates/${id}/revocation`, { body: { reason: 'keyCompromise' } });
    for (const holder of [number, other])
      assertProblem(await post({ ...orderOf(ORGANISATION, holder), csr }), { ...refused, rule: 'key-not-compromised' });
  });

  it('because it has a certificate of the other profile of the card, or is on another card of the holder', async () => {
    const number = nextNumber();
    const csr = makeCsr(makeKey());
    const authentication = { ...orderOf('fort/cps-authentication', number), csr };
    const signature = { ...orderOf('fort/cps-signature', number), csr };
    const otherCard = { ...authentication, card: { tokenId: tokenId(nextNumber()), product: 'cps' } };
    const { id } = await running.cards.expect<IssuedCertificate>('POST', '/v1/certificates', { body: authentication });
    const why = { ...refused, rule: 'key-differs' };
    for (const body of [signature, otherCard]) assertProblem(await post(body), why);
    await running.cards.expect('POST', `/v1/certificates/${id}/revocation`, { body: { reason: 'superseded' } });
    for (const body of [signature, otherCard]) assertProblem(await post(body), why);
    assert.equal((await post(authentication)).status, 201);
  });

  it('because an officer has blocked it, until two unblock it (Estonia 2017)', async () => {
    const key = makeKey();
    const { home } = running.shared.service.at;
    const file = join(home, 'leaked.pem');
    writeFileSync(file, key.publicKey.export({ type: 'spki', format: 'pem' }));
    const pfcng = (...args: readonly string[]) => runPfcng(running.shared.service.at, 'key', ...args);
    const why = ['--reason', 'found in a public repository'];
    const order = orderOf(ORGANISATION);
    const { id } = await running.cards.expect<IssuedCertificate>('POST', '/v1/certificates', {
      body: { ...order, csr: makeCsr(key) },
    });

    const clerk = await pfcng('block', file, '--officer', 'card-management', ...why);
    assert.equal(clerk.status, 1);
    assert.match(clerk.stderr, /card-management: no role of this account may block-key/);
    const blocked = await pfcng('block', file, '--officer', 'officer-1', ...why);
    assert.equal(blocked.status, 0, blocked.stderr);
    assert.ok(blocked.stdout.includes(`to be revoked if it is compromised: ${id}`), blocked.stdout);
    assertProblem(await post({ ...order, csr: makeCsr(key) }), { ...refused, rule: 'key-not-blocked' });
    assert.match(
      (await pfcng('block', file, '--officer', 'officer-2', ...why)).stderr,
      /already blocked by account:officer-1 on/,
    );

    const spki = key.publicKey.export({ type: 'spki', format: 'der' });
    const hash = createHash('sha256').update(spki).digest('hex');
    const shown = await pfcng('show', `sha256:${hash}`);
    assert.match(shown.stdout, /blocked by account:officer-1 on .*\(found in a public repository\)/);
    assert.ok(shown.stdout.includes(`${id}  ${ORGANISATION}  issued`), shown.stdout);

    const json = JSON.parse((await pfcng('show', file, '--json')).stdout) as {
      readonly list: unknown;
      readonly blocked: { readonly actor: string };
      readonly certificates: readonly object[];
    };
    assert.deepEqual([json.list, json.blocked.actor], [null, 'account:officer-1']);
    assert.deepEqual(json.certificates, [{ id, profile: ORGANISATION, state: 'issued' }]);

    const asked = await pfcng('unblock', file, ...why);
    assert.equal(asked.status, 0, asked.stderr);
    const [, approval = ''] = /pfcng approve ([0-9a-f-]{36})/.exec(asked.stdout) ?? [];
    assertProblem(await post({ ...order, csr: makeCsr(key) }), { ...refused, rule: 'key-not-blocked' });
    const { at } = running.shared.service;
    const alone = await runPfcng(at, 'approve', approval, '--as', 'officer-1');
    assert.match(alone.stderr, /another officer has to decide/);
    const freed = await runPfcng(at, 'approve', approval);
    assert.equal(freed.status, 0, freed.stderr);
    assert.match(freed.stdout, /key\.unblock .*: executed[\s\S]*agreed by officer-1 [\s\S]*agreed by officer-2 /);
    assert.equal((await post({ ...order, csr: makeCsr(key) })).status, 201);
    assert.match((await pfcng('unblock', file, ...why)).stderr, /no officer has/);
    rmSync(file);
  });

  it('does not authenticate a client while it is blocked', async () => {
    const scope = { profiles: ['*'], structures: ['*'], domains: ['*'], holders: ['*'] };
    const { id, client, certificate } = await running.shared.newAccount({ roles: ['auditor'], scope });
    assert.equal((await client.call('GET', '/v1/cas')).status, 200);
    const file = join(running.shared.service.at.home, 'client.pem');
    writeFileSync(file, certificate.certificate);
    const why = ['--reason', 'the client was robbed'];
    await runPfcng(running.shared.service.at, 'key', 'block', file, '--officer', 'officer-1', ...why);
    const answer = await client.call('GET', '/v1/cas');
    assert.match(assertProblem(answer, { status: 403, code: 'not-permitted' }).detail ?? '', /key-not-compromised/);
    const csr = makeCsr(makeKey());
    const certify = () => running.officer.call('POST', `/v1/accounts/${id}/certificate`, { body: { csr } });
    const asked = await runPfcng(running.shared.service.at, 'key', 'unblock', file, ...why);
    const [, approval = ''] = /pfcng approve ([0-9a-f-]{36})/.exec(asked.stdout) ?? [];
    await running.shared.as('officer-2').expect('POST', `/v1/approvals/${approval}`, { body: { decision: 'approve' } });
    assert.equal((await client.call('GET', '/v1/cas')).status, 200);
    assertProblem(await certify(), { status: 409, code: 'state-conflict' });
    await runPfcng(running.shared.service.at, 'key', 'block', file, '--officer', 'officer-1', ...why);
    assert.equal((await certify()).status, 201, 'an officer gives it a certificate on another key');
    rmSync(file);
  });

  it('does not authenticate a client if a file lists it since its certification (Estonia 2017)', async () => {
    const scope = { profiles: ['*'], structures: ['*'], domains: ['*'], holders: ['*'] };
    const { certificate } = await running.shared.newAccount({ roles: ['auditor'], scope });
    const presented = new X509Certificate(certificate.certificate);
    const socket = { getPeerX509Certificate: () => presented } as unknown as TLSSocket;
    const listed = createHash('sha256')
      .update(presented.publicKey.export({ type: 'spki', format: 'der' }))
      .digest('hex');
    const { home, database } = running.shared.service.at;
    const config = { paths: homePaths(home) } as Config;
    const issuers = unwrap(readIssuers({ config, policy: testPolicy() }));
    const store = await openServiceStore({ database });
    const answerWith = (blockedKeys: { readonly has: (key: string) => boolean }) =>
      createAuthenticate(
        { issuers, store, clock: Date.now, blockedKeys, policy: testPolicy() },
        { authorities: ['aci-el-org'], holders: [], access: [] },
      )({ socket }, { log: SILENT_LOG, self: null });
    assert.equal((await answerWith({ has: () => false })).ok, true);
    const refusal = await answerWith({ has: (key) => key === listed });
    assert.ok(!refusal.ok && refusal.error.failure.kind === 'not-permitted', JSON.stringify(refusal));
    assert.equal(refusal.error.failure.rule, 'key-not-compromised');
    await store.close();
  });

  it('is found by pfcng key in any file format, with the file that lists it', async () => {
    const { privateKey, publicKey } = keyOfRfc9500();
    const file = join(running.shared.service.at.home, 'known.pem');
    for (const pem of [
      publicKey.export({ type: 'spki', format: 'pem' }),
      privateKey.export({ type: 'pkcs8', format: 'pem' }),
      makeCsr({ privateKey, publicKey }),
    ]) {
      writeFileSync(file, pem);
      const { stdout, stderr } = await runPfcng(running.shared.service.at, 'key', 'show', file);
      assert.match(stdout, /blocked by the list .*blocked-keys\.txt: RFC 9500: testECCP256/, stderr);
    }
    writeFileSync(file, 'hello');
    assert.match(
      (await runPfcng(running.shared.service.at, 'key', 'show', file)).stderr,
      /not a key, certificate or certification/,
    );
    rmSync(file);
  });
});
