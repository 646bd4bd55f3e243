/** What the lists of an issuing authority say of themselves: how long they live, what they cover, where their newest changes are. */
import type { IssuerId } from '../../ports/signer.js';
import type { CrlPartition, CrlScope } from '../../ports/store/crls.js';
import { writeFreshestCrl } from '../../x509/extensions/freshest-crl.js';
import { writeIssuingDistributionPoint } from '../../x509/extensions/issuing-distribution-point.js';
import type { Extension } from '../../x509/model.js';
import { parseIssuerId } from '../ids.js';
import type { Environment, Policy } from '../model.js';
import { crlUrl, deltaCrlUrl } from './addresses.js';
import { kindOf, partitionOf, scopeOf } from './crl-scopes.js';
import { ldapDeltaCrlUrl } from './ldap-addresses.js';

/** From thisUpdate to nextUpdate. */
export function crlLifeMs({ crl }: Pick<Environment, 'crl'>, scope: CrlScope): number {
  const { periodMs, overlapMs } = kindOf(scope) === 'delta' ? crl.delta : crl;
  return periodMs + overlapMs;
}

/** All certificates, and each partition of an authority that has some. */
export function crlPartitions({ crl }: Pick<Environment, 'crl'>, issuer: IssuerId): readonly CrlPartition[] {
  const parsed = parseIssuerId(issuer);
  const count = parsed.ok ? (crl.partitions[parsed.value.authority] ?? 0) : 0;
  return [null, ...Array.from({ length: count }, (_, at) => at)];
}

/**
 * Where the delta lists of these certificates are: by LDAP alone where there is a directory, as in the field. Its entries have one
 * list of each kind: partitions are on the web alone. null: none are served.
 */
export function freshestCrl(policy: Policy, issuer: IssuerId, partition: CrlPartition): Extension | null {
  const { environment } = policy;
  if (!environment.addresses.deltaCrl) return null;
  const directory = partition === null ? ldapDeltaCrlUrl(policy, issuer) : null;
  return writeFreshestCrl([directory ?? deltaCrlUrl(environment, issuer, partition)]);
}

/**
 * After those that every list has: which partition it covers, by the address in its certificates (RFC 5280 5.2.5), also in a delta;
 * and in a full list where its newest changes are (5.2.6).
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
