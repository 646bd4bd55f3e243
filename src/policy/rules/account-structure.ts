/**
 * Checks the structure of an account by the rules of holders, because it completes holders. The
 * pointers of the violations begin at the account.
 */
import type { Instant } from '../../kernel/clock.js';
import { type Violation, violation } from '../../texts/text.js';
import { numberChecksOf } from '../identifiers/number-checks.js';
import { structureIdFault } from '../identifiers/structure-id.js';
import type { Policy, Structure } from '../model.js';
import { lookAlikeViolations } from './look-alikes.js';
import { departmentViolations } from './nomenclatures.js';
import { symbolViolations, textViolations } from './text.js';

/** The upper bound of organizationName (X.520, ub-organization-name). */
const NAME_CHARACTERS_MAX = 64;

export function accountStructureViolations(
  policy: Policy,
  { id, name, department }: Structure,
  now: Instant,
): readonly Violation[] {
  const idFault = structureIdFault(id, numberChecksOf(policy));
  const at = '/structure/name';
  return [
    ...(idFault === null ? [] : [{ pointer: '/structure/id', ...idFault }]),
    ...textViolations(at, name, NAME_CHARACTERS_MAX),
    ...symbolViolations(at, name),
    ...lookAlikeViolations(at, name, policy.environment.nameScripts),
    ...departmentViolations({ policy, now }, department, '/structure/department'),
  ];
}

/** A structure that is not in the scope could complete nothing. */
export function structureScopeViolations(
  { structures }: { readonly structures: readonly string[] },
  { id }: Structure,
): readonly Violation[] {
  if (structures.includes('*') || structures.includes(id)) return [];
  return [violation('/structure/id', 'account-structure', { id })];
}
