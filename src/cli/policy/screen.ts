/** Makes the lines that officers read when they decide a policy: plain text of 100 columns. */
import { type Bilingual, inBothLanguages } from '../../kernel/bilingual.js';
import { groupBy } from '../../kernel/group-by.js';
import type { Json } from '../../kernel/json.js';
import { shellWord } from '../../kernel/shell-word.js';
import { explain } from '../../policy/decide/explain.js';
import {
  isDecided,
  memberName,
  membersByValue,
  type PolicyMember,
  type Question,
} from '../../policy/decide/questions.js';
import type { PolicySchemas } from '../../policy/load/documents.js';
import type { PolicyFault } from '../../policy/model.js';

const COLUMNS = 100;

/** Breaks a text at its spaces, and a longer word anywhere. */
export function wrap(text: string, indent = 0): readonly string[] {
  const margin = ' '.repeat(indent);
  const width = COLUMNS - indent;
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if ([...longer].length <= width) line = longer;
    else {
      if (line !== '') lines.push(line);
      let rest = [...word];
      for (; rest.length > width; rest = rest.slice(width)) lines.push(rest.slice(0, width).join(''));
      line = rest.join('');
    }
  }
  return [...lines, line].map((one) => margin + one);
}

export function wrapBoth({ fr, en }: Bilingual, indent = 0): readonly string[] {
  return [...wrap(fr, indent), ...wrap(en, indent)];
}

export function progressLine(questions: readonly Question[]): string {
  const [done, all] = [questions.filter(isDecided).length, questions.length];
  return inBothLanguages({ fr: `questions décidées : ${done} sur ${all}`, en: `${done} of ${all} decided` });
}

/** The question, and which values are allowed. */
export function questionLines(schemas: PolicySchemas, { name, members: [first] }: Question): readonly string[] {
  if (first === undefined) return [];
  const { description, bounds } = explain(schemas, first);
  return [
    '',
    name,
    ...(description === null ? [] : wrapBoth(description, 2)),
    inBothLanguages({ fr: '  Valeurs admises', en: 'allowed values:' }),
    ...bounds.flatMap((bound) => wrapBoth(bound, 4)),
  ];
}

/** Each current value, with its members and the notes about it. */
export function currentLines(members: readonly PolicyMember[]): readonly string[] {
  return membersByValue(members).flatMap(sameValueLines);
}

function sameValueLines(members: readonly PolicyMember[]): readonly string[] {
  const [first] = members;
  if (first === undefined) return [];
  return [
    inBothLanguages({ fr: '  Valeur actuelle (supposée)', en: 'current value (assumed):' }),
    ...valueLines(first.value, 4),
    ...members.flatMap((member) => wrap(memberName(member), 6)),
    ...first.notes.flatMap((note) => wrap(`Note : ${note}`, 6)),
  ];
}

/** A subject has a line for each RDN; any other value is JSON on one line, wrapped. */
export function valueLines(value: Json, indent: number): readonly string[] {
  const isListOfLists = Array.isArray(value) && value.length > 0 && value.every((item: Json) => Array.isArray(item));
  const lines = isListOfLists ? (value as readonly Json[]).map(onOneLine) : [onOneLine(value)];
  return lines.flatMap((line) => wrap(line, indent));
}

/** `{ "days": 90 }`, `["card"]`. */
function onOneLine(value: Json): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(onOneLine).join(', ')}]`;
  const members = Object.entries(value).map(([name, one]) => `${JSON.stringify(name)}: ${onOneLine(one)}`);
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}

/** One line for each message, with the members that it is about. */
export function rejectionLines(faults: readonly PolicyFault[]): readonly string[] {
  return [...groupBy(faults, ({ message }) => message)].flatMap(([message, alike]) => [
    ...wrap(`refusé / rejected: ${message}`),
    ...alike.slice(0, LISTED_MAX).map((fault) => `  ${memberName(fault)}`),
    ...(alike.length > LISTED_MAX ? [`  ${inBothLanguages(moreText(alike.length - LISTED_MAX))}`] : []),
  ]);
}

const LISTED_MAX = 5;

function moreText(count: number): Bilingual {
  return { fr: `et ${count} autres`, en: `and ${count} more` };
}

export function nextSteps(folder: string, shipped: string): readonly string[] {
  const configuration = { environment: 'production', policies: folder };
  return [
    '',
    inBothLanguages({ fr: 'Tout est décidé. La suite', en: 'Everything is decided. What comes next:' }),
    `  pfcng policy check ${shellWord(folder)} --environment production`,
    ...wrapBoth({ fr: "vérifier, et noter l'empreinte", en: 'check, and note the digest' }, 4),
    `  pfcng policy diff ${shellWord(shipped)} ${shellWord(folder)} --environment production`,
    ...wrapBoth({ fr: "faire relire par quelqu'un d'autre", en: 'have somebody else review' }, 4),
    `  PFCNG_CONFIG: ${JSON.stringify(configuration)}`,
    ...wrapBoth({ fr: 'configurer le service', en: 'configure the service' }, 4),
  ];
}
