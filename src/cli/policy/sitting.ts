/**
 * The dialogue in which officers decide the open values of a policy. Only a word of the menu, a
 * valid value where one is asked for, and a reason together decide something; each decision is
 * written at once.
 */
import { readFileSync, statSync } from 'node:fs';
import { type Bilingual, inBothLanguages } from '../../kernel/bilingual.js';
import { duplicateKeys } from '../../kernel/duplicate-keys.js';
import type { Json } from '../../kernel/json.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { type Choice, noteOf, reasonFault } from '../../policy/decide/decision.js';
import { isDecided, openedGroups, type Place } from '../../policy/decide/places.js';
import type { PolicyFault } from '../../policy/model.js';
import { checkDecisions, readOpenPolicy, writeDecisions } from './decision-folder.js';
import { bothWrapped, presentLines, progressLine, questionLines, rejectionLines, valueLines } from './screen.js';

export type Sitting = {
  readonly folder: string;
  readonly day: string;
  readonly by: string;
  readonly show: (lines: readonly string[]) => void;
  /** `null`: the person has stopped (Ctrl-C), or the input has ended. */
  readonly ask: (prompt: string) => Promise<string | null>;
};

/** `done`: everything was shown; values that were skipped are still open. */
export type SittingEnd = 'done' | 'quit' | 'stopped';

export async function decideAll(sitting: Sitting): Promise<Result<SittingEnd, readonly PolicyFault[]>> {
  const skipped = new Set<string>();
  for (;;) {
    const policy = readOpenPolicy(sitting.folder);
    if (!policy.ok) return policy;
    const group = policy.value.groups.find((one) => !isDecided(one) && !skipped.has(one.kind));
    if (group === undefined) return ok('done');
    sitting.show(['', progressLine(policy.value.groups)]);
    const places = group.places.filter(({ open }) => open);
    sitting.show(questionLines(policy.value.raw.schemas, group));
    const outcome = await question(sitting, places);
    if (outcome === 'quit' || outcome === 'stopped') return ok(outcome);
    if (outcome === 'skipped') skipped.add(group.kind);
  }
}

/** `again`: the places have changed since they were shown. */
type Outcome = 'decided' | 'skipped' | 'again' | 'quit' | 'stopped';

const ACTIONS = {
  keep: ['g', 'garder', 'k', 'keep'],
  change: ['c', 'changer', 'change'],
  open: ['o', 'ouvrir', 'open'],
  skip: ['p', 'passer', 's', 'skip'],
  quit: ['q', 'quitter', 'quit'],
} as const;

type Action = keyof typeof ACTIONS;

function actionOf(line: string): Action | undefined {
  const word = line.trim().toLowerCase();
  return (Object.keys(ACTIONS) as Action[]).find((action) => ACTIONS[action].some((one) => one === word));
}

const MENU = {
  keep: 'g garder / keep',
  change: 'c changer / change',
  open: 'o ouvrir / open',
  skip: 'p passer / skip',
  quit: 'q quitter / quit',
} as const satisfies Record<Action, string>;

async function question(sitting: Sitting, places: readonly Place[]): Promise<Outcome> {
  sitting.show(presentLines(places));
  const offered = (Object.keys(MENU) as Action[]).filter((action) => action !== 'open' || places.length > 1);
  const menu = `${offered.map((action) => MENU[action]).join(', ')} : `;
  for (;;) {
    const line = await sitting.ask(menu);
    if (line === null) return 'stopped';
    const action = actionOf(line);
    if (action === undefined || !offered.includes(action)) sitting.show(bothWrapped(NOT_AN_ANSWER));
    else if (action === 'skip') return 'skipped';
    else if (action === 'quit') return 'quit';
    else if (action === 'open') return openedQuestions(sitting, places);
    else {
      const outcome = await (action === 'keep' ? keep(sitting, places) : change(sitting, places));
      if (outcome !== 'undecided') return outcome;
      sitting.show(bothWrapped(UNDECIDED));
    }
  }
}

const NOT_AN_ANSWER: Bilingual = {
  fr: "rien n'est décidé : répondre par l'une des lettres ou l'un des mots proposés",
  en: 'nothing is decided: answer with one of these letters or words',
};
const UNDECIDED: Bilingual = { fr: "rien n'est décidé ici", en: 'nothing is decided here' };

async function openedQuestions(sitting: Sitting, places: readonly Place[]): Promise<Outcome> {
  let all: Outcome = 'decided';
  for (const part of openedGroups(places)) {
    const outcome = await question(sitting, part);
    if (outcome === 'quit' || outcome === 'stopped' || outcome === 'again') return outcome;
    if (outcome === 'skipped') all = 'skipped';
  }
  return all;
}

