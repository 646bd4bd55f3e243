import { assert } from '../../src/kernel/assert.js';

/** CK_TOKEN_INFO (PKCS#11 v2.40, 3.2). */
const LABEL_OCTETS_MAX = 32;

/**
 * Label of a token: `pfcng-development-ca-fort`. The environment's mark is part of it, so that no token is taken for one of
 * another environment. A name that leaves no room for the platform's own goes without: `development-ocsp-elementaire`.
 */
export function tokenLabel(mark: string, token: string): string {
  const full = `pfcng-${mark}-${token}`;
  const label = full.length <= LABEL_OCTETS_MAX ? full : `${mark}-${token}`;
  assert(label.length <= LABEL_OCTETS_MAX, `a token label of more than ${LABEL_OCTETS_MAX} octets: ${label}`);
  return label;
}
