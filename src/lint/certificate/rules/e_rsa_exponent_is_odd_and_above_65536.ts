/** The public exponent is greater than 2^16 and odd. */
import type { Bytes } from '../../../kernel/bytes.js';
import type { AnySubject, Rule } from '../../rule.js';

export const e_rsa_exponent_is_odd_and_above_65536: Rule<AnySubject> = {
  name: 'e_rsa_exponent_is_odd_and_above_65536',
  citation: 'RFC 8017 3.1; ANSSI PG-083 (RSA public exponents)',
  effective: '2010-01-26',
  check: ({ key }) => {
    const found = key();
    return found.kind === 'rsa' ? exponentFault(found.exponent) : null;
  },
};

/** `content` must be the content octets of an INTEGER in the fewest octets. */
function exponentFault(content: Bytes): string | null {
  const [first = 0] = content;
  if (first >= 0x80) return 'negative';
  if (((content[content.length - 1] ?? 0) & 1) === 0) return 'even';
  const magnitude = content.subarray(first === 0 ? 1 : 0);
  return magnitude.length >= 3 ? null : 'not above 65536';
}
