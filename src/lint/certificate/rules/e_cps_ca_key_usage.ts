/**
 * The usage is keyCertSign and cRLSign alone: a CA key signs no OCSP responses and has no
 * other use.
 */
import type { AuthoritySubject, Rule } from '../../rule.js';
import { describeBits, KEY_USAGE_BITS } from '../expected.js';

const { keyCertSign, cRLSign } = KEY_USAGE_BITS;

export const e_cps_ca_key_usage: Rule<AuthoritySubject> = {
  name: 'e_cps_ca_key_usage',
  citation: 'profiles of the sector: authorities; RFC 5280 4.2.1.3',
  effective: '2026-01-01',
  check: ({ extensions }) => {
    const found = extensions.get('keyUsage');
    if (found === null) return null;
    const [first, second, third] = found;
    return first === keyCertSign && second === cRLSign && third === undefined ? null : describeBits(found);
  },
};
