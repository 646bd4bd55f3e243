/** `X520countryName ::= PrintableString (SIZE (2))` applies to the issuer's name too. */
import { OID } from '../../../asn1/oids.js';
import { firstFault } from '../../reading/names.js';
import type { AnySubject, Rule } from '../../rule.js';

export const e_issuer_country_name_is_printable: Rule<AnySubject> = {
  name: 'e_issuer_country_name_is_printable',
  citation: 'RFC 5280 appendix A.1',
  effective: '2008-05-01',
  check: ({ certificate }) =>
    firstFault(certificate.tbs.issuer, ({ type, form, value }) => {
      if (type !== OID.countryName) return null;
      return form === 'printableString' && value.length === 2 ? null : `${form} ${JSON.stringify(value)}`;
    }),
};
