/**
 * The template of a request (RFC 9483 4.3.3): what is fixed or known has its value, what the client
 * fills in is empty.
 */
import {
  contextConstructed,
  contextPrimitive,
  explicit,
  integer,
  octetString,
  oid,
  printableString,
  seq,
  setOf,
  utf8String,
} from '../../asn1/der-writer.js';
import { OID } from '../../asn1/oids.js';
import type { Bytes } from '../../kernel/bytes.js';
import { type KnownHolder, knownNames, knownText, subjectTemplate } from '../../policy/enrolment/known-holder.js';
import { isForSuite } from '../../policy/enrolment-policy.js';
import type { Profile, SubjectAttribute } from '../../policy/model.js';
import { allowedKeyTypes } from '../../policy/plan/plan.js';
import { writeSubjectAltName } from '../../x509/extensions/subject-alt-name.js';
import { HOLDER_KEYS, publicKeyAlgorithm } from '../../x509/keys/holder-key-algorithms.js';
import type { HolderKeyType } from '../../x509/model.js';
import { aboutOf, answered, withoutValue } from './info-type.js';
import { INFO } from './oids.js';

/** RFC 9810 appendix B: id-regCtrl-algId and id-regCtrl-rsaKeyLen. */
const CONTROL = { algId: '1.3.6.1.5.5.7.5.1.11', rsaKeyLen: '1.3.6.1.5.5.7.5.1.12' } as const;

/** CertReqTemplateContent ::= SEQUENCE { certTemplate, keySpec Controls OPTIONAL }. */
export const certReqTemplate = withoutValue({ name: 'certReqTemplate', oid: INFO.certReqTemplate }, (context) => {
  const about = aboutOf(context, 'certReqTemplate');
  if (!about.ok) return about;
  const { profile, known } = about.value;
  const subject = subjectTemplate(profile, known).map((rdn) => setOf(rdn.map((one) => encodeAttribute(one, known))));
  const names = alternativeNames(profile.subjectAltName, known);
  const template = seq(
    explicit(5, seq(...subject)),
    ...(names === null ? [] : [contextConstructed(9, seq(oid(OID.subjectAltName), octetString(names)))]),
  );
  const keyTypes = allowedKeyTypes(context.policy, profile, context.now);
  // RFC 9483 4.3.3 has one control for each algorithm; a suite reads it as one altogether.
  const shown = isForSuite(profile) ? keyTypes.slice(0, 1) : keyTypes;
  return answered(INFO.certReqTemplate, seq(template, seq(...shown.map(keyControl))));
});

const STRINGS = { utf8String, printableString } as const;

/** A value that the client fills in is a UTF8String without characters. */
function encodeAttribute(attribute: SubjectAttribute, known: KnownHolder): Bytes {
  const { type, form } = attribute;
  const value = knownText(attribute, known);
  return seq(oid(OID[type]), value === null ? utf8String('') : STRINGS[form](value));
}

/** Value of subjectAltName; an empty name says that the client gives one or more of this form. */
function alternativeNames(form: Profile['subjectAltName'], known: KnownHolder): Bytes | null {
  if (form !== 'dns' && form !== 'email') return null;
  const kind = form === 'dns' ? 'dNSName' : 'rfc822Name';
  const names = knownNames(form, known);
  if (names.length > 0) return writeSubjectAltName(names.map((value) => ({ kind, value }))).value;
  return seq(contextPrimitive(form === 'dns' ? 2 : 1, new Uint8Array()));
}

/** RSA keys are named by their length, others by their algorithm. */
function keyControl(keyType: HolderKeyType): Bytes {
  const key = HOLDER_KEYS[keyType];
  return key.kind === 'rsa'
    ? seq(oid(CONTROL.rsaKeyLen), integer(key.bits))
    : seq(oid(CONTROL.algId), publicKeyAlgorithm(keyType));
}
