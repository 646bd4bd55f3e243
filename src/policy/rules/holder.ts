/**
 * Rules about the holder. When the kind of holder is wrong, nothing else about the holder is
 * reported.
 */
import { resolvePointer } from '../../kernel/json-pointer.js';
import { type Fault, type Violation, violation } from '../../texts/text.js';
import { numberChecksOf } from '../identifiers/number-checks.js';
import { professionalIdFault } from '../identifiers/professional-id.js';
import { staffIdFault } from '../identifiers/staff-id.js';
import { structureIdFault } from '../identifiers/structure-id.js';
import { isOwnSigner } from '../own-signers.js';
import { subjectOf } from '../plan/subject.js';
import { lookAlikeViolations } from './look-alikes.js';
import { mailAddressViolations } from './mail-addresses.js';
import { departmentViolations, professionViolations } from './nomenclatures.js';
import type { OrderRule } from './rule.js';
import { serverNameViolations } from './server-names.js';
import { symbolViolations, textViolations } from './text.js';

export const holderFits: OrderRule = (input) => {
  const { profile, order } = input;
  const { holder } = order;
  if (isOwnSigner(profile.holder)) return [violation('/profile', 'profile-internal')];
  if (holder.kind !== profile.holder)
    return [violation('/holder/kind', 'holder-kind', { profile: profile.id, kind: profile.holder })];
  return [...namesAreWhole(input), ...textsAreClean(input), ...idsAreTrue(input), ...restFits(input)];
};

/**
 * EN 319 412-2 4.2.4: given name and surname, or a pseudonym instead of both where the profile
 * allows it.
 */
const namesAreWhole: OrderRule = ({ profile, order: { holder } }) => {
  if (holder.kind !== 'staff') return [];
  if (holder.pseudonym === undefined)
    return (['givenName', 'surname'] as const)
      .filter((member) => holder[member] === undefined)
      .map((member) => violation(`/holder/${member}`, 'name-required'));
  const violations: Violation[] = [];
  if (profile.pseudonymSubject === null)
    violations.push(violation('/holder/pseudonym', 'pseudonym-unexpected', { profile: profile.id }));
  if (holder.givenName !== undefined || holder.surname !== undefined)
    violations.push(violation('/holder/pseudonym', 'pseudonym-or-names'));
  return violations;
};

/** Checks every text that the subject takes from the request. */
const textsAreClean: OrderRule = ({ policy: { environment }, profile, order }) =>
  subjectOf(profile, order)
    .flat()
    .flatMap(({ value, charactersMax }) => {
      if ('text' in value) return [];
      const text = resolvePointer(order, value.from);
      if (typeof text !== 'string') return [];
      const violations = [
        ...textViolations(value.from, text, charactersMax),
        ...symbolViolations(value.from, text),
        ...lookAlikeViolations(value.from, text, environment.nameScripts),
      ];
      if (value.from !== FIRST_NAME) return violations;
      const tooLong = violation(FIRST_NAME, 'text-length/first-name', { max: charactersMax });
      return violations.map((one) => (one.rule === tooLong.rule ? tooLong : one));
    });

const FIRST_NAME = '/holder/names/0';

const idsAreTrue: OrderRule = ({ policy, order: { holder } }) => {
  const checks = numberChecksOf(policy);
  if (holder.kind === 'professional') return faultsAt('/holder/idNat', professionalIdFault(holder.idNat, checks));
  const structure = faultsAt('/holder/structure/id', structureIdFault(holder.structure.id, checks));
  if (holder.kind !== 'staff') return structure;
  return [...structure, ...faultsAt('/holder/idNat', staffIdFault(holder.idNat, holder.structure.id))];
};

function faultsAt(pointer: string, fault: Fault | null): readonly Violation[] {
  return fault === null ? [] : [{ pointer, ...fault }];
}

const DEPARTMENT = '/holder/structure/department';

const restFits: OrderRule = (input) => {
  const { profile, order } = input;
  const { holder } = order;
  if (holder.kind === 'professional') return profile.gip.profession ? professionViolations(input, holder) : [];
  const violations = [...departmentViolations(input, holder.structure.department, DEPARTMENT)];
  if (holder.kind === 'server') {
    violations.push(...serverNameViolations(holder.names, input.policy));
    violations.push(...mailAddressViolations(holder, profile, input.policy.environment.nameScripts));
  }
  return violations;
};
