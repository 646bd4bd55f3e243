/** Describes the faults of a policy in lines for people. */
import { ASSUMED } from '../checks/marks.js';
import type { PolicyFault } from '../model.js';

/**
 * One line per fault, as `fort/hierarchy.json/generationSuffix: is an assumption ...`. Values that
 * an officer must still decide come first: before production they are most of the list, and not
 * errors. Their number and what to do with them are the last line.
 */
export function policyFaultLines(faults: readonly PolicyFault[]): readonly string[] {
  const line = ({ file, pointer, message }: PolicyFault) => `${file}${pointer}: ${message}`;
  const isLeft = ({ message }: PolicyFault): boolean => message.startsWith(ASSUMED);
  const left = faults.filter(isLeft);
  const others = faults.filter((fault) => !isLeft(fault)).map(line);
  return [...left.map(line), ...others, ...(left.length === 0 ? [] : [leftLine(left.length)])];
}

function leftLine(count: number): string {
  const command = 'pfcng policy decide';
  const page = 'ops/production-policy.md';
  return (
    `${count} valeurs restent à décider par un officier, dans une copie des politiques (${command}) : ${page} / ` +
    `${count} values are left for an officer to decide, in a copy of the policies (${command}): ${page}`
  );
}
