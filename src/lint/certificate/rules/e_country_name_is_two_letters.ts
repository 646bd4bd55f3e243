/** `X520countryName ::= PrintableString (SIZE (2))`, with a code of ISO 3166-1 in upper case. */
import { OID } from '../../../asn1/oids.js';
import { firstFault } from '../../reading/names.js';
import type { AnySubject, Rule } from '../../rule.js';

export const e_country_name_is_two_letters: Rule<AnySubject> = {
  name: 'e_country_name_is_two_letters',
  citation: 'RFC 5280 appendix A.1; X.520 6.3.1',
  effective: '2008-05-01',
  check: ({ certificate }) =>
    firstFault(certificate.tbs.subject, ({ type, form, value }) => {
      if (type !== OID.countryName) return null;
      if (form !== 'printableString') return form;
      return /^[A-Z]{2}$/.test(value) ? null : JSON.stringify(value);
    }),
};
