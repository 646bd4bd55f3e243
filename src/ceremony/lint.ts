/** The other parser's opinion of certificates of a ceremony, as lines for people. */
import type { Bytes } from '../kernel/bytes.js';
import type { AuthorityPlan } from '../policy/authority-plan.js';
import type { Profile } from '../policy/model.js';
import type { Issuer } from '../x509/model.js';
import type { CeremonyWorld } from './world.js';

export function authorityFindings(
  _w: CeremonyWorld,
  _x: { certificate: Bytes; plan: AuthorityPlan; issuer: Issuer | null },
): readonly string[] {
  return [];
}
export function responderFindings(
  _w: CeremonyWorld,
  _x: { certificate: Bytes; profile: Profile; issuer: Issuer },
): readonly string[] {
  return [];
}