type Attempt = 'decided' | 'undecided' | 'again' | 'stopped';

async function keep(sitting: Sitting, places: readonly Place[]): Promise<Attempt> {
  const faults = faultsOf(sitting, places, { kind: 'keep' });
  if (faults.length === 0) return giveReason(sitting, places, { kind: 'keep' });
  sitting.show(rejectionLines(faults));
  return 'undecided';
}

async function change(sitting: Sitting, places: readonly Place[]): Promise<Attempt> {
  sitting.show(bothWrapped(HOW_TO_TYPE));
  for (;;) {
    const line = await sitting.ask(
      `${inBothLanguages({ fr: 'nouvelle valeur (rien : revenir)', en: 'new value (empty: go back)' })} : `,
    );
    if (line === null) return 'stopped';
    if (line.trim() === '') return 'undecided';
    const value = readTyped(line.trim(), places);
    if (!value.ok) sitting.show(bothWrapped(value.error));
    else {
      const choice: Choice = { kind: 'change', value: value.value };
      const faults = faultsOf(sitting, places, choice);
      if (faults.length === 0) return giveReason(sitting, places, choice);
      sitting.show(rejectionLines(faults));
    }
  }
}

const HOW_TO_TYPE: Bilingual = {
  fr: 'un texte ou un nombre tel quel ; une liste ou un objet en JSON sur une ligne ; ou @FICHIER, qui contient le JSON',
  en: 'a text or a number as it is; a list or an object as JSON on one line; or @FILE, which contains the JSON',
};

/** What the loading of the policy would say about the decision. */
function faultsOf({ folder, day, by }: Sitting, places: readonly Place[], choice: Choice): readonly PolicyFault[] {
  const policy = readOpenPolicy(folder);
  if (!policy.ok) return policy.error;
  const note = noteOf({ day, by, reason: '' });
  return checkDecisions(
    policy.value,
    places.map((place) => ({ place, choice, note })),
  );
}

async function giveReason(sitting: Sitting, places: readonly Place[], choice: Choice): Promise<Attempt> {
  const count = places.length;
  const [verb, lines] =
    choice.kind === 'keep'
      ? [{ fr: 'gardé', en: 'kept' }, []]
      : [{ fr: 'changé en', en: 'changed to' }, valueLines(choice.value, 2)];
  sitting.show([
    inBothLanguages({ fr: `${verb.fr}, places : ${count}`, en: `${verb.en}, places: ${count}` }),
    ...lines,
  ]);
  for (;;) {
    const line = await sitting.ask(
      `${inBothLanguages({ fr: 'pourquoi ? (rien : revenir)', en: 'why? (empty: go back)' })} : `,
    );
    if (line === null) return 'stopped';
    const reason = line.trim();
    if (reason === '') return 'undecided';
    const fault = reasonFault(reason);
    if (fault !== null) sitting.show(bothWrapped(fault));
    else {
      const note = noteOf({ day: sitting.day, by: sitting.by, reason });
      const written = await writeDecisions(
        sitting.folder,
        places.map((place) => ({ place, choice, note })),
      );
      if (written.ok) return 'decided';
      sitting.show(rejectionLines(written.error));
      return 'again';
    }
  }
}

const FILE_BYTES_MAX = 64 * 1024;

/** A text that is not JSON is itself the value, and so is a number where texts are expected. */
export function readTyped(line: string, places: readonly Pick<Place, 'value'>[]): Result<Json, Bilingual> {
  const text = line.startsWith('@') ? readSmallFile(line.slice(1)) : line;
  if (text === null)
    return err({
      fr: `${line.slice(1)} : fichier illisible ou trop grand`,
      en: 'the file cannot be read, or is too big',
    });
  try {
    const value = JSON.parse(text) as Json;
    const [twice] = duplicateKeys(text);
    if (twice !== undefined) return err({ fr: `${twice} y est deux fois`, en: `${twice} is a duplicate key` });
    const isText = places.some((place) => typeof place.value === 'string');
    return ok(isText && (typeof value === 'number' || typeof value === 'boolean') ? text : value);
  } catch {
    if (!/^[[{"]/.test(text)) return ok(text);
    return err({ fr: "ce n'est pas du JSON valide : guillemets, virgules, crochets ?", en: 'this is not valid JSON' });
  }
}

function readSmallFile(file: string): string | null {
  try {
    const found = statSync(file);
    return found.isFile() && found.size <= FILE_BYTES_MAX ? readFileSync(file, 'utf8').trim() : null;
  } catch {
    return null;
  }
}
