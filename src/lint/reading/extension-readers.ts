/**
 * The lint's own readers of each extension's value. `src/x509` has readers too, beside its writers:
 * a misunderstanding of the standard there would agree with itself, so the lint does not share that
 * code. Every function is a callback of `parseDer` and throws `malformed`.
 */
import {
  boolean,
  children,
  contextTag,
  type DerElement,
  expectTag,
  explicit,
  fieldsOf,
  generalizedTime,
  ia5Content,
  integerOctets,
  malformed,
  namedBits,
  nullValue,
  objectIdentifier,
  octetString,
  sequence,
  sequenceOf,
  smallInteger,
  TAG,
  text,
} from '../../asn1/der-reader.js';
import { OID } from '../../asn1/oids.js';
import type { Bytes } from '../../kernel/bytes.js';
import type { Instant } from '../../kernel/clock.js';
import { readUserNotice, type UserNotice } from './user-notice.js';

/** GeneralName (RFC 5280 4.2.1.6); `other` for every kind that no profile uses. */
export type GeneralName = {
  readonly kind: 'upn' | 'dns' | 'uri' | 'email' | 'smtpUtf8' | 'ip' | 'other';
  /**
   * An IPv4 address is in dotted decimal; for the kind `other` it is the name of the kind. Empty
   * when the name is empty.
   */
  readonly value: string;
};

const GENERAL_NAME_TAGS = {
  otherName: contextTag(0, 'constructed'),
  rfc822Name: contextTag(1, 'primitive'),
  dNSName: contextTag(2, 'primitive'),
  uniformResourceIdentifier: contextTag(6, 'primitive'),
  iPAddress: contextTag(7, 'primitive'),
} as const;

function readGeneralName(element: DerElement): GeneralName {
  if (element.contentAt === element.end) return { kind: kindOfTag(element.tag), value: '' };
  switch (element.tag) {
    case GENERAL_NAME_TAGS.otherName:
      return readOtherName(element);
    case GENERAL_NAME_TAGS.rfc822Name:
      return { kind: 'email', value: ia5Content(element, 'rfc822Name') };
    case GENERAL_NAME_TAGS.dNSName:
      return { kind: 'dns', value: ia5Content(element, 'dNSName') };
    case GENERAL_NAME_TAGS.uniformResourceIdentifier:
      return { kind: 'uri', value: ia5Content(element, 'uniformResourceIdentifier') };
    case GENERAL_NAME_TAGS.iPAddress:
      return readIpAddress(element);
    default:
      return { kind: 'other', value: `GeneralName [${element.tag & 0x1f}]` };
  }
}

function kindOfTag(tag: number): GeneralName['kind'] {
  switch (tag) {
    case GENERAL_NAME_TAGS.rfc822Name:
      return 'email';
    case GENERAL_NAME_TAGS.dNSName:
      return 'dns';
    case GENERAL_NAME_TAGS.uniformResourceIdentifier:
      return 'uri';
    default:
      return 'other';
  }
}

/**
 * "For IP version 4 ... the octet string MUST contain exactly four octets. For IP version 6 ...
 * exactly sixteen octets."
 */
function readIpAddress(element: DerElement): GeneralName {
  const { content } = element;
  if (content.length === 4) return { kind: 'ip', value: content.join('.') };
  if (content.length !== 16) malformed(element, `iPAddress of ${content.length} octets`);
  return { kind: 'other', value: `iPAddress ${content.join('.')}` };
}

function readOtherName(element: DerElement): GeneralName {
  const fields = fieldsOf(element, 'otherName');
  const type = objectIdentifier(fields.next(TAG.oid, 'type-id'), 'type-id');
  const value = explicit(fields.next(contextTag(0, 'constructed'), 'value'), 'value');
  fields.end();
  const kind = OTHER_NAMES[type];
  if (kind === undefined) return { kind: 'other', value: `otherName ${type}` };
  const { form, value: name } = text(value, 'otherName');
  if (form !== 'utf8String') malformed(value, 'otherName: a UTF8String expected');
  return { kind, value: name };
}

