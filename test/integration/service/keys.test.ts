/** Every type of key that a holder may have, through the service: from the certification request to a certificate that OpenSSL takes. */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { describeOnEach } from '../../support/db-fixture.js';
import { assertProblem, type Client, type Issued } from '../../support/service-client.js';
import { type CsrKeyType, makeCsr, makeKey } from '../../support/service-csr.js';
import { createRelyingParty, type RelyingParty, writeIssued } from '../../support/service-files.js';
import { openssl } from '../../support/service-judges.js';
import { bodyOf, type ProfileId } from '../../support/service-orders.js';
import { type SharedService, sharedService } from '../../support/service-shared.js';

/** What a certificate of each is like: which profile, and what OpenSSL calls the key and its usage. */
const TYPES: readonly (readonly [CsrKeyType, ProfileId, RegExp, string])[] = [
  ['p-521', 'elementaire/org-auth-cli', /NIST CURVE: P-521/, 'Digital Signature'],
  ['p-521', 'elementaire/serv-ssl', /NIST CURVE: P-521/, 'Digital Signature'],
  ['ed25519', 'elementaire/org-auth-cli', /ED25519 Public-Key/, 'Digital Signature'],
  ['ed25519', 'elementaire/org-sign', /ED25519 Public-Key/, 'Digital Signature, Non Repudiation'],
  ['brainpool-p256r1', 'fort/cps-authentication', /ASN1 OID: brainpoolP256r1/, 'Digital Signature'],
  ['brainpool-p384r1', 'fort/cps-signature', /ASN1 OID: brainpoolP384r1/, 'Non Repudiation'],
];

describeOnEach('the key of a holder', ({ kind }) => {
  let shared: SharedService;
  let cards: Client;
  let party: RelyingParty;

  before(async function start() {
    this.timeout(120_000);
    shared = await sharedService('p-256', kind);
    cards = shared.as('card-management');
    party = createRelyingParty(shared.service.urls.publication);
    await party.fetchAll();
  });

  after(() => party.remove());

  for (const [type, profile, named, usage] of TYPES) {
    it(`of ${type} is certified under ${profile}, and OpenSSL takes the certificate`, async () => {
      const key = makeKey(type);
      const issued = await cards.expect<Issued>('POST', '/v1/certificates', { body: bodyOf(profile, makeCsr(key)) });
      assert.ok(new X509Certificate(issued.certificate).publicKey.equals(key.publicKey));
      writeIssued(party, issued);
      const file = party.path(`${issued.id}.pem`);
      const { status, output } = await party.verify(file, issued.ca);
      assert.equal(status, 0, output);
      const text = await openssl('x509', '-in', file, '-noout', '-text');
      assert.match(text.output, named);
      assert.ok(text.output.includes(`X509v3 Key Usage: critical\n                ${usage}\n`), text.output);
    });
  }

  for (const [type, profile] of [
    ['p-521', 'fort/cps-signature'],
    ['ed25519', 'elementaire/serv-ssl'],
    ['brainpool-p256r1', 'elementaire/org-sign'],
  ] as const) {
    it(`of ${type} is refused under ${profile}, which does not list it`, async () => {
      const answer = await cards.call('POST', '/v1/certificates', { body: bodyOf(profile, makeCsr(makeKey(type))) });
      assertProblem(answer, { status: 422, code: 'key-rejected', pointer: '/csr', rule: 'key-type-allowed' });
    });
  }
});
