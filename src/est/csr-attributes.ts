/**
 * CsrAttrs: what a certification request should contain (RFC 7030 4.5.2, RFC 8951 3.5). The first
 * attribute is a template of the whole request (RFC 9908 3.4). The others are for clients that do
 * not know the template; a client that knows it ignores them (RFC 9908 section 4).
 */
import {
  bitString,
  bool,
  contextConstructed,
  contextPrimitive,
  integer,
  nullValue,
  octetString,
  oid,
  printableString,
  seq,
  setOf,
  utf8String,
} from '../asn1/der-writer.js';
import { OID } from '../asn1/oids.js';
import type { Bytes } from '../kernel/bytes.js';
import { resolvePointer } from '../kernel/json-pointer.js';
import type { Card, Profile, SubjectAttribute } from '../policy/model.js';
import { writeGipCardId } from '../x509/extensions/gip-card-id.js';
import { writeSubjectAltName } from '../x509/extensions/subject-alt-name.js';
import type { CurveName, Extension, HolderKeyType } from '../x509/model.js';
import { REQUEST_ALGORITHMS } from '../x509/request/request-algorithms.js';

export type AttributesRequest = {
  /** The subject that the profile gives this holder: with names, or with a pseudonym. */
  readonly subject: Profile['subject'];
  readonly profile: Pick<Profile, 'subjectAltName' | 'gip'>;
  /** The types of keys that are certified now, the preferred one first; at least one. */
  readonly keyTypes: readonly HolderKeyType[];
  readonly known: KnownHolder;
};

/**
 * What is known of the holder before the request, in the shape of an order: values that are absent
 * are for the client to fill in.
 */
export type KnownHolder = {
  readonly holder: Readonly<Record<string, unknown>>;
  readonly card: Card | null;
};

/** DER of CsrAttrs ::= SEQUENCE OF AttrOrOID. */
export function encodeCsrAttributes(request: AttributesRequest): Bytes {
  const { keyTypes } = request;
  const kinds = new Set(keyTypes.map((type) => KEYS[type].kind));
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
function encodeAttributeTemplate({ type, form, value }: SubjectAttribute, known: KnownHolder): Bytes {
  const found = 'text' in value ? value.text : resolvePointer(known, value.from);
  return typeof found === 'string' && found !== '' ? seq(oid(OID[type]), STRINGS[form](found)) : seq(oid(OID[type]));
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
function alternativeNames(form: Profile['subjectAltName'], { holder }: KnownHolder): readonly ExtensionTemplate[] {
  if (form !== 'dns' && form !== 'email') return [];
  const kind = form === 'dns' ? 'dNSName' : 'rfc822Name';
  const names = textsOf(form === 'dns' ? holder.names : holder.emails);
  if (names.length > 0) return [{ ...writeSubjectAltName(names.map((value) => ({ kind, value }))), isComplete: true }];
  const empty = contextPrimitive(form === 'dns' ? 2 : 1, new Uint8Array());
  return [{ oid: OID.subjectAltName, critical: false, value: seq(empty), isComplete: false }];
}

function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];
}

function cardId({ cardId: isPresent }: Profile['gip'], { card }: KnownHolder): readonly ExtensionTemplate[] {
  if (!isPresent) return [];
  if (card === null) return [{ oid: OID.gipCardId, critical: false, value: null, isComplete: false }];
  return [{ ...writeGipCardId(card.tokenId), isComplete: true }];
}

type KeyRow =
  | { readonly kind: 'rsa'; readonly bits: number }
  | { readonly kind: 'ec'; readonly curve: string }
  | { readonly kind: 'ed25519' };

const CURVES: Readonly<Record<CurveName, string>> = {
  'p-256': OID.p256,
  'p-384': OID.p384,
  'p-521': OID.p521,
  'brainpool-p256r1': OID.brainpoolP256r1,
  'brainpool-p384r1': OID.brainpoolP384r1,
};

const KEYS: Readonly<Record<HolderKeyType, KeyRow>> = {
  'rsa-2048': { kind: 'rsa', bits: 2048 },
  'rsa-3072': { kind: 'rsa', bits: 3072 },
  'rsa-4096': { kind: 'rsa', bits: 4096 },
  'p-256': { kind: 'ec', curve: CURVES['p-256'] },
  'p-384': { kind: 'ec', curve: CURVES['p-384'] },
  'p-521': { kind: 'ec', curve: CURVES['p-521'] },
  'brainpool-p256r1': { kind: 'ec', curve: CURVES['brainpool-p256r1'] },
  'brainpool-p384r1': { kind: 'ec', curve: CURVES['brainpool-p384r1'] },
  ed25519: { kind: 'ed25519' },
};

/** The members of SubjectPublicKeyInfoTemplate. */
function keyTemplate(keyType: HolderKeyType): readonly Bytes[] {
  const key = KEYS[keyType];
  switch (key.kind) {
    case 'rsa':
      return [seq(oid(OID.rsaEncryption), nullValue()), bitString(placeholderKey(key.bits))];
    case 'ec':
      return [seq(oid(OID.ecPublicKey), oid(key.curve))];
    case 'ed25519':
      return [seq(oid(OID.ed25519))];
  }
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
    const key = KEYS[type];
    return key.kind === 'rsa' ? [key.bits] : [];
  });
  return keyTypes.flatMap((type) => {
    const key = KEYS[type];
    if (key.kind === 'ec') return [attribute(OID.ecPublicKey, [oid(key.curve)])];
    if (key.kind === 'ed25519') return [oid(OID.ed25519)];
    if (key.bits !== sizes[0]) return [];
    return [sizes.length === 1 ? attribute(OID.rsaEncryption, [integer(key.bits)]) : oid(OID.rsaEncryption)];
  });
}
