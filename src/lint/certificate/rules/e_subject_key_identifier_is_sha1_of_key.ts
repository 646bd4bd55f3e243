/**
 * Method 1: "the 160-bit SHA-1 hash of the value of the BIT STRING subjectPublicKey (excluding the
 * tag, length, and number of unused bits)."
 */
import { hash } from 'node:crypto';
import { equalBytes, toHex } from '../../../kernel/bytes.js';
import type { AnySubject, Rule } from '../../rule.js';

export const e_subject_key_identifier_is_sha1_of_key: Rule<AnySubject> = {
  name: 'e_subject_key_identifier_is_sha1_of_key',
  citation: 'RFC 5280 4.2.1.2 method 1',
  effective: '2008-05-01',
  check: ({ extensions, key }) => {
    const found = extensions.get('subjectKeyIdentifier');
    const subjectKey = key();
    if (found === null || subjectKey.kind === 'unreadable') return null;
    const expected = hash('sha1', subjectKey.keyBits, 'buffer');
    return equalBytes(found, expected) ? null : `${toHex(found)} instead of ${toHex(expected)}`;
  },
};
