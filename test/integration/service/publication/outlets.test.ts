/**
 * A service with a real LDAP directory and a web server's folder: what its certificates say is
 * where they say it, and is watched.
 */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createSlapd, type Slapd } from '../../../support/servers/slapd.js';
import { type Client, clientOf, type IssuedCertificate } from '../../../support/service/client.js';
import {
  createRelyingParty,
  fetchBytes,
  ISSUING,
  type RelyingParty,
  ROOTS,
  writeIssued,
} from '../../../support/service/files.js';
import { configure, makeServiceHome, removeServiceHome, type ServiceHome } from '../../../support/service/home.js';
import { judge, openssl } from '../../../support/service/judges.js';
import { bodyOf } from '../../../support/service/orders.js';
import { createService, type Service } from '../../../support/service/service.js';

const WAIT_MS_MAX = 300_000;

type Readiness = {
  readonly state: string;
  readonly parts: {
    readonly outlets: Readonly<Record<string, string>>;
    readonly publicAddresses: string | Readonly<Record<string, string>>;
  };
};

describe('a service with outlets', function describeOutlets() {
  this.timeout(2 * WAIT_MS_MAX);
  let slapd: Slapd;
  let at: ServiceHome;
  let service: Service;
  let cards: Client;
  let officer: Client;
  let party: RelyingParty;
  let web: string;
  let outlets: readonly object[];

  before(async () => {
    slapd = await createSlapd();
    const addresses = {
      publication: 'http://127.0.0.1',
      ocsp: 'http://127.0.0.1/ocsp',
      ldap: slapd.url,
      deltaCrl: true,
    };
    const environment = { addresses: { ...addresses, certificationPracticeStatement: 'http://127.0.0.1/PC' } };
    at = await makeServiceHome('p-256', { environment });
    web = join(at.folder, 'web');
    mkdirSync(web);
    const { url, bindDn, passwordFile } = slapd;
    const directory = { kind: 'ldap', name: 'annuaire', url, bindDn, passwordFile };
    outlets = [{ kind: 'directory', name: 'web', path: web }, directory];
    configure(at, { publication: { outlets, selfCheckSeconds: 1 } });
    service = createService(at);
    await service.start();
    cards = clientOf(service, 'card-management', { connectionsMax: 2 });
    officer = clientOf(service, 'officer-1', { connectionsMax: 2 });
    // The first CRL of the service has no delta CRL, because there is no base yet.
    for (const ca of ISSUING) await officer.expect('POST', `/v1/cas/${ca}/crl`);
    party = createRelyingParty(service.urls.publication);
    await party.fetchAll();
  });
  after(async () => {
    party.remove();
    await cards.close();
    await officer.close();
    await service.stop();
    removeServiceHome(at);
    await slapd.remove();
  });

  const readiness = async (): Promise<Readiness> =>
    (await (await fetch(`${service.urls.operators}/readyz`)).json()) as Readiness;
  const until = async (what: string, isSo: (now: Readiness) => boolean | Promise<boolean>): Promise<Readiness> => {
    const end = performance.now() + WAIT_MS_MAX;
    for (;;) {
      const now = await readiness();
      if (await isSo(now)) return now;
      assert.ok(performance.now() < end, `${what}: ${JSON.stringify(now)}`);
      await sleep(100);
    }
  };
  const allIsWell = ({ state, parts }: Readiness): boolean =>
    state === 'ready' &&
    Object.values(parts.outlets).every((one) => one === 'current') &&
    parts.publicAddresses === 'right';
  const issue = (): Promise<IssuedCertificate> =>
    cards.expect<IssuedCertificate>('POST', '/v1/certificates', { body: bodyOf('elementaire/org-auth-cli') });
  /** Every `ldap://` of a certificate, as OpenSSL shows it. */
  const ldapAddresses = async (file: string): Promise<readonly string[]> => {
    const { output } = await openssl('x509', '-in', file, '-noout', '-ext', 'crlDistributionPoints,freshestCRL');
    return output.match(/ldap:\/\/\S+/g) ?? [];
  };
  /**
   * As RFC 4516 says that the address is asked: nothing in it is touched but the percent-encoding.
   */
  const ldapsearch = async (address: string): Promise<Buffer> => {
    const [base = '', attribute = '', scope = '', filter = ''] = address.split('?').map(decodeURIComponent);
    const slash = base.indexOf('/', 'ldap://'.length);
    const args = ['-x', '-LLL', '-o', 'ldif-wrap=no', '-H', base.slice(0, slash), '-b', base.slice(slash + 1)];
    const { status, output } = await judge('ldapsearch', [...args, '-s', scope, filter, attribute]);
    assert.equal(status, 0, output);
    return Buffer.from(/;binary:: (\S+)/i.exec(output)?.[1] ?? '', 'base64');
  };

  it('is ready when every outlet and every public address is correct', async () => {
    await until('all is well', allIsWell);
    const text = await (await fetch(`${service.urls.operators}/metrics`)).text();
    assert.match(text, /^pfcng_outlet_state\{outlet="annuaire",state="current"\} 1$/m);
    assert.match(text, /^pfcng_outlet_behind\{outlet="web"\} 0$/m);
    assert.match(text, /^pfcng_crl_size_bytes\{issuer="aci-el-org",scope="full"\} [1-9]\d+$/m);
    const checked = text.match(/^pfcng_self_check_ok\{.*\} 1$/gm) ?? [];
    // Lists over HTTP and LDAP and certificates; of issuing CAs deltas over both, and OCSP.
    assert.equal(checked.length, 3 * (ROOTS.length + ISSUING.length) + 3 * ISSUING.length);
  });

  it('serves the same content to ldapsearch and curl at the addresses in a certificate', async () => {
    const issued = await issue();
    const file = writeIssued(party, issued);
    const addresses = await ldapAddresses(file);
    await officer.expect('POST', '/v1/cas/aci-el-org/crl');
    assert.equal(addresses.length, 2, 'the full list and the delta');
    for (const address of addresses) {
      const name = address.includes('deltarevocationlist') ? 'ACI-EL-ORG-delta' : 'ACI-EL-ORG';
      const list = await fetchBytes(`${service.urls.publication}/CRL/${name}.crl`);
      await until('it has the list', async () => (await ldapsearch(address)).equals(list));
      const { output } = await judge('curl', ['--silent', '--show-error', address]);
      assert.ok(output.replace(/\s/g, '').includes(list.toString('base64').slice(0, 60)), output.slice(0, 300));
    }
  });

  it('publishes CRLs and CA certificates of every CA in LDAP and in the folder of the web server', async () => {
    await until('all is current', allIsWell);
    for (const ca of [...ROOTS, ...ISSUING]) {
      const stem = ca.toUpperCase();
      const list = await fetchBytes(`${service.urls.publication}/CRL/${stem}.crl`);
      const certificate = await fetchBytes(`${service.urls.publication}/AC/${stem}.cer`);
      const { output } = await openssl(
        'x509',
        '-in',
        party.path(`${ca}.pem`),
        '-noout',
        '-subject',
        '-nameopt',
        'multiline',
      );
      const name = /commonName\s+= (.*)/.exec(output)?.[1] ?? '';
      const root = ca.startsWith('acr') ? '' : `ou=TEST AC RACINE IGC-SANTE ${name.split(' ')[3]},`;
      const dn = `cn=${name},${root}ou=IGC-SANTE TEST,ou=0002 187512751,o=ASIP-SANTE,c=FR`;
      const address = (attribute: string): string =>
        `${slapd.url}/${encodeURIComponent(dn)}?${attribute};binary?base?objectClass=pkiCA`;
      assert.deepEqual(await ldapsearch(address('certificateRevocationList')), list, dn);
      assert.deepEqual(await ldapsearch(address('cACertificate')), certificate, dn);
      assert.deepEqual(readFileSync(join(web, 'CRL', `${stem}.crl`)), list);
      if (!ca.startsWith('acr')) {
        const delta = await fetchBytes(`${service.urls.publication}/CRL/${stem}-delta.crl`);
        assert.deepEqual(await ldapsearch(address('deltaRevocationList')), delta, dn);
        assert.deepEqual(readFileSync(join(web, 'CRL', `${stem}-delta.crl`)), delta);
      }
      assert.deepEqual(readFileSync(join(web, 'AC', `${stem}.cer`)), certificate);
    }
    const key = await fetchBytes(`${service.urls.publication}/AC/platform.spki`);
    assert.deepEqual(readFileSync(join(web, 'AC', 'platform.spki')), key);
  });

  it('continues while the directory is unavailable, reports it, and publishes later what was missed', async () => {
    await until('all is well', allIsWell);
    await slapd.stop('kill');
    const issued = await issue();
    await cards.expect('POST', `/v1/certificates/${issued.id}/revocation`, { body: { reason: 'keyCompromise' } });
    await officer.expect('POST', '/v1/cas/aci-el-org/crl');
    const ours = `${service.urls.publication}/CRL/ACI-EL-ORG.crl`;
    const first = await fetchBytes(ours);
    const seen = await until(
      'it is seen at the outlet and at the public address, and holds up nobody',
      async ({ parts }) =>
        (parts.outlets.annuaire ?? '').startsWith('down: ') &&
        typeof parts.publicAddresses === 'object' &&
        parts.outlets.web === 'current' &&
        // The revocation has another list made, whenever that is.
        [first, await fetchBytes(ours)].some((list) => readFileSync(join(web, 'CRL', 'ACI-EL-ORG.crl')).equals(list)),
    );
    assert.equal(seen.state, 'degraded');
    assert.equal((await fetch(`${service.urls.operators}/readyz`)).status, 200);
    assert.ok(
      Object.keys(seen.parts.publicAddresses).every((one) => one.startsWith('ldap://')),
      `HTTP is right: ${JSON.stringify(seen.parts.publicAddresses)}`,
    );
    for (const event of ['outlet.down', 'self-check.failed']) assert.ok(service.said().includes(event), event);
    const text = await (await fetch(`${service.urls.operators}/metrics`)).text();
    assert.match(text, /^pfcng_outlet_state\{outlet="annuaire",state="down"\} 1$/m);
    assert.match(text, /^pfcng_self_check_ok\{address="ldap:.*\} 0$/m);
    assert.match(text, /^pfcng_crl_publish_lag_seconds_count\{issuer="aci-el-org"\} [1-9]/m);
    await slapd.start();
    await until('all is well again', allIsWell);
    const [address = ''] = await ldapAddresses(writeIssued(party, issued));
    const last = await fetchBytes(`${service.urls.publication}/CRL/ACI-EL-ORG.crl`);
    await until('it has the last list', async () => (await ldapsearch(address)).equals(last));
  });

  it('updates every outlet after it was killed during publication', async () => {
    for (const waitMs of [20, 100]) {
      const issued = await issue();
      await cards.expect('POST', `/v1/certificates/${issued.id}/revocation`, { body: { reason: 'superseded' } });
      // The killed service does not send the response.
      const asked = officer.call('POST', '/v1/cas/aci-el-org/crl').catch(() => null);
      await sleep(waitMs);
      await service.killEverything();
      await asked;
      await service.start();
      await officer.expect('POST', '/v1/cas/aci-el-org/crl');
      const [address = ''] = await ldapAddresses(writeIssued(party, issued));
      await until('all is well', async (now) => {
        const list = await fetchBytes(`${service.urls.publication}/CRL/ACI-EL-ORG.crl`);
        const places = [await ldapsearch(address), readFileSync(join(web, 'CRL', 'ACI-EL-ORG.crl'))];
        return allIsWell(now) && places.every((one) => one.equals(list));
      });
    }
  });

  it('makes a new CRL if its folder has lost one, and detects a damaged one', async () => {
    const file = join(at.home, 'crl', 'ACI-ST-ORG.crl');
    await service.stop();
    unlinkSync(file);
    writeFileSync(join(at.home, 'crl', 'ACR-ST.crl'), readFileSync(join(at.home, 'crl', 'ACR-FO.crl')));
    await service.start();
    await until('there is one again', () => existsSync(file));
    const isRootsOf = (address: string): boolean => address.endsWith('/CRL/ACR-ST.crl');
    const seen = await until('the other is seen', ({ parts }) => Object.keys(parts.publicAddresses).some(isRootsOf));
    assert.match(seen.parts.outlets.home ?? '', /ACR-ST\.crl: no-source/);
  });

  it('reports no wrong address any more after the self-check is switched off', async () => {
    assert.equal(typeof (await readiness()).parts.publicAddresses, 'object');
    await service.stop();
    configure(at, { publication: { outlets, selfCheckSeconds: 0 } });
    await service.start();
    assert.equal((await readiness()).parts.publicAddresses, 'not checked');
  });
});
