/**
 * "Conforming implementations generating new certificates with electronic mail addresses MUST use
 * the rfc822Name in the subject alternative name extension to describe such identities": an address
 * in the subject is an alternative name too.
 */
import { OID } from '../../../asn1/oids.js';
import { firstFault } from '../../reading/names.js';
import type { AnySubject, Rule } from '../../rule.js';

export const e_mail_addresses_of_subject_are_alternative_names: Rule<AnySubject> = {
  name: 'e_mail_addresses_of_subject_are_alternative_names',
  citation: 'RFC 5280 4.1.2.6 and 4.2.1.6',
  effective: '2008-05-01',
  check: ({ certificate, extensions }) =>
    firstFault(certificate.tbs.subject, ({ type, value }) => {
      if (type !== OID.emailAddress) return null;
      const names = extensions.get('subjectAltName') ?? [];
      return names.some((name) => name.kind === 'email' && name.value === value) ? null : JSON.stringify(value);
    }),
};
