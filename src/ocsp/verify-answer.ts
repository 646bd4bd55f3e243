/** Verifies an OCSP response about one certificate as a relying party does (RFC 6960 3.2). */
import type { Bytes } from '../kernel/bytes.js';
import { formatInstant, type Instant } from '../kernel/clock.js';
import { MINUTE_MS } from '../kernel/duration.js';
import { err, ok, type Result } from '../kernel/result.js';
import { checkOcspResponseData } from '../lint/ocsp/lint.js';
import { verifySignature } from '../x509/keys/algorithms.js';
import type { Issuer } from '../x509/model.js';
import { readOcspResponse } from './read.js';
import { readDelegatedResponder } from './responder.js';

/** Up to this difference, a response of the future is accepted: the clocks of machines differ. */
const CLOCKS_DIFFER_MS_MAX = MINUTE_MS;

/**
 * Says for which certificate the status was requested, and when the response was received (`now`).
 */
type VerificationInput = { readonly issuer: Issuer; readonly serial: string; readonly now: Instant };

export type VerifiedAnswer = {
  readonly status: 'good' | 'revoked' | 'unknown';
  /** null: the certificate is not revoked. */
  readonly revokedAt: Instant | null;
  /** The CRLReason number (RFC 5280 5.3.1); null: absent. */
  readonly reason: number | null;
  readonly producedAt: Instant;
  readonly thisUpdate: Instant;
  readonly nextUpdate: Instant;
};

/**
 * Returns what the response says. The error describes the fault in a few English words, for logs
 * and operators.
 */
export function verifyOcspResponse(
  der: Bytes,
  { issuer, serial, now }: VerificationInput,
): Result<VerifiedAnswer, string> {
  const read = readOcspResponse(der);
  if (!read.ok) return err(`no OCSP response: ${read.error.rule}`);
  // The responder cannot answer now, mostly because a signer or the database is down, which the
  // readiness of the service reports too.
  if (read.value.status === 3) return err('tryLater');
  if (read.value.basic === null) return err(`the error status ${read.value.status}`);
  const { responseData, signature, certificates } = read.value.basic;
  const [signerCertificate] = certificates;
  const responder = signerCertificate === undefined ? null : readDelegatedResponder(issuer, signerCertificate);
  if (!responder?.ok) return err(`its signer: ${responder?.error.rule ?? 'no certificate'}`);
  const { spki, signatureAlgorithm: algorithm, notBefore, notAfter } = responder.value;
  if (!verifySignature({ spki, algorithm, data: responseData, signature })) return err('its signature does not verify');
  if (now < notBefore) return err(`the certificate of its signer begins at ${formatInstant(notBefore)}`);
  if (now > notAfter) return err(`the certificate of its signer ended at ${formatInstant(notAfter)}`);
  const lint = { issuer, responder: responder.value, lifeMsMax: Number.MAX_SAFE_INTEGER };
  const summary = checkOcspResponseData(lint, responseData);
  if (!summary.ok) return err(summary.error.findings.map(({ rule, detail }) => `${rule}: ${detail}`).join('; '));
  const { producedAt, responses } = summary.value;
  const [only, ...others] = responses;
  if (only === undefined || others.length > 0) return err(`${responses.length} responses to one question`);
  if (only.serial !== serial.replace(/^(00)+(?=..)/, '')) return err(`about ${only.serial}, not ${serial}`);
  if (only.thisUpdate > now + CLOCKS_DIFFER_MS_MAX) return err(`it begins at ${formatInstant(only.thisUpdate)}`);
  if (only.nextUpdate <= now) return err(`it ended at ${formatInstant(only.nextUpdate)}`);
  const { status, revokedAt, reason, thisUpdate, nextUpdate } = only;
  return ok({ status, revokedAt, reason, producedAt, thisUpdate, nextUpdate });
}
