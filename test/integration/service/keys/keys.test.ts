/**
 * Every type of key that a holder may have, through the service: from the certification request to
 * a certificate that OpenSSL takes.
 */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import type { AuditEntry } from '../../../support/db/stored-audit.js';
import { auditOf } from '../../../support/service/audit-of.js';
import { assertProblem, type IssuedCertificate } from '../../../support/service/client.js';
import { type CsrKeyType, makeCsr, makeKey } from '../../../support/service/csr.js';
import { describeService } from '../../../support/service/describe-service.js';
import { writeIssued } from '../../../support/service/files.js';
import { openssl } from '../../../support/service/judges.js';
import { bodyOf, cardBody, nextNumber, type ProfileId, tokenId } from '../../../support/service/orders.js';

/**
 * What a certificate of each is like: which profile, and what OpenSSL calls the key and its usage.
 */
const TYPES: readonly (readonly [CsrKeyType, ProfileId, RegExp, string])[] = [
  ['p-521', 'elementaire/org-auth-cli', /NIST CURVE: P-521/, 'Digital Signature'],
  ['p-521', 'elementaire/serv-ssl', /NIST CURVE: P-521/, 'Digital Signature'],
  ['ed25519', 'elementaire/org-auth-cli', /ED25519 Public-Key/, 'Digital Signature'],
  ['ed25519', 'elementaire/org-sign', /ED25519 Public-Key/, 'Digital Signature, Non Repudiation'],
  ['brainpool-p256r1', 'fort/cps-authentication', /ASN1 OID: brainpoolP256r1/, 'Digital Signature'],
  ['brainpool-p384r1', 'fort/cps-signature', /ASN1 OID: brainpoolP384r1/, 'Non Repudiation'],
];

/** A card request whose keys have these origins. */
function cardOf(...origins: readonly string[]): { readonly path: string; readonly body: object } {
  const number = nextNumber();
  const requests = (['fort/cps-authentication', 'fort/cps-signature'] as const).map((profile, at) => {
    return { profile, csr: makeCsr(makeKey()), keyOrigin: origins[at] };
  });
  const path = `/v1/cards/${encodeURIComponent(tokenId(number))}/certificates`;
  return { path, body: { ...cardBody(number), requests } };
}

describeService('the key of a holder', { on: 'each', party: true }, (running) => {
  for (const [type, profile, named, usage] of TYPES) {
    it(`of ${type} is certified under ${profile}, and OpenSSL accepts the certificate`, async () => {
      const key = makeKey(type);
      const issued = await running.cards.expect<IssuedCertificate>('POST', '/v1/certificates', {
        body: bodyOf(profile, makeCsr(key)),
      });
      assert.ok(new X509Certificate(issued.certificate).publicKey.equals(key.publicKey));
      writeIssued(running.party, issued);
      const file = running.party.path(`${issued.id}.pem`);
      const { status, output } = await running.party.verify(file, issued.ca);
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
    it(`of ${type} is rejected under ${profile}, which does not list it`, async () => {
      const answer = await running.cards.call('POST', '/v1/certificates', {
        body: bodyOf(profile, makeCsr(makeKey(type))),
      });
      assertProblem(answer, { status: 422, code: 'key-rejected', pointer: '/csr', rule: 'key-type-allowed' });
    });
  }

  describe('and where it was made', () => {
    type Details = { readonly id?: string; readonly keyOrigin?: string | null };
    const FORT: ProfileId = 'fort/cps-signature';

    async function intentOf(id: string): Promise<AuditEntry<Details> | undefined> {
      const entries = await auditOf<Details>(running.shared.as('auditor'));
      return entries.find(({ type, details }) => type === 'certificate.intent' && details.id === id);
    }

    for (const keyOrigin of ['card', null] as const) {
      it(`is recorded as ${keyOrigin ?? 'not stated'}, with the certificate and in the audit log`, async () => {
        const body = { ...bodyOf(FORT), ...(keyOrigin === null ? {} : { keyOrigin }) };
        const { id } = await running.cards.expect<IssuedCertificate>('POST', '/v1/certificates', { body });
        const shown = await running.cards.expect<{ readonly keyOrigin: string | null }>(
          'GET',
          `/v1/certificates/${id}`,
        );
        assert.equal(shown.keyOrigin, keyOrigin);
        assert.equal((await intentOf(id))?.details.keyOrigin, keyOrigin);
      });
    }

    it('is shown for each certificate of a card', async () => {
      type CardResult = { readonly certificates: readonly { readonly keyOrigin: string }[] };
      const { path, body } = cardOf('card', 'card');
      const { certificates } = await running.cards.expect<CardResult>('POST', path, { body });
      assert.deepEqual(
        certificates.map(({ keyOrigin }) => keyOrigin),
        ['card', 'card'],
      );
      const wrong = cardOf('card', 'software');
      const answer = await running.cards.call('POST', wrong.path, { body: wrong.body });
      const place = { pointer: '/requests/1/keyOrigin', rule: 'key-origin' };
      assertProblem(answer, { status: 422, code: 'policy-violated', ...place });
    });

    it('is rejected by FORT if it is software, and by every profile if it is unknown', async () => {
      const software = await running.cards.call('POST', '/v1/certificates', {
        body: { ...bodyOf(FORT), keyOrigin: 'software' },
      });
      assertProblem(software, { status: 422, code: 'policy-violated', pointer: '/keyOrigin', rule: 'key-origin' });
      const nowhere = await running.cards.call('POST', '/v1/certificates', {
        body: { ...bodyOf(FORT), keyOrigin: 'moon' },
      });
      assertProblem(nowhere, { status: 400, code: 'invalid-request', pointer: '/keyOrigin' });
    });
  });
});
