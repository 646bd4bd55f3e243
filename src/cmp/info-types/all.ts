/** All types of information that general messages may ask for, and the answer to one message. */

import { expectTag, malformed, sequenceOf, TAG, text } from '../../asn1/der-reader.js';
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
import { type Bytes, equalBytes, toHex } from '../../kernel/bytes.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { type KnownHolder, knownNames, knownText, subjectTemplate } from '../../policy/enrolment/known-holder.js';
import { isForSuite } from '../../policy/enrolment-policy.js';
import type { Profile, SubjectAttribute } from '../../policy/model.js';
import { allowedKeyTypes } from '../../policy/plan/plan.js';
import { writeSubjectAltName } from '../../x509/extensions/subject-alt-name.js';
import { HOLDER_KEYS, publicKeyAlgorithm } from '../../x509/keys/holder-key-algorithms.js';
import type { HolderKeyType, Issuer } from '../../x509/model.js';
import type { CmpFault, InfoTypeAndValue } from '../model.js';
import { errorFault } from '../status-info.js';
import { crlStatusList, currentCrl } from './crl-status-list.js';
import {
  aboutOf,
  answered,
  INFO,
  type InfoContext,
  type InfoType,
  LISTS_BYTES_MAX,
  withOptionalValue,
  withoutValue,
  withValue,
} from './info-type.js';

/** CA certificates (RFC 9483 4.3.1): those that a client needs to build paths to a root. */

/**
 * The issuing CAs of the profile's hierarchy that have not ended, the newest generation first;
 * without a profile those of all hierarchies. Roots are trusted by other means and are left out.
 */
export const caCerts = withoutValue({ name: 'caCerts', oid: INFO.caCerts }, ({ issuers, about, now }) => {
  const isWanted = ({ kind, hierarchy, notAfter }: Issuer): boolean =>
    kind === 'issuing' && notAfter > now && (about === null || hierarchy === about.profile.hierarchy);
  const isOwn = ({ authority }: Issuer): number => (authority === about?.profile.authority ? 1 : 0);
  const found = issuers
    .filter(isWanted)
    .sort((one, other) => other.generation - one.generation || isOwn(other) - isOwn(one));
  return answered(INFO.caCerts, found.length === 0 ? null : seq(...found.map(({ certificate }) => certificate)));
});

/** A certificate of the CA for encryption (RFC 9810 5.3.19.1): it has none. */

export const caProtEncCert = withoutValue({ name: 'caProtEncCert', oid: INFO.caProtEncCert }, () =>
  answered(INFO.caProtEncCert, null),
);

/**
 * The update of a root (RFC 9483 4.3.2): the client has one generation and asks for a later one.
 */

/**
 * RootCaKeyUpdateContent (RFC 9810 5.3.19.15): the newest generation of the root as newWithNew, and
 * the certificates that link it with the client's generation, as far as a ceremony has made them.
 */
export const rootCaCert = withOptionalValue(
  { name: 'rootCaCert', oid: INFO.rootCaCert, read: (root) => expectTag(root, TAG.sequence, 'certificate').whole },
  (given, context) => {
    const roots = context.issuers.filter(({ kind }) => kind === 'root');
    if (given === null) return withoutRoot(context, roots);
    const old = roots.find(({ certificate }) => equalBytes(certificate, given));
    if (old === undefined) return err(errorFault('badRequest', 'The certificate in rootCaCert is no root of this CA.'));
    return update(context, old, newestOf(context, old.authority, old.generation));
  },
);

/**
 * A request without a root cannot say which one it has, unless a conformance suite asks: then the
 * first generation of the root of its profile is meant.
 */
function withoutRoot(context: InfoContext, roots: readonly Issuer[]): Result<InfoTypeAndValue, CmpFault> {
  if (!isForSuite(context.about?.profile))
    return err(errorFault('badRequest', 'A request for rootCaCert needs the root that the client has.'));
  const root = rootOfProfile(context, roots);
  const first = roots.find(({ authority, generation }) => authority === root && generation === 1);
  return update(context, first ?? null, newestOf(context, root, 1));
}

/** `old`: null: the first generation is not here, and nothing links it with the newest one. */
function update({ links }: InfoContext, old: Issuer | null, newest: Issuer | null): ReturnType<typeof answered> {
  if (newest === null) return answered(INFO.rootCaKeyUpdate, null);
  const link = (tag: number, subject: Issuer | null, issuer: Issuer | null): readonly Bytes[] =>
    links
      .filter((one) => one.subject === subject?.id && one.issuer === issuer?.id)
      .map(({ certificate }) => explicit(tag, certificate));
  const newWithOld = link(0, newest, old);
  const oldWithNew = link(1, old, newest);
  return answered(INFO.rootCaKeyUpdate, seq(newest.certificate, ...newWithOld, ...oldWithNew));
}

