/**
 * What the CRLs of an issuing authority contain: their validity, their scope, and where the delta
 * CRL is.
 */
import type { IssuerId } from '../../ports/signer.js';
import type { CrlPartition, CrlScope } from '../../ports/store/crls.js';
import { writeFreshestCrl } from '../../x509/extensions/freshest-crl.js';
import { writeIssuingDistributionPoint } from '../../x509/extensions/issuing-distribution-point.js';
import type { Extension } from '../../x509/model.js';
import { parseIssuerId } from '../ids.js';
import type { Environment, Policy } from '../model.js';
import { crlUrl, deltaCrlUrl } from './addresses.js';
import { type CrlKind, kindOf, partitionOf, scopeOf } from './crl-scopes.js';
import { ldapDeltaCrlUrl } from './ldap-addresses.js';

/** The time from thisUpdate to nextUpdate. */
export function crlLifeMs({ crl }: Pick<Environment, 'crl'>, scope: CrlScope): number {
  const { periodMs, overlapMs } = kindOf(scope) === 'delta' ? crl.delta : crl;
  return periodMs + overlapMs;
}

/** All certificates (null), and each partition of an authority that has partitions. */
export function crlPartitions({ crl }: Pick<Environment, 'crl'>, issuer: IssuerId): readonly CrlPartition[] {
  const parsed = parseIssuerId(issuer);
  const count = parsed.ok ? (crl.partitions[parsed.value.authority] ?? 0) : 0;
  return [null, ...Array.from({ length: count }, (_, at) => at)];
}

/** The kinds of CRLs that an issuing CA publishes. */
export function crlKinds({ addresses }: Pick<Environment, 'addresses'>): readonly CrlKind[] {
  return addresses.deltaCrl ? ['full', 'delta'] : ['full'];
}

/** The scopes of all CRLs that an issuing CA publishes. */
export function crlScopes(environment: Pick<Environment, 'addresses' | 'crl'>, issuer: IssuerId): readonly CrlScope[] {
  const kinds = crlKinds(environment);
  return crlPartitions(environment, issuer).flatMap((partition) => kinds.map((kind) => scopeOf(kind, partition)));
}

/**
 * Where the delta CRLs of these certificates are: by LDAP alone where there is a directory, as in
 * today's certificates. A directory entry has one CRL of each kind, so that partitions are
 * published by HTTP alone. null: no deltas are published.
 */
export function freshestCrl(policy: Policy, issuer: IssuerId, partition: CrlPartition): Extension | null {
  const { environment } = policy;
  if (!environment.addresses.deltaCrl) return null;
  const directory = partition === null ? ldapDeltaCrlUrl(policy, issuer) : null;
  return writeFreshestCrl([directory ?? deltaCrlUrl(environment, issuer, partition)]);
}

/**
 * The extensions after those that every CRL has: the partition that it covers, by the address in
 * its certificates (RFC 5280 5.2.5), and in a full CRL the address of the delta CRL (5.2.6).
 */
export function crlExtensions(policy: Policy, issuer: IssuerId, scope: CrlScope): readonly Extension[] {
  const partition = partitionOf(scope);
  const freshest = kindOf(scope) === 'full' ? freshestCrl(policy, issuer, partition) : null;
  const uri = crlUrl(policy.environment, issuer, scopeOf('full', partition));
  return [
    ...(partition === null ? [] : [writeIssuingDistributionPoint({ uri, only: null })]),
    ...(freshest === null ? [] : [freshest]),
  ];
}
