/**
 * The CRLs that an issuer may have, computed from policy data. A CRL that is none of them is not
 * signed.
 */
import type { Environment } from '../../policy/model.js';
import { crlUrl } from '../../policy/publication/addresses.js';
import { crlLifeMs, crlScopes } from '../../policy/publication/crl-lists.js';
import { kindOf, partitionOf, scopeOf } from '../../policy/publication/crl-scopes.js';
import type { CrlScope } from '../../ports/store/crls.js';
import type { Issuer } from '../../x509/model.js';
import { expectedDeltaAddresses } from '../certificate/expected.js';

export type CrlShape = {
  readonly scope: CrlScope;
  /**
   * The address in its critical issuingDistributionPoint; null: it has none and covers all
   * certificates.
   */
  readonly partitionUrl: string | null;
  /** The addresses in its freshestCRL; empty: it has no such extension. */
  readonly freshest: readonly string[];
  /** Longest time from thisUpdate to nextUpdate, in milliseconds. */
  readonly lifeMsMax: number;
};

export function crlShapes(environment: Environment, issuer: Issuer): readonly CrlShape[] {
  return crlScopes(environment, issuer.id).map((scope) => shapeOf(environment, issuer, scope));
}

export function shapeOf(environment: Environment, issuer: Issuer, scope: CrlScope): CrlShape {
  const partition = partitionOf(scope);
  const isFull = kindOf(scope) === 'full';
  return {
    scope,
    partitionUrl: partition === null ? null : crlUrl(environment, issuer.id, scopeOf('full', partition)),
    freshest: isFull ? freshestOf(environment, issuer, partition) : [],
    lifeMsMax: crlLifeMs(environment, scope),
  };
}

function freshestOf(environment: Environment, issuer: Issuer, partition: number | null): readonly string[] {
  if (!environment.addresses.deltaCrl) return [];
  return expectedDeltaAddresses(environment, issuer, partition);
}
