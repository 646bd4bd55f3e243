/** Reads the extensions of a CRL (RFC 5280 5.2). The rules check what their values mean. */
import {
  boolean,
  contextTag,
  type DerElement,
  expectTag,
  explicit,
  generalizedTime,
  integerOctets,
  malformed,
  namedBits,
  parseDer,
  sequence,
} from '../../asn1/der-reader.js';
import { OID } from '../../asn1/oids.js';
import { type Bytes, compareBytes } from '../../kernel/bytes.js';
import type { Instant } from '../../kernel/clock.js';
import type { Result } from '../../kernel/result.js';
import { readExtensions } from '../../x509/certificate/extension-reader.js';
import type { Extension } from '../../x509/model.js';
import {
  type AccessDescription,
  type AuthorityKeyIdentifier,
  type DistributionPoint,
  type GeneralName,
  readAuthorityInfoAccess,
  readAuthorityKeyIdentifier,
  readDistributionPoints,
  readPointName,
} from '../reading/extension-readers.js';

/** RFC 5280 5.2.5. */
type IssuingDistributionPoint = {
  /** The URIs of its full name; null: it has no name, or one relative to the issuer's. */
  readonly addresses: readonly string[] | null;
  readonly onlyUserCerts: boolean;
  readonly onlyCaCerts: boolean;
  readonly onlyAttributeCerts: boolean;
  readonly hasReasons: boolean;
  readonly isIndirect: boolean;
};

export type CrlExtensions = {
  readonly all: readonly Extension[];
  readonly authorityKeyIdentifier: AuthorityKeyIdentifier | null;
  /** Content octets of the INTEGER. */
  readonly number: Bytes | null;
  readonly baseNumber: Bytes | null;
  readonly issuingPoint: IssuingDistributionPoint | null;
  readonly freshest: readonly DistributionPoint[] | null;
  readonly access: readonly AccessDescription[] | null;
  readonly expiredCertsSince: Instant | null;
  /** The known extensions whose value cannot be decoded, with the reason. */
  readonly faults: readonly string[];
};

/** The extensions that RFC 5280 5.2 and X.509 9.5 define for CRLs. */
export const CRL_EXTENSIONS: ReadonlySet<string> = new Set([
  OID.authorityKeyIdentifier,
  OID.issuerAltName,
  OID.crlNumber,
  OID.deltaCrlIndicator,
  OID.issuingDistributionPoint,
  OID.freshestCrl,
  OID.authorityInfoAccess,
  OID.expiredCertsOnCrl,
]);

/** `whole` is the `[0]` of the CRL. The error says why it is not the DER of extensions. */
export function readCrlExtensions(whole: Bytes): Result<CrlExtensions, { readonly rule: string }> {
  return parseDer(whole, (root) => {
    expectTag(root, contextTag(0, 'constructed'), 'crlExtensions');
    return decoded(readExtensions(explicit(root, 'crlExtensions'), 'crlExtensions'));
  });
}

function decoded(all: readonly Extension[]): CrlExtensions {
  const faults: string[] = [];
  const read = <Value>(name: keyof typeof OID, reader: (root: DerElement) => Value): Value | null => {
    const found = all.find(({ oid }) => oid === OID[name]);
    if (found === undefined) return null;
    const parsed = parseDer(found.value, reader);
    if (parsed.ok) return parsed.value;
    faults.push(`${name}: ${parsed.error.rule}`);
    return null;
  };
  return {
    all,
    authorityKeyIdentifier: read('authorityKeyIdentifier', readAuthorityKeyIdentifier),
    number: read('crlNumber', (root) => integerOctets(root, 'cRLNumber')),
    baseNumber: read('deltaCrlIndicator', (root) => integerOctets(root, 'BaseCRLNumber')),
    issuingPoint: read('issuingDistributionPoint', readIssuingPoint),
    freshest: read('freshestCrl', readDistributionPoints),
    access: read('authorityInfoAccess', readAuthorityInfoAccess),
    expiredCertsSince: read('expiredCertsOnCrl', (root) => generalizedTime(root, 'expiredCertsOnCRL')),
    faults,
  };
}

function readIssuingPoint(root: DerElement): IssuingDistributionPoint {
  const fields = sequence(root, 'issuingDistributionPoint');
  const point = fields.optional(contextTag(0, 'constructed'));
  const names = point === null ? null : readPointName(explicit(point, 'distributionPoint'));
  const flag = (number: number): boolean => {
    const element = fields.optional(contextTag(number, 'primitive'));
    if (element === null) return false;
    if (!boolean(element, `[${number}]`, element.tag)) malformed(element, 'DEFAULT FALSE is not written (X.690 11.5)');
    return true;
  };
  const onlyUserCerts = flag(1);
  const onlyCaCerts = flag(2);
  const reasons = fields.optional(contextTag(3, 'primitive'));
  if (reasons !== null) namedBits(reasons, 'onlySomeReasons', reasons.tag);
  const isIndirect = flag(4);
  const onlyAttributeCerts = flag(5);
  fields.end();
  const hasReasons = reasons !== null;
  const addresses = names === null ? null : addressesIn(names);
  return { addresses, onlyUserCerts, onlyCaCerts, onlyAttributeCerts, hasReasons, isIndirect };
}

function addressesIn(names: readonly GeneralName[]): readonly string[] {
  return names.filter(({ kind }) => kind === 'uri').map(({ value }) => value);
}

/** The addresses of freshestCRL, in the order of its points. */
export function freshestAddresses({ freshest }: CrlExtensions): readonly string[] {
  return (freshest ?? []).flatMap(({ fullName }) => addressesIn(fullName ?? []));
}

export function hasExtension({ all }: CrlExtensions, name: keyof typeof OID): boolean {
  return all.some(({ oid }) => oid === OID[name]);
}

export function isCriticalIn({ all }: CrlExtensions, name: keyof typeof OID): boolean {
  return all.find(({ oid }) => oid === OID[name])?.critical === true;
}

/** Compares non-negative INTEGERs in the fewest octets: the longer one is greater. */
export function isGreater(number: Bytes, other: Bytes): boolean {
  return number.length === other.length ? compareBytes(number, other) > 0 : number.length > other.length;
}

/** The value of an INTEGER if it is a safe integer; null otherwise, and when it is negative. */
export function smallNumber(octets: Bytes): number | null {
  if (octets.length > 7 || (octets[0] as number) >= 0x80) return null;
  const value = octets.reduce((sum, octet) => sum * 256 + octet, 0);
  return Number.isSafeInteger(value) ? value : null;
}
