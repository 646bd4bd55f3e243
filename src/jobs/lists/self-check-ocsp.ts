/** Checks an OCSP response as a relying party would, and compares it with the database. */
import type { Bytes } from '../../kernel/bytes.js';
import { formatInstant, type Instant } from '../../kernel/clock.js';
import { MINUTE_MS } from '../../kernel/duration.js';
import { checkOcspResponseData } from '../../lint/ocsp/lint.js';
import { decideStatus } from '../../ocsp/decide.js';
import { readOcspResponse } from '../../ocsp/read.js';
import { readDelegatedResponder } from '../../ocsp/responder.js';
import type { StoredState } from '../../ports/store/statuses.js';
import { verifySignature } from '../../x509/keys/algorithms.js';
import type { Issuer } from '../../x509/model.js';

export type CheckedCertificate = {
  readonly serial: string;
  readonly state: StoredState;
  readonly notAfter: Instant;
  /**
   * Time of the last change of its status; null: it never changed. After a release, `state` has no
   * such time.
   */
  readonly changedAt: Instant | null;
};

/** Caches may have the previous response for their max-age of five minutes. */
const LATE_MS_MAX = 10 * MINUTE_MS;

type Expectation = { readonly issuer: Issuer; readonly certificate: CheckedCertificate; readonly now: Instant };

/** null: nothing is wrong. */
export function checkResponse(der: Bytes, { issuer, certificate, now }: Expectation): string | null {
  const read = readOcspResponse(der);
  if (!read.ok) return `no OCSP response: ${read.error.rule}`;
  // The signer is down, which the readiness of the service reports too.
  if (read.value.status === 3) return 'tryLater';
  if (read.value.basic === null) return `the error status ${read.value.status}`;
  const { responseData, signature, certificates } = read.value.basic;
  const [signerCertificate] = certificates;
  const responder = signerCertificate === undefined ? null : readDelegatedResponder(issuer, signerCertificate);
  if (!responder?.ok) return `its signer: ${responder?.error.rule ?? 'no certificate'}`;
  const { spki, signatureAlgorithm: algorithm, notBefore, notAfter } = responder.value;
  if (!verifySignature({ spki, algorithm, data: responseData, signature })) return 'its signature does not verify';
  if (now < notBefore || now > notAfter) return `the certificate of its signer ended at ${formatInstant(notAfter)}`;
  const lint = { issuer, responder: responder.value, lifeMsMax: Number.MAX_SAFE_INTEGER };
  const summary = checkOcspResponseData(lint, responseData);
  if (!summary.ok) return summary.error.findings.map(({ rule, detail }) => `${rule}: ${detail}`).join('; ');
  return faultIn(summary.value.responses, certificate, now);
}

type SingleResponses = readonly { readonly serial: string; readonly status: string; readonly nextUpdate: Instant }[];

function faultIn(responses: SingleResponses, certificate: CheckedCertificate, now: Instant): string | null {
  const [only, ...others] = responses;
  if (only === undefined || others.length > 0) return `${responses.length} responses to one question`;
  if (only.serial !== certificate.serial.replace(/^(00)+(?=..)/, ''))
    return `about ${only.serial}, not ${certificate.serial}`;
  if (only.nextUpdate <= now) return `it ended at ${formatInstant(only.nextUpdate)}`;
  const { state } = certificate;
  const expected = decideStatus({ state, notAfter: certificate.notAfter, signed: true }, 'unknown');
  if (expected.kind === 'try-later' || only.status === expected.kind) return null;
  const mayBeLate = certificate.changedAt !== null && now - certificate.changedAt < LATE_MS_MAX;
  return mayBeLate && only.status !== 'unknown' ? null : `it says ${only.status}, the database says ${expected.kind}`;
}
