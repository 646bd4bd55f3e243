/**
 * The bounds are ub-common-name 64, ub-organization-name 64, ub-organizational-unit-name 64,
 * ub-state-name 128, ub-locality-name 128, ub-title 64, ub-serial-number 64, ub-emailaddress-length
 * 255, ub-pseudonym 128, ub-name 32768; in X.520 ub-street-address 128 and ub-postal-code 40. In a
 * certificate for a natural person the common name may be longer (EN 319 412-2 4.2.4).
 */
import { OID } from '../../../asn1/oids.js';
import { characters, firstFault, namesAPerson } from '../../reading/names.js';
import type { AnySubject, Rule } from '../../rule.js';

const BOUNDS: Readonly<Record<string, number>> = {
  [OID.commonName]: 64,
  [OID.organizationName]: 64,
  [OID.organizationalUnitName]: 64,
  [OID.stateOrProvinceName]: 128,
  [OID.title]: 64,
  [OID.serialNumber]: 64,
  [OID.localityName]: 128,
  [OID.streetAddress]: 128,
  [OID.postalCode]: 40,
  [OID.emailAddress]: 255,
  [OID.pseudonym]: 128,
  [OID.givenName]: 32_768,
  [OID.surname]: 32_768,
};

export const e_subject_within_upper_bounds: Rule<AnySubject> = {
  name: 'e_subject_within_upper_bounds',
  citation: 'RFC 5280 appendix A.1; EN 319 412-2 4.2.4',
  effective: '2008-05-01',
  check: ({ certificate }) => {
    const { subject } = certificate.tbs;
    const isPerson = namesAPerson(subject);
    return firstFault(subject, ({ type, value }) => {
      const bound = type === OID.commonName && isPerson ? undefined : BOUNDS[type];
      return bound === undefined || characters(value) <= bound
        ? null
        : `${characters(value)} characters, at most ${bound}`;
    });
  },
};
