/**
 * Where relying parties find things: what is written into certificates, and what the service answers at. Only the base
 * addresses differ between environments; the paths below them are those of the field's publication point.
 */
import type { IssuerId } from '../ports/signer.js';
import { stemOf } from './ids.js';
import type { Environment } from './model.js';

/** Full CRL, DER (RFC 5280 4.2.1.13; media type RFC 2585). */
export function crlUrl({ addresses }: Pick<Environment, 'addresses'>, issuer: IssuerId): string {
  return `${addresses.publication}/CRL/${stemOf(issuer)}.crl`;
}

export function deltaCrlUrl({ addresses }: Pick<Environment, 'addresses'>, issuer: IssuerId): string {
  return `${addresses.publication}/CRL/${stemOf(issuer)}-delta.crl`;
}

/** Certificate of the issuer, DER (RFC 5280 4.2.2.1). */
export function caIssuersUrl({ addresses }: Pick<Environment, 'addresses'>, issuer: IssuerId): string {
  return `${addresses.publication}/AC/${stemOf(issuer)}.cer`;
}

/** One address for all issuers: the request says which (RFC 6960 4.1.1). */
export function ocspUrl({ addresses }: Pick<Environment, 'addresses'>): string {
  return addresses.ocsp;
}

export function certificationPracticeStatementUrl({ addresses }: Pick<Environment, 'addresses'>): string {
  return addresses.certificationPracticeStatement;
}
