/**
 * Delta CRLs and partitions of a running service with real signers, and `pfcng crl`.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Client, clientOf, type IssuedCertificate } from '../../../support/service/client.js';
import { toPem } from '../../../support/service/csr.js';
import { createRelyingParty, fetchBytes, type RelyingParty, writeIssued } from '../../../support/service/files.js';
import { makeServiceHome, PACKAGE_ROOT, removeServiceHome, type ServiceHome } from '../../../support/service/home.js';
import { openssl } from '../../../support/service/judges.js';
import { bodyOf } from '../../../support/service/orders.js';
import { createService, runPfcng, type Service } from '../../../support/service/service.js';

const CA = 'aci-el-org';
const PARTITIONS = 2;
type List = { readonly number: number; readonly base?: number; readonly entries: number; readonly url: string };

function environment(): object {
  const file = join(PACKAGE_ROOT, 'policies', 'environments', 'development.json');
  const { crl } = JSON.parse(readFileSync(file, 'utf8')) as { readonly crl: object };
  return { crl: { ...crl, partitions: { [CA]: PARTITIONS } } };
}

describe('CRLs of a service with delta CRLs and partitions', () => {
  let at: ServiceHome;
  let service: Service;
  let cards: Client;
  let party: RelyingParty;
  before(async function startIt() {
    at = await makeServiceHome('p-256', { environment: environment() });
    service = createService(at);
    await service.start();
    cards = clientOf(service, 'card-management');
    party = createRelyingParty(service.urls.publication);
    await party.fetchAll();
  });
  after(async function stopIt() {
    await cards.close();
    await service.stop();
    party.remove();
    removeServiceHome(at);
  });

  const crl = async (...args: readonly string[]): Promise<List> => {
    const { status, stdout, stderr } = await runPfcng(at, 'crl', ...args, '--json');
    assert.equal(status, 0, stderr);
    return JSON.parse(stdout) as List;
  };
  /** Issued certificates of each partition. */
  async function oneOfEach(): Promise<
    readonly { readonly issued: IssuedCertificate; readonly file: string; readonly list: string }[]
  > {
    const found = new Map<
      string,
      { readonly issued: IssuedCertificate; readonly file: string; readonly list: string }
    >();
    while (found.size < PARTITIONS) {
      const issued = await cards.expect<IssuedCertificate>('POST', '/v1/certificates', {
        body: bodyOf('elementaire/org-auth-cli'),
      });
      const file = writeIssued(party, issued);
      const { output } = await openssl('x509', '-in', file, '-noout', '-ext', 'crlDistributionPoints,freshestCRL');
      const urls = [...output.matchAll(/URI:(\S+)/g)].map(([, url = '']) => url);
      assert.deepEqual(
        urls.map((url) => url.replace(/-p\d/, '-pN').split('/').at(-1)),
        ['ACI-EL-ORG-pN.crl', 'ACI-EL-ORG-pN-delta.crl'],
      );
      found.set(urls[0] ?? '', { issued, file, list: urls[0] ?? '' });
    }
    return [...found.values()];
  }
  async function verdict(file: string, lists: readonly string[]): Promise<string> {
    const pems = await Promise.all(lists.map(async (url) => toPem('X509 CRL', await fetchBytes(url))));
    const all = party.write('lists.pem', pems.join(''));
    const { output } = await openssl(
      'verify',
      '-crl_check',
      '-extended_crl',
      '-use_deltas',
      '-CAfile',
      party.path('acr-el.pem'),
      '-untrusted',
      party.path(`${CA}.pem`),
      '-CRLfile',
      all,
      file,
    );
    return /: OK$/m.test(output) ? 'good' : /certificate revoked/.test(output) ? 'revoked' : output;
  }

  it('list each certificate at the address that it names, with a delta CRL, signed by the real signer', async () => {
    const [revokedBefore, revokedAfter] = await oneOfEach();
    assert.ok(revokedBefore !== undefined && revokedAfter !== undefined);
    const revoke = ({ issued }: { readonly issued: IssuedCertificate }) =>
      cards.expect('POST', `/v1/certificates/${issued.id}/revocation`, { body: { reason: 'superseded' } });
    await revoke(revokedBefore);
    const full = await crl('publish', CA);
    assert.equal(full.entries, 1);
    assert.equal(await verdict(revokedBefore.file, [revokedBefore.list]), 'revoked');
    assert.equal(await verdict(revokedAfter.file, [revokedAfter.list]), 'good');
    assert.match(await verdict(revokedBefore.file, [revokedAfter.list]), /scope|unable to get certificate CRL/);
    await revoke(revokedAfter);
    const delta = await crl('publish', CA, '--delta');
    assert.ok(delta.base !== undefined && delta.base <= full.number && delta.number > full.number);
    const deltaOf = (list: string) => list.replace('.crl', '-delta.crl');
    assert.equal(await verdict(revokedAfter.file, [revokedAfter.list, deltaOf(revokedAfter.list)]), 'revoked');
    assert.equal(
      await verdict(revokedAfter.file, [full.url, delta.url]),
      'revoked',
      'by the list of all certificates too',
    );
  });

  it('are shown by pfcng crl for people and as JSON', async () => {
    const shown = (await crl('show', CA)) as unknown as { readonly crl: List; readonly deltaCrl: List };
    assert.ok(
      shown.crl.url.endsWith('/CRL/ACI-EL-ORG.crl') && shown.deltaCrl.url.endsWith('/CRL/ACI-EL-ORG-delta.crl'),
    );
    const { stdout } = await runPfcng(at, 'crl', 'show', CA);
    assert.match(stdout, /LCR \d+, (1 entrée|(?!1 )\d+ entrées),.* \/ CRL \d+, (1 entry|(?!1 )\d+ entries),/);
    assert.match(stdout, /delta-LCR \d+ \(base \d+\).* \/ delta CRL \d+ \(base \d+\)/);
    const refused = await runPfcng(at, 'crl', 'publish', 'acr-el');
    assert.equal(refused.status, 1);
    assert.match(refused.stderr, /ceremony/);
  });
});
