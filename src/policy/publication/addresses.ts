/**
 * The addresses that are written into certificates and that the service answers at. Only the base
 * addresses differ between environments; the paths below them are those of today's publication
 * point.
 */
import type { IssuerId } from '../../ports/signer.js';
import type { CrlPartition, CrlScope } from '../../ports/store/crls.js';
import type { LinkCertificate } from '../../x509/model.js';
import { stemOf } from '../ids.js';
import type { Environment } from '../model.js';
import { kindOf, partitionOf, scopeOf } from './crl-scopes.js';

/**
 * The name of a CRL below `/CRL/`: `ACI-FO-PP.crl`, `ACI-FO-PP-delta.crl`; for a partition
 * `ACI-FO-PP-p7.crl`, `ACI-FO-PP-p7-delta.crl`. The default is the full CRL.
 */
export function crlFileName(issuer: IssuerId, scope: CrlScope = 'full'): string {
  const partition = partitionOf(scope);
  const part = partition === null ? '' : `-p${partition}`;
  return `${stemOf(issuer)}${part}${kindOf(scope) === 'delta' ? '-delta' : ''}.crl`;
}

/**
 * The address of a CRL in DER (RFC 5280 4.2.1.13; media type RFC 2585). The default is the full
 * CRL.
 */
export function crlUrl({ addresses }: Pick<Environment, 'addresses'>, issuer: IssuerId, scope?: CrlScope): string {
  return `${addresses.publication}/CRL/${crlFileName(issuer, scope)}`;
}

export function deltaCrlUrl(
  environment: Pick<Environment, 'addresses'>,
  issuer: IssuerId,
  partition: CrlPartition = null,
): string {
  return crlUrl(environment, issuer, scopeOf('delta', partition));
}

/** The address of the issuer's certificate in DER (RFC 5280 4.2.2.1). */
export function caIssuersUrl({ addresses }: Pick<Environment, 'addresses'>, issuer: IssuerId): string {
  return `${addresses.publication}/AC/${stemOf(issuer)}.cer`;
}

/** The name of a link certificate below `/AC/`: `ACR-EL-2-by-ACR-EL.cer`. */
export function publishedLinkName({ subject, issuer }: Pick<LinkCertificate, 'subject' | 'issuer'>): string {
  return `${stemOf(subject)}-by-${stemOf(issuer)}.cer`;
}

/** One address for all issuers: the request names its issuer (RFC 6960 4.1.1). */
export function ocspUrl({ addresses }: Pick<Environment, 'addresses'>): string {
  return addresses.ocsp;
}

export function certificationPracticeStatementUrl({ addresses }: Pick<Environment, 'addresses'>): string {
  return addresses.certificationPracticeStatement;
}
