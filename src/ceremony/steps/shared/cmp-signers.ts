/** What the steps about CMP signers have in common. */
import { cmpKeyLabel } from '../../../policy/cmp-keys.js';
import type { Policy } from '../../../policy/model.js';
import { cmpProfileOf } from '../../../policy/plan/plan.js';
import type { CheckContext, Fault } from '../../plan/fault.js';
import { findAuthority } from './checks.js';
import { authorityOf } from './issuers.js';

/** Returns the label of the key that signs the CMP answers of an issuer of a checked plan. */
export function cmpKeyOf(policy: Policy, issuer: string): string {
  return cmpKeyLabel(authorityOf(policy, issuer).definition.hierarchy);
}

/** Checks that the policy has a profile of CMP signers for this CA. */
export function cmpAuthorityFaults(issuer: string, { policy }: CheckContext): readonly Fault[] {
  const authority = findAuthority(policy, issuer);
  if (authority !== null && cmpProfileOf(policy, authority.id) !== null) return [];
  const message = {
    fr: `la politique n'a pas de profil de signataire CMP pour ${issuer}`,
    en: `the policy has no profile of CMP signers for ${issuer}`,
  };
  return [{ pointer: '/issuer', message }];
}
