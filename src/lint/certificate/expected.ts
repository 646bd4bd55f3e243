/**
 * What certificates of a profile must contain, computed from policy data and compared with the
 * certificate.
 */
import { addYears, type Instant } from '../../kernel/clock.js';
import { sha256Hex } from '../../kernel/digest.js';
import { DAY_MS, SECOND_MS } from '../../kernel/duration.js';
import type { Environment, ExtendedKeyUsage, KeyUsageBit, Profile } from '../../policy/model.js';
import { caIssuersUrl, crlUrl, deltaCrlUrl } from '../../policy/publication/addresses.js';
import { partitionFor, scopeOf } from '../../policy/publication/crl-scopes.js';
import type { CrlPartition } from '../../ports/store/crls.js';
import type { Issuer } from '../../x509/model.js';
import type { KnownExtension } from '../reading/decoded-extensions.js';
import { directoryEntry } from '../reading/directory.js';
import type {
  AccessDescription,
  DistributionPoint,
  GeneralName,
  PolicyInformation,
} from '../reading/extension-readers.js';
import type { CertificateSubject } from '../rule.js';

/** RFC 5280 4.2.1.3. */
export const KEY_USAGE_BITS = {
  digitalSignature: 0,
  nonRepudiation: 1,
  keyEncipherment: 2,
  dataEncipherment: 3,
  keyAgreement: 4,
  keyCertSign: 5,
  cRLSign: 6,
  encipherOnly: 7,
  decipherOnly: 8,
} as const satisfies Partial<Record<KeyUsageBit, number>> & Record<string, number>;

const BIT_NAMES = Object.keys(KEY_USAGE_BITS);

/** For findings: `digitalSignature + keyEncipherment`. */
export function describeBits(bits: readonly number[]): string {
  return bits.map((bit) => BIT_NAMES[bit] ?? `bit ${bit}`).join(' + ') || 'none';
}

/** RFC 5280 4.2.1.12, RFC 6960 4.2.2.2, RFC 6402 2.10, and Microsoft's smart card logon. */
export const PURPOSES = {
  serverAuth: '1.3.6.1.5.5.7.3.1',
  clientAuth: '1.3.6.1.5.5.7.3.2',
  emailProtection: '1.3.6.1.5.5.7.3.4',
  ocspSigning: '1.3.6.1.5.5.7.3.9',
  smartcardLogon: '1.3.6.1.4.1.311.20.2.2',
  cmcCa: '1.3.6.1.5.5.7.3.27',
} as const satisfies Record<ExtendedKeyUsage, string>;

/**
 * The latest notAfter. The validity includes both ends (RFC 5280 4.1.2.5), so that three years end
 * one second before the same time of day three years later.
 */
export function latestEnd(notBefore: Instant, { validity }: Pick<Profile, 'validity'>): Instant {
  const next = 'years' in validity ? addYears(notBefore, validity.years) : notBefore + validity.days * DAY_MS;
  return next - SECOND_MS;
}

/** The extensions that a certificate of this profile has, no more and no fewer. */
export function expectedExtensions(profile: Profile, { addresses }: Environment): ReadonlySet<KnownExtension> {
  const expected = new Set<KnownExtension>([
    'basicConstraints',
    'keyUsage',
    'extKeyUsage',
    'certificatePolicies',
    'subjectKeyIdentifier',
    'authorityKeyIdentifier',
  ]);
  if (profile.ocspNoCheck) expected.add('ocspNoCheck');
  else {
    expected.add('crlDistributionPoints').add('authorityInfoAccess');
    if (addresses.deltaCrl) expected.add('freshestCrl');
  }
  if (profile.subjectAltName !== null) expected.add('subjectAltName');
  if (profile.privateKeyUsagePeriod) expected.add('privateKeyUsagePeriod');
  const { gip } = profile;
  if (gip.category !== null) expected.add('gipCardCategory');
  if (gip.cardType) expected.add('gipCardType');
  if (gip.cardId) expected.add('gipCardId');
  if (gip.profession) expected.add('gipProfessionCode');
  return expected;
}

/** Describes the difference of two sets of names; null when they are equal. */
export function differenceInWords(expected: Iterable<string>, found: Iterable<string>): string | null {
  const wanted = new Set(expected);
  const present = new Set(found);
  const missing = [...wanted].filter((name) => !present.has(name));
  const extra = [...present].filter((name) => !wanted.has(name));
  if (missing.length === 0 && extra.length === 0) return null;
  return [
    ...(missing.length > 0 ? [`missing: ${missing.join(', ')}`] : []),
    ...(extra.length > 0 ? [`too many: ${extra.join(', ')}`] : []),
  ].join('; ');
}