const OTHER_NAMES: Readonly<Record<string, 'upn' | 'smtpUtf8'>> = {
  [OID.userPrincipalName]: 'upn',
  [OID.smtpUtf8Mailbox]: 'smtpUtf8',
};

export function atLeastOne(element: DerElement, what: string): readonly DerElement[] {
  const members = sequenceOf(element, what);
  if (members.length === 0) malformed(element, `${what}: SIZE (1..MAX), and empty`);
  return members;
}

/** subjectAltName (4.2.1.6) and issuerAltName (4.2.1.7) have the same syntax. */
export function readAlternativeNames(root: DerElement): readonly GeneralName[] {
  return atLeastOne(root, 'GeneralNames').map(readGeneralName);
}

type BasicConstraints = { readonly cA: boolean; readonly pathLength: number | null };

/** RFC 5280 4.2.1.9. DEFAULT values must not be encoded (X.690 11.5). */
export function readBasicConstraints(root: DerElement): BasicConstraints {
  const fields = sequence(root, 'basicConstraints');
  const flag = fields.optional(TAG.boolean);
  const cA = flag !== null && boolean(flag, 'cA');
  if (flag !== null && !cA) malformed(flag, 'cA: DEFAULT FALSE is not written');
  const length = fields.optional(TAG.integer);
  fields.end();
  return { cA, pathLength: length === null ? null : smallInteger(length, 'pathLenConstraint') };
}

const KEY_USAGE_BITS = 9;

/** The numbers of the bits that are set (RFC 5280 4.2.1.3). */
export function readKeyUsage(root: DerElement): readonly number[] {
  const bits = namedBits(root, 'keyUsage');
  if (bits.some((bit) => bit >= KEY_USAGE_BITS)) malformed(root, 'keyUsage: a bit that has no name');
  if (bits.length === 0) malformed(root, 'keyUsage: at least one bit MUST be set');
  return bits;
}

export function readExtendedKeyUsage(root: DerElement): readonly string[] {
  return atLeastOne(root, 'extKeyUsage').map((purpose) => objectIdentifier(purpose, 'KeyPurposeId'));
}

export type AuthorityKeyIdentifier = {
  readonly keyIdentifier: Bytes | null;
  readonly hasIssuer: boolean;
  readonly hasSerial: boolean;
};

export function readAuthorityKeyIdentifier(root: DerElement): AuthorityKeyIdentifier {
  const fields = sequence(root, 'authorityKeyIdentifier');
  const keyIdentifier = fields.optional(contextTag(0, 'primitive'));
  const issuer = fields.optional(contextTag(1, 'constructed'));
  const serial = fields.optional(contextTag(2, 'primitive'));
  fields.end();
  return { keyIdentifier: keyIdentifier?.content ?? null, hasIssuer: issuer !== null, hasSerial: serial !== null };
}

export function readSubjectKeyIdentifier(root: DerElement): Bytes {
  return octetString(root, 'subjectKeyIdentifier');
}

export type PolicyInformation = {
  readonly oid: string;
  /** Each qualifier: its type, the address of a CPS pointer, and the content of a user notice. */
  readonly qualifiers: readonly {
    readonly oid: string;
    readonly uri: string | null;
    readonly notice: UserNotice | null;
  }[];
};

export function readCertificatePolicies(root: DerElement): readonly PolicyInformation[] {
  return atLeastOne(root, 'certificatePolicies').map((element) => {
    const fields = sequence(element, 'PolicyInformation');
    const oid = objectIdentifier(fields.next(TAG.oid, 'policyIdentifier'), 'policyIdentifier');
    const list = fields.optional(TAG.sequence);
    fields.end();
    return { oid, qualifiers: list === null ? [] : atLeastOne(list, 'policyQualifiers').map(readQualifier) };
  });
}

