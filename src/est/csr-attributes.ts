/**
 * CsrAttrs: what a certification request should contain (RFC 7030 4.5.2, RFC 8951 section 4). The
 * first attribute is a template of the whole request (RFC 9908 3.4). The others are for clients
 * that do not know the template; a client that knows it ignores them (RFC 9908 section 4).
 */
import {
  bitString,
  bool,
  contextConstructed,
  contextPrimitive,
  integer,
  octetString,
  oid,
  printableString,
  seq,
  setOf,
  utf8String,
} from '../asn1/der-writer.js';
import { OID } from '../asn1/oids.js';
import type { Bytes } from '../kernel/bytes.js';
import { type KnownHolder, knownNames, knownText } from '../policy/enrolment/known-holder.js';
import type { Profile, SubjectAttribute } from '../policy/model.js';
import { writeGipCardId } from '../x509/extensions/gip-card-id.js';
import { writeSubjectAltName } from '../x509/extensions/subject-alt-name.js';
import { HOLDER_KEYS, publicKeyAlgorithm } from '../x509/keys/holder-key-algorithms.js';
import type { Extension, HolderKeyType } from '../x509/model.js';
import { REQUEST_ALGORITHMS } from '../x509/request/request-algorithms.js';

export type AttributesRequest = {
  /** As `subjectTemplate` gives it. */
  readonly subject: Profile['subject'];
  readonly profile: Pick<Profile, 'subjectAltName' | 'gip'>;
  /** The types of keys that are certified now, the preferred one first; at least one. */
  readonly keyTypes: readonly HolderKeyType[];
  readonly known: KnownHolder;
};

/** DER of CsrAttrs ::= SEQUENCE OF AttrOrOID. */
export function encodeCsrAttributes(request: AttributesRequest): Bytes {
  const { keyTypes } = request;
  const kinds = new Set(keyTypes.map((type) => HOLDER_KEYS[type].kind));
  const algorithms = [...kinds].flatMap((kind) => REQUEST_ALGORITHMS[kind]);
  return seq(
    attribute(OID.certificationRequestInfoTemplate, [encodeTemplate(request)]),
    ...keyAttributes(keyTypes),
    ...algorithms.filter((algorithm) => algorithm !== OID.ed25519).map(oid),
  );
}

function attribute(type: string, values: readonly Bytes[]): Bytes {
  return seq(oid(type), setOf(values));
}

/**
 * CertificationRequestInfoTemplate (RFC 9908 3.4). `subjectPKInfo` states a requirement, and can
 * name one algorithm only, so it is absent where the client may choose.
 */
function encodeTemplate({ subject, profile, keyTypes, known }: AttributesRequest): Bytes {
  const [keyType, otherType] = keyTypes;
  const key = keyType === undefined || otherType !== undefined ? [] : [contextConstructed(0, ...keyTemplate(keyType))];
  return seq(
    integer(0),
    seq(...subject.map((rdn) => setOf(rdn.map((one) => encodeAttributeTemplate(one, known))))),
    ...key,
    contextConstructed(1, ...extensionAttributes(profile, known)),
  );
}

const STRINGS = { utf8String, printableString } as const;

/** SingleAttributeTemplate: the value is absent where the client has to fill it in. */
function encodeAttributeTemplate(attribute: SubjectAttribute, known: KnownHolder): Bytes {
  const { type, form } = attribute;
  const found = knownText(attribute, known);
  return found === null ? seq(oid(OID[type])) : seq(oid(OID[type]), STRINGS[form](found));
}

type ExtensionTemplate = Omit<Extension, 'value'> & {
  /** null: the client fills it in. */
  readonly value: Bytes | null;
  /** Whether the client may send the value as it is here. */
  readonly isComplete: boolean;
};

/**
 * Extensions that are all known are a request to copy (id-ExtensionReq); otherwise they are a
 * template. There is never more than one of these attributes (RFC 9908 3.4).
 */
function extensionAttributes(profile: AttributesRequest['profile'], known: KnownHolder): readonly Bytes[] {
  const templates = [...alternativeNames(profile.subjectAltName, known), ...cardId(profile.gip, known)];
  if (templates.length === 0) return [];
  const type = templates.every(({ isComplete }) => isComplete) ? OID.extensionRequest : OID.extensionReqTemplate;
  const encoded = templates.map(({ oid: id, critical, value }) =>
    seq(oid(id), ...(critical ? [bool(true)] : []), ...(value === null ? [] : [octetString(value)])),
  );
  return [attribute(type, [seq(...encoded)])];
}

/** An empty name says that the client gives one or more names of this form. */
function alternativeNames(form: Profile['subjectAltName'], known: KnownHolder): readonly ExtensionTemplate[] {
  if (form !== 'dns' && form !== 'email') return [];
  const kind = form === 'dns' ? 'dNSName' : 'rfc822Name';
  const names = knownNames(form, known);
  if (names.length > 0) return [{ ...writeSubjectAltName(names.map((value) => ({ kind, value }))), isComplete: true }];
  const empty = contextPrimitive(form === 'dns' ? 2 : 1, new Uint8Array());
  return [{ oid: OID.subjectAltName, critical: false, value: seq(empty), isComplete: false }];
}

function cardId({ cardId: isPresent }: Profile['gip'], { card }: KnownHolder): readonly ExtensionTemplate[] {
  if (!isPresent) return [];
  if (card === null) return [{ oid: OID.gipCardId, critical: false, value: null, isComplete: false }];
  return [{ ...writeGipCardId(card.tokenId), isComplete: true }];
}

/** The members of SubjectPublicKeyInfoTemplate. */
function keyTemplate(keyType: HolderKeyType): readonly Bytes[] {
  const key = HOLDER_KEYS[keyType];
  const size = key.kind === 'rsa' ? [bitString(placeholderKey(key.bits))] : [];
  return [publicKeyAlgorithm(keyType), ...size];
}

/**
 * RSAPublicKey with a modulus of the wanted size, which is how a template states a size (RFC 9908
 * 3.4). It is no key: its modulus is 2^(bits-1) + 1.
 */
function placeholderKey(bits: number): Bytes {
  const modulus = new Uint8Array(bits / 8);
  modulus[0] = 0x80;
  modulus[modulus.length - 1] = 1;
  return seq(integer(modulus), integer(65_537));
}

/**
 * An attribute of a key type states a requirement (RFC 9908 3.2). One for each acceptable curve is
 * what older clients understand: each of them reads one and makes such a key. An RSA key may have
 * several sizes, so only a single one is named.
 */
function keyAttributes(keyTypes: readonly HolderKeyType[]): readonly Bytes[] {
  const sizes = keyTypes.flatMap((type) => {
    const key = HOLDER_KEYS[type];
    return key.kind === 'rsa' ? [key.bits] : [];
  });
  return keyTypes.flatMap((type) => {
    const key = HOLDER_KEYS[type];
    if (key.kind === 'ec') return [attribute(OID.ecPublicKey, [oid(key.curve)])];
    if (key.kind === 'ed25519') return [oid(OID.ed25519)];
    if (key.bits !== sizes[0]) return [];
    return [sizes.length === 1 ? attribute(OID.rsaEncryption, [integer(key.bits)]) : oid(OID.rsaEncryption)];
  });
}
