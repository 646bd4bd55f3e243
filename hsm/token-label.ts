import { assert } from '../src/kernel/assert.js';

/** Length of the label in CK_TOKEN_INFO (PKCS#11 v2.40, 3.2). */
const LABEL_BYTES_MAX = 32;

/**
 * Returns the label of a token, for example `pfcng-development-ca-fort`. It contains the mark of
 * the environment, so that a token is never used in another environment. If the label would be too
 * long, the prefix `pfcng` is left out: `development-ocsp-elementaire`.
 */
export function tokenLabel(mark: string, token: string): string {
  const full = `pfcng-${mark}-${token}`;
  const label = full.length <= LABEL_BYTES_MAX ? full : `${mark}-${token}`;
  assert(label.length <= LABEL_BYTES_MAX, `a token label of more than ${LABEL_BYTES_MAX} bytes: ${label}`);
  return label;
}
