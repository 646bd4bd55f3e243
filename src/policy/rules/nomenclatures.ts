/** Codes of the sector in requests are those of its nomenclatures (`policies/code-lists`). */
import { codeListOf, describeList, findCode, isInUse, isLabel } from '../code-lists.js';
import type { Holder, Violation } from '../model.js';
import { type RuleInput, violation } from './rule.js';

type Professional = Extract<Holder, { kind: 'professional' }>;

/**
 * The profession is a code in use, and the title, which people read, is not that of another
 * profession, which relying parties read from the code.
 */
export function professionViolations(
  { policy, now }: Pick<RuleInput, 'policy' | 'now'>,
  { profession, title }: Professional,
): readonly Violation[] {
  const list = codeListOf(policy, 'professions');
  const found = findCode(list, profession);
  const pointer = '/holder/profession';
  if (found === null)
    return [violation(pointer, 'profession-code', `is not a code of ${describeList(list)}, as 10 (Médecin) is`)];
  if (!isInUse(found, now))
    return [violation(pointer, 'profession-code', `${profession} (${found.label}) ended on ${found.ended}`)];
  if (isLabel(title, found)) return [];
  const other = list.codes.find((code) => isLabel(title, code));
  if (other === undefined) return [];
  const message = `is the title of profession ${other.code}: ${profession} is ${found.label}`;
  return [violation('/holder/title', 'profession-title', message)];
}

/** `Paris (75)`, `Corse-du-Sud (2A)`: the name of a department before its number. */
const DEPARTMENT = /^(\p{L}[\p{L} '’-]*) \(([0-9AB]+)\)$/u;

export function departmentViolations(
  { policy, now }: Pick<RuleInput, 'policy' | 'now'>,
  department: string,
): readonly Violation[] {
  const list = codeListOf(policy, 'departments');
  const refused = (message: string) => [violation('/holder/structure/department', 'department-form', message)];
  const [, name = '', number = ''] = DEPARTMENT.exec(department) ?? [];
  const found = findCode(list, number);
  if (found === null || !isInUse(found, now))
    return refused(`must be the name and the number of a department of ${describeList(list)}, e.g. Paris (75)`);
  return isLabel(name, found) ? [] : refused(`${number} is ${found.label}: ${found.label} (${number})`);
}
