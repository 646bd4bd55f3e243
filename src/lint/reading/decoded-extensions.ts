/** The extensions of one certificate. Each is decoded when the first rule asks for it. */
import { type ByteRange, cacheByBytes } from '../../asn1/decode-cache.js';
import { type DerElement, parseDer } from '../../asn1/der-reader.js';
import { OID } from '../../asn1/oids.js';
import type { Bytes } from '../../kernel/bytes.js';
import type { Extension } from '../../x509/model.js';
import {
  readInhibitAnyPolicy,
  readNameConstraints,
  readPolicyConstraints,
  readPolicyMappings,
  readSubjectDirectoryAttributes,
} from './constraint-readers.js';
import {
  readAlternativeNames,
  readAuthorityInfoAccess,
  readAuthorityKeyIdentifier,
  readBasicConstraints,
  readCardCategory,
  readCardId,
  readCertificatePolicies,
  readDistributionPoints,
  readExtendedKeyUsage,
  readKeyUsage,
  readOcspNoCheck,
  readPrivateKeyUsagePeriod,
  readSmallInteger,
  readSubjectKeyIdentifier,
} from './extension-readers.js';

const READERS = {
  basicConstraints: readBasicConstraints,
  keyUsage: readKeyUsage,
  extKeyUsage: readExtendedKeyUsage,
  authorityKeyIdentifier: readAuthorityKeyIdentifier,
  subjectKeyIdentifier: readSubjectKeyIdentifier,
  certificatePolicies: readCertificatePolicies,
  crlDistributionPoints: readDistributionPoints,
  freshestCrl: readDistributionPoints,
  authorityInfoAccess: readAuthorityInfoAccess,
  subjectInfoAccess: readAuthorityInfoAccess,
  subjectAltName: readAlternativeNames,
  issuerAltName: readAlternativeNames,
  subjectDirectoryAttributes: readSubjectDirectoryAttributes,
  nameConstraints: readNameConstraints,
  policyConstraints: readPolicyConstraints,
  policyMappings: readPolicyMappings,
  inhibitAnyPolicy: readInhibitAnyPolicy,
  privateKeyUsagePeriod: readPrivateKeyUsagePeriod,
  ocspNoCheck: readOcspNoCheck,
  gipCardType: readSmallInteger,
  gipCardId: readCardId,
  gipCardCategory: readCardCategory,
  gipProfessionCode: readSmallInteger,
} as const satisfies Partial<Record<keyof typeof OID, (root: DerElement) => unknown>>;

/** Extensions that the lint can decode. */
export type KnownExtension = keyof typeof READERS;

/** The decoded value, or why it cannot be decoded. */
type DecodedValue = { readonly value: unknown; readonly fault: string | null };

/**
 * Extensions with the same value in many certificates of a profile: their decoded values are cached
 * by the encoded ones.
 */
const REPEATED = [
  'basicConstraints',
  'keyUsage',
  'extKeyUsage',
  'authorityKeyIdentifier',
  'certificatePolicies',
  'crlDistributionPoints',
  'freshestCrl',
  'authorityInfoAccess',
] as const satisfies readonly KnownExtension[];
const KNOWN = { entriesMax: 64, octetsMax: 1_024 };
const repeated: ReadonlyMap<KnownExtension, (place: ByteRange) => DecodedValue> = new Map(
  REPEATED.map((name) => [name, cacheByBytes(KNOWN, (value) => decodeValue(name, value))]),
);

function decodeValue(name: KnownExtension, value: Bytes): DecodedValue {
  const parsed = parseDer<unknown>(value, READERS[name]);
  return parsed.ok ? { value: parsed.value, fault: null } : { value: null, fault: `${name}: ${parsed.error.rule}` };
}
type ValueOf<Name extends KnownExtension> = ReturnType<(typeof READERS)[Name]>;

const NAME_OF: ReadonlyMap<string, KnownExtension> = new Map(
  (Object.keys(READERS) as KnownExtension[]).map((name) => [OID[name], name]),
);

export type DecodedExtensions = {
  /** null when it is absent, and when its value is malformed, which another rule reports. */
  readonly get: <Name extends KnownExtension>(name: Name) => ValueOf<Name> | null;
  readonly has: (name: KnownExtension) => boolean;
  readonly isCritical: (name: KnownExtension) => boolean;
  /** The known extensions whose value is malformed, with the reason. */
  readonly faults: () => readonly string[];
};

/** The name of a known extension; for others the dotted identifier. */
export function extensionName(oid: string): string {
  return NAME_OF.get(oid) ?? oid;
}

export function isKnownExtension(oid: string): boolean {
  return NAME_OF.has(oid);
}

type CacheEntry = {
  readonly extension: Extension;
  decoded: DecodedValue | null;
};

/** When an extension occurs twice the first one counts; a rule reports the second. */
export function decodeLazily(extensions: readonly Extension[]): DecodedExtensions {
  const kept = new Map<KnownExtension, CacheEntry>();
  for (const extension of extensions) {
    const name = NAME_OF.get(extension.oid);
    if (name !== undefined && !kept.has(name)) kept.set(name, { extension, decoded: null });
  }
  const decode = (name: KnownExtension): DecodedValue | null => {
    const found = kept.get(name);
    if (found === undefined) return null;
    if (found.decoded === null) {
      const { value } = found.extension;
      const known = repeated.get(name);
      found.decoded = known ? known({ bytes: value, from: 0, end: value.length }) : decodeValue(name, value);
    }
    return found.decoded;
  };
  return {
    // The value cached under a name is the result of that name's reader.
    get: <Name extends KnownExtension>(name: Name) => (decode(name)?.value ?? null) as ValueOf<Name> | null,
    has: (name) => kept.has(name),
    isCritical: (name) => kept.get(name)?.extension.critical ?? false,
    faults: () => [...kept.keys()].flatMap((name) => decode(name)?.fault ?? []),
  };
}
