/** Codes of the sector in requests are those of its nomenclatures (`policies/code-lists`). */
import { type Violation, violation } from '../../texts/text.js';
import { codeListOf, describeList, findCode, isInUse, isLabel } from '../code-lists.js';
import type { Holder } from '../model.js';
import type { RuleInput } from './rule.js';

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
  if (found === null) return [violation(pointer, 'profession-code', { list: describeList(list) })];
  const { label, ended = '' } = found;
  if (!isInUse(found, now)) return [violation(pointer, 'profession-code/ended', { profession, label, date: ended })];
  if (isLabel(title, found)) return [];
  const other = list.codes.find((code) => isLabel(title, code));
  if (other === undefined) return [];
  return [violation('/holder/title', 'profession-title', { other: other.code, profession, label })];
}

/**
 * `Paris (75)`, `Corse-du-Sud (2A)`: the name of a department before its number, in normalization
 * form D. Other letters are rejected, because the comparison of labels ignores them.
 */
const DEPARTMENT = /^([A-Za-z][A-Za-z\p{M} '’-]*) \(([0-9AB]+)\)$/u;

export function departmentViolations(
  { policy, now }: Pick<RuleInput, 'policy' | 'now'>,
  department: string,
  pointer: string,
): readonly Violation[] {
  const list = codeListOf(policy, 'departments');
  const [, name = '', number = ''] = DEPARTMENT.exec(department.normalize('NFD')) ?? [];
  const found = findCode(list, number);
  if (found === null || !isInUse(found, now))
    return [violation(pointer, 'department-form', { list: describeList(list) })];
  return isLabel(name, found) ? [] : [violation(pointer, 'department-form/name', { number, label: found.label })];
}
