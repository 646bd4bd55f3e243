import type { Issuers } from '../../src/operations/world.js';
import type { Issuer } from '../../src/x509/model.js';

/** These issuers, as a process knows them. Their chains are empty. */
export function issuersOf(issuers: readonly Issuer[]): Issuers {
  return {
    all: () => issuers,
    byId: (id) => issuers.find((issuer) => issuer.id === id) ?? null,
    current: (authority) => issuers.find((issuer) => issuer.authority === authority) ?? null,
    chain: () => [],
    links: () => [],
  };
}
