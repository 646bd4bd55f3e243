import { OID } from '../../../src/asn1/oids.js';
import type { LintContext } from '../../../src/lint/certificate/lint.js';
import type { Profile, SubjectAttribute } from '../../../src/policy/model.js';
import {
  BEGINS,
  type CertificateFault,
  ecKey,
  PRINTABLE,
  rsaKey,
  UTF8,
  withKey,
  withRdns,
  withTimes,
  withValue,
} from '../../support/lint/fixtures.js';
import { modulusOfBits } from '../../support/lint/rsa-numbers.js';
import { LOGON, ORGANISATION, RESPONDER, SIGNATURE, STAFF } from './subjects.js';

/** Changes some members of the context's profile, as a wrong policy would. */
function profiled(change: Partial<Profile>): (context: LintContext) => LintContext {
  return (context) => ({ ...context, profile: { ...context.profile, ...change } });
}

export const HOLDER_FAULTS: readonly CertificateFault[] = [
  {
    rule: 'e_cps_profile_is_of_issuer',
    fault: 'another authority of the hierarchy',
    of: SIGNATURE,
    context: (context) => ({ ...context, issuer: { ...context.issuer, authority: 'aci-fo-org' } }),
  },
  {
    rule: 'e_cps_profile_is_of_issuer',
    fault: 'an authority of another hierarchy',
    of: SIGNATURE,
    context: (context) => ({ ...context, issuer: { ...context.issuer, hierarchy: 'standard' } }),
  },
  {
    rule: 'e_cps_validity_within_profile',
    fault: 'a second too long',
    of: LOGON,
    edit: (parts) => withTimes(BEGINS, parts.ends + 1_000)(parts),
  },
  {
    rule: 'e_cps_validity_begins_near_now',
    fault: 'two days ago',
    of: SIGNATURE,
    context: (context) => ({ ...context, now: BEGINS + 2 * 86_400_000 }),
  },
  {
    rule: 'e_cps_validity_begins_near_now',
    fault: 'in a year',
    of: SIGNATURE,
    context: (context) => ({ ...context, now: BEGINS - 365 * 86_400_000 }),
  },
  {
    rule: 'e_cps_subject_has_shape_of_profile',
    fault: 'title before country',
    of: SIGNATURE,
    edit: withRdns(([country = [], title = [], ...rest]) => [title, country, ...rest]),
  },
  {
    rule: 'e_cps_subject_has_shape_of_profile',
    fault: 'names in RDNs of their own',
    of: SIGNATURE,
    edit: withRdns((rdns) => rdns.flatMap((rdn) => rdn.map((attribute) => [attribute]))),
  },
  {
    rule: 'e_cps_subject_has_shape_of_profile',
    fault: 'an attribute too many',
    of: SIGNATURE,
    edit: withRdns((rdns) => [...rdns, [{ type: OID.organizationName, tag: UTF8, value: 'ANS' }]]),
  },
  {
    rule: 'e_cps_subject_has_string_forms_of_profile',
    fault: 'a title in a PrintableString',
    of: SIGNATURE,
    edit: withValue('title', 'Infirmier', PRINTABLE),
  },
  {
    rule: 'e_cps_subject_has_fixed_values_of_profile',
    fault: 'another country',
    of: SIGNATURE,
    edit: withValue('countryName', 'BE'),
  },
  {
    rule: 'e_cps_subject_within_lengths_of_profile',
    fault: 'the name of an organisation of 41 characters',
    of: ORGANISATION,
    edit: withValue('organizationName', "AGENCE DES SYSTEMES D'INFORMATION PARTAGE"),
  },
  {
    rule: 'e_natural_person_has_names_or_pseudonym',
    fault: 'a pseudonym and names, in a profile that has both',
    of: SIGNATURE,
    edit: withRdns((rdns) => [...rdns, [{ type: OID.pseudonym, tag: UTF8, value: 'EMPLOYE1' }]]),
    context: (context) => profiled({ subject: [...context.profile.subject, [PSEUDONYM]] })(context),
  },
  {
    rule: 'e_natural_person_has_names_or_pseudonym',
    fault: 'neither, in a profile that has neither',
    of: SIGNATURE,
    edit: withRdns((rdns) => rdns.map((rdn) => rdn.filter(({ type }) => !NAMES.includes(type)))),
    context: (context) =>
      profiled({
        subject: context.profile.subject.map((rdn) => rdn.filter(({ type }) => !NAMES.includes(OID[type]))),
      })(context),
  },
  {
    rule: 'e_cps_professional_has_national_id',
    fault: 'a type that no professional has',
    of: SIGNATURE,
    edit: withValue('commonName', '910002813839'),
  },
  {
    rule: 'e_cps_professional_has_national_id',
    fault: 'an RPPS number of ten digits',
    of: SIGNATURE,
    edit: withValue('commonName', '81000281383'),
  },
  {
    rule: 'e_cps_professional_has_national_id',
    fault: 'a test number in production',
    of: SIGNATURE,
    edit: withValue('commonName', '00B6087510'),
    context: (context) => ({ ...context, environment: { ...context.environment, mark: 'production' } }),
  },
  {
    rule: 'e_cps_rpps_check_digit',
    fault: 'a wrong key',
    of: SIGNATURE,
    edit: withValue('commonName', '810002813838'),
  },
  {
    rule: 'e_cps_staff_has_local_id',
    fault: 'nothing local',
    of: STAFF,
    edit: withValue('commonName', '30B0057881'),
  },
  {
    rule: 'e_cps_staff_has_local_id',
    fault: 'a national number',
    of: STAFF,
    edit: withValue('commonName', '810002813839'),
  },
  {
    rule: 'e_cps_staff_id_pairs_with_structure',
    fault: 'another structure',
    of: STAFF,
    edit: withValue('organizationalUnitName', '1760021832'),
  },
  {
    rule: 'e_cps_staff_id_pairs_with_structure',
    fault: 'the type of the person where that of the structure belongs',
    of: STAFF,
    edit: withValue('commonName', '10B0057881/CPET0002'),
  },
  {
    rule: 'e_cps_structure_has_national_id',
    fault: 'a deprecated type',
    of: ORGANISATION,
    edit: withValue('organizationalUnitName', '5760021832'),
  },
  {
    rule: 'e_cps_structure_has_national_id',
    fault: 'a SIRET of nine digits',
    of: ORGANISATION,
    edit: withValue('organizationalUnitName', '3760021832'),
  },
  {
    rule: 'e_cps_structure_check_digit',
    fault: 'a wrong key',
    of: ORGANISATION,
    edit: withValue('organizationalUnitName', '1760021831'),
  },
  {
    rule: 'e_cps_state_is_a_department',
    fault: 'a department without its number',
    of: ORGANISATION,
    edit: withValue('stateOrProvinceName', 'Paris'),
  },
  {
    rule: 'e_cps_responder_is_of_environment',
    fault: 'a name without the mark of tests',
    of: RESPONDER,
    edit: withValue('commonName', 'OCSP AC IGC-SANTE FORT PERSONNES'),
  },
  {
    rule: 'e_cps_responder_is_of_environment',
    fault: 'the organizational unit of production',
    of: RESPONDER,
    edit: withRdns((rdns) =>
      rdns.map((rdn) => rdn.map((one) => (one.value === 'IGC-SANTE TEST' ? { ...one, value: 'IGC-SANTE' } : one))),
    ),
  },
  {
    rule: 'e_cps_key_type_is_allowed',
    fault: 'RSA of 2056 bits',
    of: SIGNATURE,
    edit: (parts) => {
      const { spki, keyBits } = rsaKey(oddLength(), Uint8Array.of(1, 0, 1));
      return withKey(spki, keyBits)(parts);
    },
  },
  {
    rule: 'e_cps_key_type_is_allowed',
    fault: 'a curve that no profile has',
    of: SIGNATURE,
    edit: (parts) => {
      const { spki, keyBits } = ecKey('1.3.132.0.10', new Uint8Array(65).fill(4));
      return withKey(spki, keyBits)(parts);
    },
  },
  {
    rule: 'e_cps_key_type_is_allowed',
    fault: 'an exception that has expired',
    of: SIGNATURE,
    keyType: 'rsa-2048',
    context: (context) => ({
      ...context,
      environment: {
        ...context.environment,
        keyExceptions: context.environment.keyExceptions.map((one) => ({ ...one, expires: '2026-01-31T23:59:59Z' })),
      },
    }),
  },
];

const NAMES: readonly string[] = [OID.givenName, OID.surname];

const PSEUDONYM: SubjectAttribute = {
  type: 'pseudonym',
  form: 'utf8String',
  value: { from: '/holder/pseudonym' },
  charactersMax: 64,
};

/** A modulus one octet longer than the holder's. */
function oddLength(): Uint8Array {
  return modulusOfBits(2_056);
}
