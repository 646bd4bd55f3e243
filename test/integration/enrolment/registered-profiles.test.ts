/**
 * Registrations of every kind of holder, used by REST, by CMP with a MAC and, where their profile
 * is open to it, by EST. Without this test the way of a request could change what is certified.
 */
import assert from 'node:assert/strict';
import { OID } from '../../../src/asn1/oids.js';
import { labelOf } from '../../../src/est/request.js';
import { present } from '../../../src/kernel/assert.js';
import { type Bytes, toHex } from '../../../src/kernel/bytes.js';
import { readCertificate } from '../../../src/x509/certificate/certificate-reader.js';
import { formatName } from '../../../src/x509/certificate/name-reader.js';
import { createCmpClient, IMPLICIT_CONFIRM, outcomeOf } from '../../support/cmp/client.js';
import { postCmp } from '../../support/cmp/post.js';
import type { NewRegistration } from '../../support/enrolment/registration-routes.js';
import { certificateIn, est } from '../../support/est/est.js';
import { requestBody, requestDer } from '../../support/est/request.js';
import type { IssuedCertificate } from '../../support/service/client.js';
import { type HolderKey, makeCsr, makeKey } from '../../support/service/csr.js';
import { describeService } from '../../support/service/describe-service.js';
import { orderOf, PROFILES, type ProfileId } from '../../support/service/orders.js';
import { derOf } from '../../support/service/own-certificates.js';

const OPEN_TO_EST: ReadonlySet<ProfileId> = new Set(PROFILES.filter((id) => /^elementaire\/(org|serv)-/.test(id)));
/** What differs with key and time. */
const OF_THE_ISSUE: ReadonlySet<string> = new Set([OID.subjectKeyIdentifier, OID.privateKeyUsagePeriod]);

/** Everything that a certificate says, but for its key, its serial number and its times. */
function contentOf(certificate: Bytes) {
  const read = readCertificate(certificate);
  assert.ok(read.ok);
  const { issuerDer, subject, subjectDer, extensions, notBefore, notAfter } = read.value.tbs;
  return {
    issuer: toHex(issuerDer),
    subject: [formatName(subject), toHex(subjectDer)],
    days: Math.round((notAfter.at - notBefore.at) / 86_400_000),
    extensions: extensions
      .filter(({ oid }) => !OF_THE_ISSUE.has(oid))
      .map(({ oid, critical, value }) => [oid, critical, toHex(value)]),
  };
}

describeService('a registration', { on: 'sqlite' }, (running) => {
  for (const profile of PROFILES)
    it(`for ${profile} gives the certificate that REST gives for the same holder`, async () => {
      const key = (): HolderKey => makeKey(profile === 'elementaire/org-conf' ? 'rsa-3072' : 'p-256');
      const { profile: _, ...order } = orderOf(profile);
      const register = () =>
        running.cards.expect<NewRegistration>('POST', '/v1/registrations', { body: { profiles: [profile], ...order } });
      const plain = await running.cards.expect<IssuedCertificate>('POST', '/v1/certificates', {
        body: { profile, ...order, csr: makeCsr(key()) },
      });
      const expected = contentOf(derOf(plain.certificate));
      const { id } = await register();
      const used = await running.cards.expect<IssuedCertificate>('POST', `/v1/registrations/${id}/certificates`, {
        body: { profile, csr: makeCsr(key()) },
      });
      assert.deepEqual(contentOf(derOf(used.certificate)), expected);
      assert.deepEqual([used.holder, used.card], [plain.holder, plain.card]);
      const byCmp = createCmpClient(await register(), {
        now: () => Date.now(),
        send: async (body) => {
          const { status, octets, text } = await postCmp(running.shared.service, {
            path: `/p/${labelOf(profile)}`,
            body,
          });
          assert.equal(status, 200, text);
          return new Uint8Array(octets);
        },
      });
      const request = new Uint8Array(requestDer(key(), { subject: [] }));
      const granted = await byCmp.ask('p10cr', request, { header: { generalInfo: [IMPLICIT_CONFIRM] } });
      const { certificate, text } = outcomeOf(granted);
      assert.deepEqual(contentOf(present(certificate, text.join(' ')).der), expected);
      const { reference, secret } = await register();
      const answer = await est(running.shared.service, {
        operation: `${labelOf(profile)}/simpleenroll`,
        body: requestBody(key(), { subject: [] }),
        basic: `${reference}:${secret}`,
      });
      if (OPEN_TO_EST.has(profile)) assert.deepEqual(contentOf(derOf(await certificateIn(answer))), expected);
      else assert.equal(answer.status, 404, answer.text);
    });
});
