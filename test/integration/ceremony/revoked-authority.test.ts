/**
 * An issuing CA is revoked by its root in a ceremony, and the list is copied to the folder from
 * which the service publishes.
 */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assertProblem, type Client, clientOf, type IssuedCertificate } from '../../support/service/client.js';
import { createRelyingParty, type RelyingParty, writeIssued } from '../../support/service/files.js';
import { makeServiceHome, PACKAGE_ROOT, removeServiceHome, type ServiceHome } from '../../support/service/home.js';
import { bodyOf } from '../../support/service/orders.js';
import { createService, runPfcng, type Service } from '../../support/service/service.js';

const RECORD = 'ceremony/revoke-el/revoked/aci-el-pp.json';
const LIST = 'crl/ACR-EL.crl';

describe('an issuing CA that its root has revoked', () => {
  let at: ServiceHome;
  let service: Service;
  let party: RelyingParty;
  const clients: Client[] = [];
  const as = (name: string): Client => {
    const client = clientOf(service, name);
    clients.push(client);
    return client;
  };
  let issued: IssuedCertificate;
  let ofOther: IssuedCertificate;

  before(async () => {
    at = await makeServiceHome('p-256');
    service = createService(at);
    await service.start();
    issued = await as('card-management').expect('POST', '/v1/certificates', {
      body: bodyOf('elementaire/cpe-authentication'),
    });
    ofOther = await as('card-management').expect('POST', '/v1/certificates', { body: bodyOf('elementaire/serv-ssl') });
    party = createRelyingParty(service.urls.publication);
    await party.fetchAll();
    for (const one of [issued, ofOther]) {
      const { output } = await party.verify(writeIssued(party, one), one.ca);
      assert.match(output, /: OK\n$/, output);
    }
    for (const client of clients.splice(0)) await client.close();
    await service.stop();
    const performed = await runPfcng(at, 'ceremony', 'perform', '--played', writePlan(at));
    assert.equal(performed.status, 0, performed.stderr);
    assert.match(performed.stdout, /révocation de l'AC aci-el-pp, motif : compromission de la clé/);
    await service.start();
    await party.fetchAll();
  });
  after(async () => {
    for (const client of clients) await client.close();
    await service.stop();
    party.remove();
    removeServiceHome(at);
  });

  it('makes its certificates fail when all lists are checked, unlike those of the root’s other CA', async () => {
    const { output } = await party.verify(writeIssued(party, issued), issued.ca);
    assert.match(output, /error 23 at 1 depth lookup: certificate revoked/);
    const other = await party.verify(writeIssued(party, ofOther), ofOther.ca);
    assert.match(other.output, /: OK\n$/);
  });

  it('issues no more certificates and says why, while the other CA does', async () => {
    const answer = await as('card-management').call('POST', '/v1/certificates', {
      body: bodyOf('elementaire/cpe-authentication'),
    });
    assertProblem(answer, { status: 409, code: 'state-conflict' });
    assert.match(
      JSON.stringify(answer.body),
      /aci-el-pp was revoked by its root \(keyCompromise\): it issues nothing more/,
    );
    await as('card-management').expect('POST', '/v1/certificates', { body: bodyOf('elementaire/serv-ssl') });
  });

  it('still answers OCSP, revokes certificates and publishes its own lists', async () => {
    const file = writeIssued(party, issued);
    assert.match((await party.ocsp(file, issued.ca)).output, /: good\n/);
    await as('card-management').expect('POST', `/v1/certificates/${issued.id}/revocation`, {
      body: { reason: 'superseded' },
    });
    assert.match((await party.ocsp(file, issued.ca)).output, /: revoked\n/);
    await as('officer-1').expect('POST', `/v1/cas/${issued.ca}/crl`);
    await party.fetchAll();
    assert.match(readFileSync(party.path(`${issued.ca}.crl.pem`), 'utf8'), /BEGIN X509 CRL/);
  });

  it('has valid transcripts of the revocation and of the first ceremony', async () => {
    const { status, stdout, stderr } = await runPfcng(at, 'ceremony', 'verify');
    assert.equal(status, 0, stderr);
    assert.equal(stdout.trimEnd().split('\n').length, 5);
  });
});

function writePlan({ folder }: ServiceHome): string {
  const first = readFileSync(join(PACKAGE_ROOT, 'policies/ceremonies/development/elementaire.json'), 'utf8');
  const plan = {
    ...(JSON.parse(first) as object),
    id: 'revoke-el',
    transcriptKey: { token: 'root-elementaire', key: 'ceremony-revoke-el' },
    title: { fr: "Révocation d'une AC (répétition)", en: 'Revocation of a CA (rehearsal)' },
    steps: [
      { do: 'generate-key', token: 'root-elementaire', key: 'ceremony-revoke-el', keyType: 'p-256' },
      { do: 'read-key', token: 'root-elementaire', key: 'acr-el' },
      {
        do: 'revoke-issuing-authority',
        authority: 'aci-el-pp',
        issuer: 'acr-el',
        reason: 'keyCompromise',
        output: RECORD,
      },
      {
        do: 'sign-crl',
        issuer: 'acr-el',
        token: 'root-elementaire',
        number: 2,
        previous: { number: 1, sha256: '*' },
        nextUpdate: { years: 1 },
        output: LIST,
      },
    ],
    outputs: [RECORD, LIST],
  };
  const file = join(folder, 'revoke-el.json');
  writeFileSync(file, JSON.stringify(plan));
  return file;
}