/** Addresses of the issuer's full CRL, HTTP before LDAP. */
export function expectedCrlAddresses(
  environment: Environment,
  issuer: Issuer,
  partition: CrlPartition = null,
): readonly string[] {
  if (partition !== null) return [crlUrl(environment, issuer.id, scopeOf('full', partition))];
  const entry = directoryEntry(environment, issuer);
  return [
    crlUrl(environment, issuer.id),
    ...(entry === null ? [] : [`${entry}?certificaterevocationlist;binary?base?objectClass=pkiCA`]),
  ];
}

/**
 * Addresses of the issuer's delta CRL: in the directory alone where the environment has one, as in
 * today's certificates.
 */
export function expectedDeltaAddresses(
  environment: Environment,
  issuer: Issuer,
  partition: CrlPartition = null,
): readonly string[] {
  if (partition !== null) return [deltaCrlUrl(environment, issuer.id, partition)];
  const entry = directoryEntry(environment, issuer);
  return entry === null
    ? [deltaCrlUrl(environment, issuer.id)]
    : [`${entry}?deltarevocationlist;binary?base?objectClass=pkiCA`];
}

/**
 * Partitions whose CRL a certificate on this key may name. A certificate that is about to be signed
 * names the partition that its key gives. An older one may name any partition, or the CRL of all
 * certificates, because the number of partitions grows.
 */
export function expectedPartitions({
  environment,
  issuer,
  certificate,
  now,
}: CertificateSubject): readonly CrlPartition[] {
  const { authority } = issuer;
  const digest = sha256Hex(certificate.tbs.spki);
  const ownPartition = partitionFor(environment, authority, digest);
  if (now !== null || ownPartition === null) return [ownPartition];
  const count = environment.crl.partitions[authority] ?? 0;
  return [ownPartition, null, ...Array.from({ length: count }, (_, at) => at)];
}

/**
 * As `pointsFault`, when several lists of addresses are allowed. null when one of them matches;
 * otherwise the difference from the first.
 */
export function pointsFaultOfAny(
  points: readonly DistributionPoint[],
  allowed: readonly (readonly string[])[],
): string | null {
  const faults = allowed.map((addresses) => pointsFault(points, addresses));
  return faults.includes(null) ? null : (faults[0] ?? null);
}

export function expectedCaIssuersAddress(environment: Environment, issuer: Issuer): string {
  return caIssuersUrl(environment, issuer.id);
}

/**
 * Why the distribution points are not exactly `addresses`, one address per point, in that order;
 * null: they are. Reasons and cRLIssuer are checked by another rule.
 */
export function pointsFault(points: readonly DistributionPoint[], addresses: readonly string[]): string | null {
  const found = points.map(({ fullName }) =>
    (fullName ?? [{ kind: 'other', value: 'no fullName' }]).map(describe).join(' '),
  );
  const same = found.length === addresses.length && found.every((address, at) => address === addresses[at]);
  return same ? null : `${found.join(', ')} instead of ${addresses.join(', ')}`;
}

function describe({ kind, value }: GeneralName | { readonly kind: 'other'; readonly value: string }): string {
  return kind === 'uri' ? value : `(${kind}: ${value})`;
}

/**
 * Why a policy does not have exactly one qualifier, the address of the environment's practice
 * statement; null: every policy has.
 */
export function practiceStatementFault(
  policies: readonly PolicyInformation[],
  { addresses }: Environment,
): string | null {
  for (const { qualifiers } of policies) {
    const found = qualifiers.map(({ oid, uri }) => uri ?? oid);
    if (found.length !== 1 || found[0] !== addresses.certificationPracticeStatement)
      return `${found.join(', ') || 'none'} instead of ${addresses.certificationPracticeStatement}`;
  }
  return null;
}

/** Why there is not exactly one location of `method` that is `address`; null: there is. */
export function accessFault(access: readonly AccessDescription[], method: string, address: string): string | null {
  const found = access.filter((description) => description.method === method).map(({ location }) => describe(location));
  return found.length === 1 && found[0] === address ? null : `${found.join(', ') || 'none'} instead of ${address}`;
}