/** The id of the root; null: the request names no profile. */
function rootOfProfile({ policy, about }: InfoContext, roots: readonly Issuer[]): string | null {
  const above = about === null ? null : (policy.authorities.get(about.profile.authority)?.issuer ?? null);
  return roots.some(({ authority }) => authority === above) ? above : null;
}

/** The newest generation of the root, if it is a later one; null: there is none. */
function newestOf({ issuers, now }: InfoContext, root: string | null, after: number): Issuer | null {
  const [newest] = issuers
    .filter(({ authority, generation, notBefore }) => authority === root && generation > after && notBefore <= now)
    .sort((one, other) => other.generation - one.generation);
  return newest ?? null;
}

/** Algorithms that a client may use (RFC 9810 5.3.19.2 to 5.3.19.4). */

export const signKeyPairTypes = withoutValue({ name: 'signKeyPairTypes', oid: INFO.signKeyPairTypes }, (context) => {
  const about = aboutOf(context, 'signKeyPairTypes');
  if (!about.ok) return about;
  const keyTypes = allowedKeyTypes(context.policy, about.value.profile, context.now);
  return answered(INFO.signKeyPairTypes, algorithms(keyTypes));
});

/** Only RSA keys are certified for encryption. */
export const encKeyPairTypes = withoutValue({ name: 'encKeyPairTypes', oid: INFO.encKeyPairTypes }, () =>
  answered(INFO.encKeyPairTypes, algorithms(['rsa-3072'])),
);

const AES_256_CBC = '2.16.840.1.101.3.4.1.42';

/** The cipher of encrypted certificates. */
export const preferredSymmAlg = withoutValue({ name: 'preferredSymmAlg', oid: INFO.preferredSymmAlg }, () =>
  answered(INFO.preferredSymmAlg, seq(oid(AES_256_CBC))),
);

/** Each algorithm once: RSA keys of all lengths have the same. */
function algorithms(keyTypes: readonly HolderKeyType[]): Bytes {
  const encoded = keyTypes.map(publicKeyAlgorithm);
  return seq(...new Map(encoded.map((one) => [toHex(one), one])).values());
}

/** The language of texts (RFC 9810 5.3.19.13): they are in English. */

const ENGLISH = /^en(-|$)/i;

export const suppLangTags = withValue(
  {
    name: 'suppLangTags',
    oid: INFO.suppLangTags,
    read: (root) => {
      const tags = sequenceOf(root, 'suppLangTags').map((member) => {
        const { form, value } = text(member, 'tag');
        return form === 'utf8String' ? value : malformed(member, 'suppLangTags: not a UTF8String');
      });
      return tags.length > 0 ? tags : malformed(root, 'suppLangTags: empty');
    },
  },
  (tags) =>
    tags.some((tag) => ENGLISH.test(tag))
      ? answered(INFO.suppLangTags, seq(utf8String('en')))
      : err(errorFault('badRequest', 'None of the languages in suppLangTags is supported: texts are in English (en).')),
);

/**
 * The template of a request (RFC 9483 4.3.3): what is fixed or known has its value, what the client
 * fills in is empty.
 */

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

const INFO_TYPES: readonly InfoType[] = [
  caCerts,
  rootCaCert,
  certReqTemplate,
  crlStatusList,
  currentCrl,
  signKeyPairTypes,
  encKeyPairTypes,
  preferredSymmAlg,
  caProtEncCert,
  suppLangTags,
];

const ITEMS_MAX = 8;

/**
 * The items of genp (RFC 9810 5.3.20) for those of genm: one for each type that is known, in the
 * order of the request, and then one with the identifiers of the others.
 */
export async function answerInformation(
  items: readonly InfoTypeAndValue[],
  context: InfoContext,
): Promise<Result<readonly InfoTypeAndValue[], CmpFault>> {
  if (items.length === 0 || items.length > ITEMS_MAX)
    return err(errorFault('badRequest', `A general message must have 1 to ${ITEMS_MAX} items.`));
  if (new Set(items.map((item) => item.oid)).size < items.length)
    return err(errorFault('badRequest', 'A general message must ask for each type of information only once.'));
  const answers: InfoTypeAndValue[] = [];
  const unsupported: string[] = [];
  for (const item of items) {
    const type = INFO_TYPES.find((one) => one.oid === item.oid);
    if (type === undefined) {
      unsupported.push(item.oid);
      continue;
    }
    const answer = await type.answer(item.value, context);
    if (!answer.ok) return answer;
    answers.push(answer.value);
  }
  if (unsupported.length > 0) answers.push({ oid: INFO.unsupportedOIDs, value: seq(...unsupported.map(oid)) });
  const bytes = answers.reduce((sum, { value }) => sum + (value?.length ?? 0), 0);
  if (bytes > LISTS_BYTES_MAX)
    return err(errorFault('addInfoNotAvailable', 'The answer is too long for a message; ask for fewer types at once.'));
  return ok(answers);
}
