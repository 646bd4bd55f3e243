/**
 * Break-glass officers: they still have access when the CA of the ordinary officers is revoked.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createPublicKey, type KeyObject } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ACCOUNT_DEFAULTS } from '../../../../src/access/account.js';
import { planAccessAuthority, planBreakGlass } from '../../../../src/ceremony/steps/shared/access.js';
import { loadPolicy } from '../../../../src/config/policy.js';
import { CEREMONY_LISTS_EVERY_MS } from '../../../../src/jobs/lists/root-crl-importer.js';
import { DAY_MS } from '../../../../src/kernel/duration.js';
import type { IssuerId } from '../../../../src/ports/signer.js';
import { readCertificate } from '../../../../src/x509/certificate/certificate-reader.js';
import { issuerOf } from '../../../../src/x509/certificate/issuer.js';
import { encodeName } from '../../../../src/x509/certificate/name-writer.js';
import { writeBasicConstraints } from '../../../../src/x509/extensions/basic-constraints.js';
import { writeExtendedKeyUsage } from '../../../../src/x509/extensions/extended-key-usage.js';
import type { Extension, IssuerCertificate } from '../../../../src/x509/model.js';
import { encodePem } from '../../../../src/x509/pem.js';
import { temporaryFolder } from '../../../support/ceremony/hierarchy.js';
import { unwrap } from '../../../support/db/fixture.js';
import {
  type Answer,
  assertProblem,
  type Client,
  createClient,
  credentialOf,
  trustOf,
} from '../../../support/service/client.js';
import { type HolderKey, makeCsr, makeKey } from '../../../support/service/csr.js';
import { openServiceStore } from '../../../support/service/database.js';
import {
  configure,
  makeServiceHome,
  PACKAGE_ROOT,
  removeServiceHome,
  type ServiceHome,
} from '../../../support/service/home.js';
import { bodyOf } from '../../../support/service/orders.js';
import { childOf, derOf, otherEnvironment, sha256Of, signedBy } from '../../../support/service/own-certificates.js';
import { createService, runPfcng, type Service } from '../../../support/service/service.js';
import { ROOT_LIST, writePlan } from './revoke-ca-plan.js';

const ACCOUNT = 'break-glass-1';
const YEAR_MS = 366 * DAY_MS;
const RIGHTS = ['--name', 'Secours', '--profile', '*', '--structure', '*', '--domain', '*'] as const;

type OwnAuthority = { readonly ca: IssuerCertificate; readonly key: KeyObject; readonly file: string };

describe('a break-glass officer', () => {
  let at: ServiceHome;
  let service: Service;
  let made: string;
  let officer: HolderKey;
  /** Access CAs that the test has made, with their keys; the other one is expired. */
  let own: OwnAuthority;
  let over: OwnAuthority;
  const clients: Client[] = [];
  const policy = () => {
    const loaded = loadPolicy(join(PACKAGE_ROOT, 'policies'), 'development', {});
    assert.ok(loaded.ok);
    return loaded.value;
  };

  const clientWith = (certificate: string, key: KeyObject | string): Client => {
    const pem = typeof key === 'string' ? key : key.export({ type: 'pkcs8', format: 'pem' }).toString();
    const credential = { certificate, key: pem };
    const client = createClient({ url: service.urls.api, trust: trustOf(at), credential, judge: null });
    clients.push(client);
    return client;
  };
  const as = (name: string): Client => {
    const { certificate, key } = credentialOf(at, name);
    return clientWith(certificate, key);
  };
  const pemOf = (path: string): string => encodePem('CERTIFICATE', new Uint8Array(readFileSync(path)));
  const breakGlass = (): Client => clientWith(pemOf(join(made, `access/${ACCOUNT}.cer`)), officer.privateKey);
  const account = (...args: readonly string[]) => runPfcng(at, 'account', ...args);
  const done = async (...args: readonly string[]): Promise<void> => {
    const { status, stderr } = await account(...args);
    assert.equal(status, 0, stderr);
  };
  const refused = (answer: Answer, rule: string): void => {
    assertProblem(answer, { status: 403, code: 'not-permitted' });
    assert.ok(JSON.stringify(answer.body).includes(rule), JSON.stringify(answer.body));
  };
  const restarted = async (): Promise<void> => {
    for (const client of clients.splice(0)) await client.close();
    await service.stop();
    await service.start();
  };
  const named = (id: string, file: string, sha256 = sha256Of(readFileSync(file))) => ({
    id,
    certificate: file,
    sha256,
  });

  /** Issues a certificate of the test's own CA; `extensions` replaces those of an officer. */
  const certified = (
    key: Pick<HolderKey, 'publicKey'>,
    extensions?: (planned: readonly Extension[]) => readonly Extension[],
    { ca, key: caKey } = own,
  ): string => {
    const spki = new Uint8Array(key.publicKey.export({ type: 'spki', format: 'der' }));
    const options = { spki, now: Date.now(), issuer: { ...ca, notAfter: Date.now() + YEAR_MS } };
    const planned = planBreakGlass(policy().environment, { commonName: 'X', days: 10 }, options);
    const chosen = extensions === undefined ? planned.extensions : extensions(planned.extensions);
    return signedBy(caKey, { ...planned, extensions: chosen, spki, issuerDer: ca.subjectDer });
  };
  /** Makes an access CA that is valid for one year. */
  const makeAuthority = (commonName: string, now: number): OwnAuthority => {
    const { privateKey, publicKey } = makeKey();
    const spki = new Uint8Array(publicKey.export({ type: 'spki', format: 'der' }));
    const subject = { countryName: 'FR', organizationName: 'T', organizationalUnitName: 'T', commonName };
    const planned = planAccessAuthority(policy().environment, { subject, years: 1 }, { spki, now });
    const file = join(made, `${commonName}.pem`);
    writeFileSync(file, signedBy(privateKey, { ...planned, spki, issuerDer: encodeName(planned.subject) }));
    const read = readCertificate(derOf(readFileSync(file, 'utf8')));
    const ca = read.ok ? issuerOf(read.value) : read;
    assert.ok(ca.ok);
    return { ca: ca.value, key: privateKey, file };
  };

  before(async () => {
    at = await makeServiceHome('p-256');
    made = await temporaryFolder('pfcng-access-');
    officer = makeKey();
    mkdirSync(join(made, 'requests'));
    writeFileSync(join(made, `requests/${ACCOUNT}.csr.pem`), makeCsr(officer));
    const plan = join(PACKAGE_ROOT, 'policies/ceremonies/examples/access-authority.json');
    const performed = await runPfcng(at, 'ceremony', 'perform', '--played', plan, '--home', made);
    assert.equal(performed.status, 0, performed.stderr);
    own = makeAuthority('T', Date.now());
    over = makeAuthority('U', Date.now() - 2 * YEAR_MS);
    service = createService(at);
    await service.start();
  });
  after(async () => {
    for (const client of clients) await client.close();
    await service.stop();
    removeServiceHome(at);
  });

  it('is rejected until the configuration names the CA and an account has the certificate', async () => {
    const file = join(made, `access/${ACCOUNT}.cer`);
    refused(await breakGlass().call('GET', '/v1/cas'), 'was not issued by a CA that authenticates accounts');
    const early = await account('add', ACCOUNT, ...RIGHTS, '--role', 'officer', '--certificate', file);
    assert.equal(early.status, 1);
    assert.match(early.stderr, /not issued by a CA that authenticates accounts: aci-el-org, aci-fo-pp$/m);
    cpSync(join(made, 'authorities/access.cer'), join(at.home, 'authorities/access.cer'));
    const access = {
      ...named('access', join(at.home, 'authorities/access.cer')),
      certificate: 'authorities/access.cer',
    };
    configure(at, {
      accessAuthorities: [
        access,
        named('access-2', own.file, sha256Of(own.ca.certificate)),
        named('access-3', over.file, sha256Of(over.ca.certificate)),
      ],
    });
    await restarted();
    refused(await breakGlass().call('GET', '/v1/cas'), 'belongs to no account');
    await done('add', ACCOUNT, ...RIGHTS, '--role', 'officer', '--certificate', file);
    assert.equal((await breakGlass().call('GET', '/v1/cas')).status, 200);
    assert.match(
      (await account('show', ACCOUNT)).stdout,
      /certificat \/ certificate: access, SHA-256 de sa clé \/ of its key [0-9a-f]{64}/,
    );
    while (!service.said().includes('account.break-glass')) await sleep(20);
    assert.match(service.said(), /"account\.break-glass"[^\n]*"break-glass-1"/);
  });

  it('has the rights of officers, and none of card management', async () => {
    const client = breakGlass();
    await client.expect('POST', '/v1/cas/aci-el-org/crl');
    const order = await client.call('POST', '/v1/certificates', { body: bodyOf('elementaire/serv-ssl') });
    refused(order, 'no role of this account may issue');
    await client.expect('GET', '/v1/audit/entries?limit=1');
  });

  it('cannot have another role: add and rotate bind certificates of an access CA to officers only', async () => {
    const file = join(made, 'as-system.pem');
    writeFileSync(file, certified(makeKey()));
    for (const roles of [['card-management'], ['auditor'], ['officer', 'card-management']]) {
      const { status, stderr } = await account('add', 'x', ...RIGHTS, '--role', ...roles, '--certificate', file);
      assert.equal(status, 1);
      assert.match(stderr, /a certificate of an access CA is for an account of role officer, and for no other/);
    }
    const rotated = await account('rotate', 'card-management', '--certificate', file);
    assert.equal(rotated.status, 1);
    assert.match(rotated.stderr, /a certificate of an access CA is for an account of role officer/);
    const changed = await account('change', ACCOUNT, '--role', 'officer', 'auditor');
    assert.equal(changed.status, 1);
    assert.match(changed.stderr, /a certificate of an access CA is for an account of role officer/);
    // An account of another role that was bound in another way is rejected too.
    const key = makeKey();
    const spkiSha256 = sha256Of(new Uint8Array(key.publicKey.export({ type: 'spki', format: 'der' })));
    const everything = { profiles: ['*'], structures: ['*'], domains: ['*'], holders: ['*'] };
    const store = await openServiceStore(at);
    for (const [id, roles] of [
      ['smuggled', ['officer', 'card-management']],
      ['nobody', []],
    ] as const) {
      const credentials = [{ issuer: 'access-2' as IssuerId, spkiSha256 }];
      const row = {
        id,
        name: id,
        roles,
        scope: everything,
        disabled: false,
        ...ACCOUNT_DEFAULTS,
        createdAt: Date.now(),
      };
      unwrap(await store.transaction((tx) => tx.insertAccount({ ...row, credentials })));
      refused(await clientWith(certified(key), key.privateKey).call('GET', '/v1/cas'), 'authenticate officers only');
      unwrap(await store.transaction((tx) => tx.updateAccount({ ...row, credentials: [] })));
    }
    await store.close();
  });

  it('cannot use one key for two accounts, whichever CA has certified it', async () => {
    const { certificate } = credentialOf(at, 'officer-1');
    const file = join(made, 'twice.pem');
    writeFileSync(file, certified({ publicKey: createPublicKey(certificate) }));
    for (const args of [
      ['add', 'x', ...RIGHTS, '--role', 'officer', '--certificate', file],
      ['rotate', ACCOUNT, '--certificate', file],
    ]) {
      const { status, stderr } = await account(...args);
      assert.equal(status, 1);
      assert.match(stderr, /one of these certificates, or its key, already belongs to the account officer-1/);
    }
  });

  it('needs a certificate for this purpose only', async () => {
    const others: Readonly<Record<string, (planned: readonly Extension[]) => readonly Extension[]>> = {
      'a server': (planned) =>
        planned.map((one) => (one.oid === '2.5.29.37' ? writeExtendedKeyUsage(['clientAuth', 'serverAuth']) : one)),
      'an authority': (planned) => [writeBasicConstraints({ ca: true, pathLen: null }), ...planned],
      'one that could be asked about': (planned) => planned.filter(({ oid }) => oid !== '2.5.29.56'),
    };
    for (const [what, extensions] of Object.entries(others)) {
      const key = makeKey();
      const file = join(made, 'other.pem');
      writeFileSync(file, certified(key, extensions));
      refused(
        await clientWith(readFileSync(file, 'utf8'), key.privateKey).call('GET', '/v1/cas'),
        'certificate-of-an-officer',
      );
      const { status, stderr } = await account('add', 'x', ...RIGHTS, '--role', 'officer', '--certificate', file);
      assert.equal(status, 1, what);
      assert.match(stderr, /not a certificate of a break-glass officer: extension 2\.5\.29\./, what);
    }
    // A certificate that an officer signs is rejected too.
    const key = makeKey();
    const child = signedBy(officer.privateKey, childOf(pemOf(join(made, `access/${ACCOUNT}.cer`)), key));
    refused(
      await clientWith(child, key.privateKey).call('GET', '/v1/cas'),
      'was not issued by a CA that authenticates accounts',
    );
  });

  it('is rejected with a certificate of an expired access CA, whatever its own validity is', async () => {
    const key = makeKey();
    refused(await clientWith(certified(key, undefined, over), key.privateKey).call('GET', '/v1/cas'), 'issuer-in-time');
  });

  it('has a certificate that OpenSSL accepts for TLS clients under its CA only, and for nothing else', () => {
    const file = join(made, 'officer.pem');
    writeFileSync(file, pemOf(join(made, `access/${ACCOUNT}.cer`)));
    const verify = (authority: string, purpose: string): string => {
      const ca = join(made, 'ca.pem');
      writeFileSync(ca, pemOf(authority));
      try {
        return execFileSync('openssl', ['verify', '-x509_strict', '-purpose', purpose, '-CAfile', ca, file], {
          encoding: 'utf8',
          stdio: 'pipe',
        });
      } catch (error) {
        return String(error);
      }
    };
    const access = join(made, 'authorities/access.cer');
    assert.match(verify(access, 'sslclient'), /: OK\n$/);
    for (const purpose of ['sslserver', 'smimesign', 'smimeencrypt', 'crlsign', 'timestampsign'])
      assert.doesNotMatch(verify(access, purpose), /: OK\n$/, purpose);
    for (const root of ['acr-fo', 'acr-st', 'acr-el'])
      assert.doesNotMatch(verify(join(at.home, `authorities/${root}.cer`), 'sslclient'), /: OK\n$/, root);
  });

  it('has access when the CA of the ordinary officers is revoked, and they do not, as soon as the CRL is published', async () => {
    const published = join(at.home, ROOT_LIST);
    const before = readFileSync(published);
    await service.stop();
    const performed = await runPfcng(at, 'ceremony', 'perform', '--played', writePlan(at));
    assert.equal(performed.status, 0, performed.stderr);
    const list = readFileSync(published);
    writeFileSync(published, before);
    await restarted();
    const ordinary = as('officer-1');
    assert.equal((await ordinary.call('GET', '/v1/cas')).status, 200);
    writeFileSync(published, list);
    while ((await ordinary.call('GET', '/v1/cas')).status === 200) await sleep(100);
    // Nor is it taken back by what stands there after it.
    writeFileSync(published, 'half a list');
    await sleep(CEREMONY_LISTS_EVERY_MS + 500);
    refused(await ordinary.call('GET', '/v1/cas'), 'issuer-not-revoked');
    writeFileSync(published, list);
    await restarted();
    for (const name of ['officer-1', 'officer-2', 'officer-3', 'auditor', 'support', 'operator'])
      refused(await as(name).call('GET', '/v1/cas'), 'issuer-not-revoked');
    // A certificate of another CA, which is not configured.
    assert.equal((await as('card-management').call('GET', '/v1/cas')).status, 200);
    const client = breakGlass();
    assert.equal((await client.call('GET', '/v1/cas')).status, 200);
    await client.expect('POST', '/v1/cas/aci-fo-pp/crl');
    const found = await client.expect<{ readonly certificates: readonly { readonly id: string }[] }>(
      'GET',
      '/v1/certificates?ca=aci-fo-pp&status=issued&limit=1',
    );
    const body = { reason: 'cessationOfOperation' };
    await client.expect('POST', `/v1/certificates/${found.certificates[0]?.id}/revocation`, { body });
  });

  it('loses access at once when the account is disabled or the key blocked, and gets it with another certificate', async () => {
    const client = breakGlass();
    await done('disable', ACCOUNT);
    refused(await client.call('GET', '/v1/cas'), 'this account is disabled');
    await done('enable', ACCOUNT);
    assert.equal((await client.call('GET', '/v1/cas')).status, 200);
    const file = join(made, 'lost-key.pem');
    writeFileSync(file, officer.publicKey.export({ type: 'spki', format: 'pem' }));
    const blocked = await runPfcng(at, 'key', 'block', file, '--officer', ACCOUNT, '--reason', 'card lost');
    assert.equal(blocked.status, 0, blocked.stderr);
    refused(await client.call('GET', '/v1/cas'), 'key-not-compromised');
    const key = makeKey();
    const next = join(made, 'next.pem');
    writeFileSync(next, certified(key));
    await done('rotate', ACCOUNT, '--certificate', next);
    assert.equal((await clientWith(readFileSync(next, 'utf8'), key.privateKey).call('GET', '/v1/cas')).status, 200);
    refused(await client.call('GET', '/v1/cas'), 'key-not-compromised');
  });

  it('cannot be configured with another file than the one of the digest: the service does not start', async () => {
    for (const client of clients.splice(0)) await client.close();
    await service.stop();
    const file = join(made, 'authorities/access.cer');
    const altered = join(made, 'altered.cer');
    const good = readFileSync(file);
    writeFileSync(
      altered,
      good.map((octet, place) => (place === good.length - 1 ? octet ^ 1 : octet)),
    );
    const production = join(made, 'production.pem');
    writeFileSync(production, otherEnvironment());
    const root = join(at.home, 'authorities/acr-fo.cer');
    for (const [given, says] of [
      [named('access', file, '0'.repeat(64)), /accessAuthorities: access, .*: its SHA-256 is [0-9a-f]{64}/],
      [named('access', altered), /root-signs-itself/],
      [named('access', root), /extension 2\.5\.29\.32/],
      [named('access', join(at.home, 'authorities/aci-fo-pp.cer')), /below another authority/],
      [named('access', join(made, `access/${ACCOUNT}.cer`)), /basic-constraints-of-a-ca/],
      [
        named('access', production, sha256Of(derOf(readFileSync(production, 'utf8')))),
        /its name has no IGC-SANTE TEST/,
      ],
      [named('access', join(made, 'none.cer'), '0'.repeat(64)), /the file is missing/],
    ] as const) {
      configure(at, { accessAuthorities: [given] });
      const { status, stderr } = await account('rotate', ACCOUNT, '--certificate', join(made, 'next.pem'));
      assert.equal(status, 1);
      assert.match(stderr, says);
    }
    configure(at, { accessAuthorities: [named('access', file), named('access', file)] });
    // The start makes the check of the command too.
    await assert.rejects(
      service.start(),
      /access\.cer: .*named twice[\s\S]*accessAuthorities, access: CA of the break-glass officers/,
    );
  });
});
