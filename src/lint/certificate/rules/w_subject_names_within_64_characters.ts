/**
 * X.400 systems store 64 characters of a name (ub-common-name-length), so that some readers
 * truncate longer given names and surnames.
 */
import { OID } from '../../../asn1/oids.js';
import { characters, firstFault } from '../../reading/names.js';
import type { AnySubject, Rule } from '../../rule.js';

const CHARACTERS_MAX = 64;

export const w_subject_names_within_64_characters: Rule<AnySubject> = {
  name: 'w_subject_names_within_64_characters',
  citation: 'ITU-T X.411 annex B; RFC 5280 appendix A.1',
  effective: '2008-05-01',
  check: ({ certificate }) =>
    firstFault(certificate.tbs.subject, ({ type, value }) =>
      (type === OID.givenName || type === OID.surname) && characters(value) > CHARACTERS_MAX
        ? `${characters(value)} characters, at most ${CHARACTERS_MAX}`
        : null,
    ),
};
