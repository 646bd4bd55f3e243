/** Checks an OCSP response as a relying party would, and compares it with the database. */
import type { Bytes } from '../../kernel/bytes.js';
import type { Instant } from '../../kernel/clock.js';
import { MINUTE_MS } from '../../kernel/duration.js';
import { decideStatus } from '../../ocsp/decide.js';
import { verifyOcspResponse } from '../../ocsp/verify-answer.js';
import type { StoredState } from '../../ports/store/statuses.js';
import type { Issuer } from '../../x509/model.js';

export type CheckedCertificate = {
  readonly serial: string;
  readonly state: StoredState;
  readonly notAfter: Instant;
  /**
   * Time of the last change of its status; null: it never changed. `state` does not always have
   * this time: after a release there is none.
   */
  readonly changedAt: Instant | null;
};

/**
 * For this long after a change of status, the previous status is no fault: caches may keep the
 * previous response for their max-age of five minutes.
 */
const LATE_MS_MAX = 10 * MINUTE_MS;

type CheckInput = { readonly issuer: Issuer; readonly certificate: CheckedCertificate; readonly now: Instant };

/** Returns a description of the fault of a response; null: there is none. */
export function checkOcspResponse(der: Bytes, { issuer, certificate, now }: CheckInput): string | null {
  const { serial, state, notAfter, changedAt } = certificate;
  const verified = verifyOcspResponse(der, { issuer, serial, now });
  if (!verified.ok) return verified.error;
  const expected = decideStatus({ state, notAfter, signed: true }, 'unknown');
  const { status } = verified.value;
  if (expected.kind === 'try-later' || status === expected.kind) return null;
  const mayBeLate = changedAt !== null && now - changedAt < LATE_MS_MAX;
  return mayBeLate && status !== 'unknown' ? null : `it says ${status}, the database says ${expected.kind}`;
}