function readQualifier(element: DerElement): PolicyInformation['qualifiers'][number] {
  const fields = sequence(element, 'PolicyQualifierInfo');
  const oid = objectIdentifier(fields.next(TAG.oid, 'policyQualifierId'), 'policyQualifierId');
  const qualifier = fields.any('qualifier');
  fields.end();
  if (oid === OID.userNoticeQualifier) return { oid, uri: null, notice: readUserNotice(qualifier) };
  if (oid !== OID.cpsQualifier) return { oid, uri: null, notice: null };
  const { form, value } = text(qualifier, 'cPSuri');
  if (form !== 'ia5String') malformed(qualifier, 'cPSuri: an IA5String expected');
  return { oid, uri: value, notice: null };
}

export type DistributionPoint = {
  /** null: there is no name, or one relative to the issuer's. */
  readonly fullName: readonly GeneralName[] | null;
  /** Whether there is a name of either form. */
  readonly hasName: boolean;
  readonly hasReasons: boolean;
  readonly hasCrlIssuer: boolean;
};

/** cRLDistributionPoints (4.2.1.13) and freshestCRL (4.2.1.15) have the same syntax. */
export function readDistributionPoints(root: DerElement): readonly DistributionPoint[] {
  return atLeastOne(root, 'CRLDistributionPoints').map((element) => {
    const fields = sequence(element, 'DistributionPoint');
    const name = fields.optional(contextTag(0, 'constructed'));
    const reasons = fields.optional(contextTag(1, 'primitive'));
    const crlIssuer = fields.optional(contextTag(2, 'constructed'));
    fields.end();
    return {
      fullName: name === null ? null : readPointName(explicit(name, 'distributionPoint')),
      hasName: name !== null,
      hasReasons: reasons !== null,
      hasCrlIssuer: crlIssuer !== null,
    };
  });
}

export function readPointName(element: DerElement): readonly GeneralName[] | null {
  if (element.tag === contextTag(1, 'constructed')) return null;
  const names = children(expectTag(element, contextTag(0, 'constructed'), 'fullName'));
  if (names.length === 0) malformed(element, 'fullName: SIZE (1..MAX), and empty');
  return names.map(readGeneralName);
}

export type AccessDescription = { readonly method: string; readonly location: GeneralName };

export function readAuthorityInfoAccess(root: DerElement): readonly AccessDescription[] {
  return atLeastOne(root, 'authorityInfoAccess').map((element) => {
    const fields = sequence(element, 'AccessDescription');
    const method = objectIdentifier(fields.next(TAG.oid, 'accessMethod'), 'accessMethod');
    const location = readGeneralName(fields.any('accessLocation'));
    fields.end();
    return { method, location };
  });
}

type PrivateKeyUsagePeriod = { readonly notBefore: Instant | null; readonly notAfter: Instant | null };

/** RFC 3280 4.2.1.4, to which RFC 5280 leaves this extension. */
export function readPrivateKeyUsagePeriod(root: DerElement): PrivateKeyUsagePeriod {
  const fields = sequence(root, 'privateKeyUsagePeriod');
  const [from, to] = [0, 1].map((number) => {
    const tag = contextTag(number, 'primitive');
    const element = fields.optional(tag);
    return element === null ? null : generalizedTime(element, 'privateKeyUsagePeriod', tag);
  });
  fields.end();
  return { notBefore: from ?? null, notAfter: to ?? null };
}

/** RFC 6960 4.2.2.2.1: the value SHALL be NULL. */
export function readOcspNoCheck(root: DerElement): true {
  nullValue(root, 'ocsp-nocheck');
  return true;
}

export function readSmallInteger(root: DerElement): number {
  integerOctets(root, 'INTEGER');
  return smallInteger(root, 'INTEGER');
}

export function readCardId(root: DerElement): string {
  const { form, value } = text(root, 'gipCardID');
  if (form !== 'printableString') malformed(root, 'gipCardID: a PrintableString expected');
  return value;
}

export function readCardCategory(root: DerElement): Bytes {
  return octetString(root, 'gipCardCategory');
}
