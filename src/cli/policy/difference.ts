/** `pfcng policy diff`: what somebody reviews before the policy of production is used. */
import { resolve } from 'node:path';
import { loadOpenPolicy } from '../../config/policy.js';
import { inBothLanguages } from '../../kernel/bilingual.js';
import { digestOf } from '../../policy/load/compile.js';
import { policyFaultLines } from '../../policy/load/describe-faults.js';
import { type Change, policyDifferences } from '../../policy/load/difference.js';
import type { PolicyDocuments } from '../../policy/load/documents.js';
import { escapeForTerminal, fail, say } from '../../terminal/say.js';
import { valueLines, wrap, wrapBoth } from './screen.js';

type DiffOptions = { readonly environment: string; readonly json?: boolean };

export function difference(before: string, after: string, { environment, json }: DiffOptions): void {
  const [old, now] = [load(before, environment), load(after, environment)];
  if (old === null || now === null) return;
  const changes = policyDifferences(old, now);
  if (json) say(JSON.stringify({ from: digestOf(old), to: digestOf(now), changes }));
  else for (const line of [...changes.flatMap(changeLines), ...countLines(changes)]) say(escapeForTerminal(line));
}

function load(folder: string, environment: string): PolicyDocuments | null {
  const loaded = loadOpenPolicy(resolve(folder), environment);
  if (loaded.ok) return loaded.value;
  fail(policyFaultLines(loaded.error));
  return null;
}

function changeLines(change: Change): readonly string[] {
  const { file, pointer, before, after, state, decisions } = change;
  const values =
    state === 'changed' || JSON.stringify(before) !== JSON.stringify(after)
      ? [BEFORE, ...valueLines(before, 4), AFTER, ...valueLines(after, 4)]
      : [VALUE, ...valueLines(after, 4)];
  return [
    `${file}#${pointer}`,
    ...wrapBoth(change, 2),
    ...(pointer === '' ? [] : values),
    ...decisions.flatMap((note) => [DECIDED, ...wrap(note, 4)]),
    ...(state === 'open' ? [LEFT] : []),
    '',
  ];
}

const BEFORE = inBothLanguages({ fr: '  avant', en: 'before:' });
const AFTER = inBothLanguages({ fr: '  après', en: 'after:' });
const VALUE = inBothLanguages({ fr: '  valeur', en: 'value:' });
const DECIDED = inBothLanguages({ fr: '  décidé', en: 'decided:' });
const LEFT = inBothLanguages({ fr: '  reste à décider', en: 'still to be decided' });

function countLines(changes: readonly Change[]): readonly string[] {
  if (changes.length === 0) return [inBothLanguages({ fr: 'rien ne change', en: 'nothing changes' })];
  const count = (state: Change['state']): number => changes.filter((one) => one.state === state).length;
  const [changed, kept, open] = [count('changed'), count('kept'), count('open')];
  return [
    inBothLanguages({
      fr: `valeurs changées : ${changed} ; gardées par décision : ${kept} ; à décider : ${open}`,
      en: `values changed: ${changed}; kept by decision: ${kept}; still open: ${open}`,
    }),
  ];
}
