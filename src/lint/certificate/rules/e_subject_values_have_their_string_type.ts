/**
 * serialNumber and dnQualifier are PrintableStrings, domainComponent and emailAddress IA5Strings,
 * and a DirectoryString is never an IA5String.
 */
import { OID } from '../../../asn1/oids.js';
import { firstFault } from '../../reading/names.js';
import type { AnySubject, Rule } from '../../rule.js';

const FORMS: Readonly<Record<string, string>> = {
  [OID.serialNumber]: 'printableString',
  [OID.dnQualifier]: 'printableString',
  [OID.domainComponent]: 'ia5String',
  [OID.emailAddress]: 'ia5String',
};

export const e_subject_values_have_their_string_type: Rule<AnySubject> = {
  name: 'e_subject_values_have_their_string_type',
  citation: 'RFC 5280 appendix A.1; RFC 4519 2.4',
  effective: '2008-05-01',
  check: ({ certificate }) =>
    firstFault(certificate.tbs.subject, ({ type, form }) => {
      // Another rule checks countryName.
      const expected = type === OID.countryName ? form : (FORMS[type] ?? (form === 'ia5String' ? 'utf8String' : form));
      return form === expected ? null : `${form} instead of ${expected}`;
    }),
};
