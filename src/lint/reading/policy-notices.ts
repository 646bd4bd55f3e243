/** The user notices of a certificate's policies. The certificates of this platform have none. */
import type { DecodedExtensions } from './decoded-extensions.js';
import type { UserNotice } from './user-notice.js';

const NONE: readonly UserNotice[] = [];

export function noticesOf(extensions: DecodedExtensions): readonly UserNotice[] {
  const policies = extensions.get('certificatePolicies');
  if (policies === null || !policies.some(({ qualifiers }) => qualifiers.some(({ notice }) => notice !== null)))
    return NONE;
  return policies.flatMap(({ qualifiers }) => qualifiers.flatMap(({ notice }) => notice ?? []));
}
