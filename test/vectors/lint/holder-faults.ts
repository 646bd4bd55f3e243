import { OID } from '../../../src/asn1/oids.js';
import type { LintContext } from '../../../src/lint/certificate/lint.js';
import type { Profile, SubjectAttribute } from '../../../src/policy/model.js';
import { faultsIn } from '../../support/lint/fault-table.js';
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

export const HOLDER_FAULTS = faultsIn<CertificateFault>(SIGNATURE, {
  e_cps_profile_is_of_issuer: {
    'another authority of the hierarchy': {
      context: (context) => ({ ...context, issuer: { ...context.issuer, authority: 'aci-fo-org' } }),
    },
    'an authority of another hierarchy': {
      context: (context) => ({ ...context, issuer: { ...context.issuer, hierarchy: 'standard' } }),
    },
  },
  e_cps_validity_within_profile: {
    'a second too long': { of: LOGON, edit: (parts) => withTimes(BEGINS, parts.ends + 1_000)(parts) },
  },
  e_cps_validity_begins_near_now: {
    'two days ago': { context: (context) => ({ ...context, now: BEGINS + 2 * 86_400_000 }) },
    'in a year': { context: (context) => ({ ...context, now: BEGINS - 365 * 86_400_000 }) },
  },
  e_cps_subject_has_shape_of_profile: {
    'title before country': withRdns(([country = [], title = [], ...rest]) => [title, country, ...rest]),
    'names in RDNs of their own': withRdns((rdns) => rdns.flatMap((rdn) => rdn.map((attribute) => [attribute]))),
    'an attribute too many': withRdns((rdns) => [...rdns, [{ type: OID.organizationName, tag: UTF8, value: 'ANS' }]]),
  },
  e_cps_subject_has_string_forms_of_profile: {
    'a title in a PrintableString': withValue('title', 'Infirmier', PRINTABLE),
  },
  e_cps_subject_has_fixed_values_of_profile: { 'another country': withValue('countryName', 'BE') },
  e_cps_subject_within_lengths_of_profile: {
    'the name of an organisation of 41 characters': {
      of: ORGANISATION,
      edit: withValue('organizationName', "AGENCE DES SYSTEMES D'INFORMATION PARTAGE"),
    },
  },
  e_natural_person_has_names_or_pseudonym: {
    'a pseudonym and names, in a profile that has both': {
      edit: withRdns((rdns) => [...rdns, [{ type: OID.pseudonym, tag: UTF8, value: 'EMPLOYE1' }]]),
      context: (context) => profiled({ subject: [...context.profile.subject, [PSEUDONYM]] })(context),
    },
    'neither, in a profile that has neither': {
      edit: withRdns((rdns) => rdns.map((rdn) => rdn.filter(({ type }) => !NAMES.includes(type)))),
      context: (context) =>
        profiled({
          subject: context.profile.subject.map((rdn) => rdn.filter(({ type }) => !NAMES.includes(OID[type]))),
        })(context),
    },
  },
  e_cps_professional_has_national_id: {
    'a type that no professional has': withValue('commonName', '910002813839'),
    'an RPPS number of ten digits': withValue('commonName', '81000281383'),
    'a test number in production': {
      edit: withValue('commonName', '00B6087510'),
      context: (context) => ({ ...context, environment: { ...context.environment, mark: 'production' } }),
    },
  },
  e_cps_rpps_check_digit: { 'a wrong key': withValue('commonName', '810002813838') },
  e_cps_staff_has_local_id: {
    'nothing local': { of: STAFF, edit: withValue('commonName', '30B0057881') },
    'a national number': { of: STAFF, edit: withValue('commonName', '810002813839') },
  },
  e_cps_staff_id_pairs_with_structure: {
    'another structure': { of: STAFF, edit: withValue('organizationalUnitName', '1760021832') },
    'the type of the person where that of the structure belongs': {
      of: STAFF,
      edit: withValue('commonName', '10B0057881/CPET0002'),
    },
  },
  e_cps_structure_has_national_id: {
    'a deprecated type': { of: ORGANISATION, edit: withValue('organizationalUnitName', '5760021832') },
    'a SIRET of nine digits': { of: ORGANISATION, edit: withValue('organizationalUnitName', '3760021832') },
  },
  e_cps_structure_check_digit: {
    'a wrong key': { of: ORGANISATION, edit: withValue('organizationalUnitName', '1760021831') },
  },
  e_cps_state_is_a_department: {
    'a department without its number': { of: ORGANISATION, edit: withValue('stateOrProvinceName', 'Paris') },
  },
  e_cps_responder_is_of_environment: {
    'a name without the mark of tests': {
      of: RESPONDER,
      edit: withValue('commonName', 'OCSP AC IGC-SANTE FORT PERSONNES'),
    },
    'the organizational unit of production': {
      of: RESPONDER,
      edit: withRdns((rdns) =>
        rdns.map((rdn) => rdn.map((one) => (one.value === 'IGC-SANTE TEST' ? { ...one, value: 'IGC-SANTE' } : one))),
      ),
    },
  },
  e_cps_key_type_is_allowed: {
    'RSA of 2056 bits': (parts) => {
      const { spki, keyBits } = rsaKey(oddLength(), Uint8Array.of(1, 0, 1));
      return withKey(spki, keyBits)(parts);
    },
    'a curve that no profile has': (parts) => {
      const { spki, keyBits } = ecKey('1.3.132.0.10', new Uint8Array(65).fill(4));
      return withKey(spki, keyBits)(parts);
    },
    'an exception that has expired': {
      keyType: 'rsa-2048',
      context: (context) => ({
        ...context,
        environment: {
          ...context.environment,
          keyExceptions: context.environment.keyExceptions.map((one) => ({ ...one, expires: '2026-01-31T23:59:59Z' })),
        },
      }),
    },
  },
});

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
