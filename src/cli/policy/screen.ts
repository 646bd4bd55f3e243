/** What officers see when they decide a policy: plain lines of at most 100 columns. */

import { type Bilingual, inBothLanguages } from '../../kernel/bilingual.js';
import type { Json } from '../../kernel/json.js';
import { shellWord } from '../../kernel/shell-word.js';
import { explain } from '../../policy/decide/explain.js';
import { onOneLine } from '../../policy/decide/layout.js';
import { type Group, isDecided, type Place, placeName, sameValues } from '../../policy/decide/places.js';
import type { RawDocuments } from '../../policy/load/documents.js';
import type { PolicyFault } from '../../policy/model.js';

const COLUMNS = 100;

/** Breaks a text at its spaces, and a longer word anywhere. */
export function wrapped(text: string, indent = 0): readonly string[] {
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

export function bothWrapped({ fr, en }: Bilingual, indent = 0): readonly string[] {
  return [...wrapped(fr, indent), ...wrapped(en, indent)];
}

export function progressLine(groups: readonly Group[]): string {
  const [done, all] = [groups.filter(isDecided).length, groups.length];
  return inBothLanguages({ fr: `questions décidées : ${done} sur ${all}`, en: `${done} of ${all} decided` });
}

/** What is asked, and what is allowed. */
export function questionLines(schemas: RawDocuments['schemas'], { kind, places: [first] }: Group): readonly string[] {
  if (first === undefined) return [];
  const { description, bounds } = explain(schemas, first);
  return [
    '',
    kind,
    ...(description === null ? [] : bothWrapped(description, 2)),
    inBothLanguages({ fr: '  Permis', en: 'allowed:' }),
    ...bounds.flatMap((bound) => bothWrapped(bound, 4)),
  ];
}

/** What is there now: each value with its places and the notes about it. */
export function presentLines(places: readonly Place[]): readonly string[] {
  return sameValues(places).flatMap(variantLines);
}

function variantLines(places: readonly Place[]): readonly string[] {
  const [first] = places;
  if (first === undefined) return [];
  return [
    inBothLanguages({ fr: '  Valeur présente, une supposition', en: 'present value, an assumption:' }),
    ...valueLines(first.value, 4),
    ...places.flatMap((place) => wrapped(placeName(place), 6)),
    ...first.notes.flatMap((note) => wrapped(`Note : ${note}`, 6)),
  ];
}

/** A subject has a line for each RDN; any other value is JSON on one line, wrapped. */
export function valueLines(value: Json, indent: number): readonly string[] {
  const isListOfLists = Array.isArray(value) && value.length > 0 && value.every((item: Json) => Array.isArray(item));
  const lines = isListOfLists ? (value as readonly Json[]).map(onOneLine) : [onOneLine(value)];
  return lines.flatMap((line) => wrapped(line, indent));
}

/** One line for each message, with the places where it applies. */
export function rejectionLines(faults: readonly PolicyFault[]): readonly string[] {
  const byMessage = new Map<string, string[]>();
  for (const { file, pointer, message } of faults)
    byMessage.set(message, [...(byMessage.get(message) ?? []), placeName({ file, pointer })]);
  return [...byMessage].flatMap(([message, at]) => [
    ...wrapped(`refusé / rejected: ${message}`),
    ...at.slice(0, PLACES_MAX).map((one) => `  ${one}`),
    ...(at.length > PLACES_MAX
      ? [
          `  ${inBothLanguages({ fr: `et ${at.length - PLACES_MAX} autres`, en: `and ${at.length - PLACES_MAX} more` })}`,
        ]
      : []),
  ]);
}

const PLACES_MAX = 5;

export function nextSteps(folder: string, shipped: string): readonly string[] {
  const configuration = { environment: 'production', policies: folder };
  return [
    '',
    inBothLanguages({ fr: 'Tout est décidé. La suite', en: 'Everything is decided. What comes next:' }),
    `  pfcng policy check ${shellWord(folder)} --environment production`,
    ...bothWrapped({ fr: "vérifier, et noter l'empreinte", en: 'check, and note the digest' }, 4),
    `  pfcng policy diff ${shellWord(shipped)} ${shellWord(folder)} --environment production`,
    ...bothWrapped({ fr: "faire relire par quelqu'un d'autre", en: 'have somebody else review' }, 4),
    `  PFCNG_CONFIG: ${JSON.stringify(configuration)}`,
    ...bothWrapped({ fr: 'configurer le service', en: 'configure the service' }, 4),
  ];
}
