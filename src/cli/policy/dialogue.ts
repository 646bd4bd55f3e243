/**
 * The dialogue in which officers decide the open values of a policy. Only a word of the menu, a
 * valid value where one is asked for, and a reason together decide something; each decision is
 * written at once.
 */
import { readPolicySchemas } from '../../config/policy-files.js';
import { tryReadRegularFile } from '../../config/regular-file.js';
import { type Bilingual, inBothLanguages } from '../../kernel/bilingual.js';
import { duplicateKeys } from '../../kernel/duplicate-keys.js';
import type { Json } from '../../kernel/json.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { type Choice, noteOf, reasonFault } from '../../policy/decide/decision.js';
import { isDecided, type PolicyMember, splitMembers } from '../../policy/decide/questions.js';
import type { PolicyFault } from '../../policy/model.js';
import { checkDecisions, readOpenPolicy, writeDecisions } from './decision-folder.js';
import { currentLines, progressLine, questionLines, rejectionLines, valueLines, wrapBoth } from './screen.js';

type Dialogue = {
  readonly folder: string;
  /** The name of the person or committee that decides. */
  readonly by: string;
  /** The present instant in UTC (RFC 3339). */
  readonly now: () => string;
  readonly show: (lines: readonly string[]) => void;
  /** `null`: the person has stopped (Ctrl-C), or the input has ended. */
  readonly ask: (prompt: string) => Promise<string | null>;
};

/** `done`: everything was shown; values that were skipped are still open. */
type DialogueEnd = 'done' | 'quit' | 'stopped';

export async function decideAll(dialogue: Dialogue): Promise<Result<DialogueEnd, readonly PolicyFault[]>> {
  const skipped = new Set<string>();
  const schemas = readPolicySchemas();
  for (;;) {
    const policy = readOpenPolicy(dialogue.folder);
    if (!policy.ok) return policy;
    const question = policy.value.questions.find((one) => !isDecided(one) && !skipped.has(one.name));
    if (question === undefined) return ok('done');
    dialogue.show(['', progressLine(policy.value.questions)]);
    const members = question.members.filter(({ open }) => open);
    dialogue.show(questionLines(schemas, question));
    const outcome = await askAbout(dialogue, members);
    if (outcome === 'quit' || outcome === 'stopped') return ok(outcome);
    if (outcome === 'skipped') skipped.add(question.name);
  }
}

/** `again`: the members have changed since they were shown. */
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

async function askAbout(dialogue: Dialogue, members: readonly PolicyMember[]): Promise<Outcome> {
  dialogue.show(currentLines(members));
  const offered = (Object.keys(MENU) as Action[]).filter((action) => action !== 'open' || members.length > 1);
  const menu = `${offered.map((action) => MENU[action]).join(', ')} : `;
  for (;;) {
    const line = await dialogue.ask(menu);
    if (line === null) return 'stopped';
    const action = actionOf(line);
    if (action === undefined || !offered.includes(action)) dialogue.show(wrapBoth(NOT_AN_ANSWER));
    else if (action === 'skip') return 'skipped';
    else if (action === 'quit') return 'quit';
    else if (action === 'open') return askInParts(dialogue, members);
    else {
      const outcome = await (action === 'keep' ? keep(dialogue, members) : change(dialogue, members));
      if (outcome !== 'undecided') return outcome;
      dialogue.show(wrapBoth(UNDECIDED));
    }
  }
}

const NOT_AN_ANSWER: Bilingual = {
  fr: "rien n'est décidé : répondre par l'une des lettres ou l'un des mots proposés",
  en: 'nothing is decided: answer with one of these letters or words',
};
const UNDECIDED: Bilingual = { fr: "rien n'est décidé ici", en: 'nothing is decided here' };

async function askInParts(dialogue: Dialogue, members: readonly PolicyMember[]): Promise<Outcome> {
  let all: Outcome = 'decided';
  for (const part of splitMembers(members)) {
    const outcome = await askAbout(dialogue, part);
    if (outcome === 'quit' || outcome === 'stopped' || outcome === 'again') return outcome;
    if (outcome === 'skipped') all = 'skipped';
  }
  return all;
}

type Attempt = 'decided' | 'undecided' | 'again' | 'stopped';

async function keep(dialogue: Dialogue, members: readonly PolicyMember[]): Promise<Attempt> {
  const faults = faultsOf(dialogue, members, { kind: 'keep' });
  if (faults.length === 0) return giveReason(dialogue, members, { kind: 'keep' });
  dialogue.show(rejectionLines(faults));
  return 'undecided';
}

async function change(dialogue: Dialogue, members: readonly PolicyMember[]): Promise<Attempt> {
  dialogue.show(wrapBoth(HOW_TO_TYPE));
  for (;;) {
    const line = await dialogue.ask(
      `${inBothLanguages({ fr: 'nouvelle valeur (ligne vide : retour)', en: 'new value (empty: go back)' })} : `,
    );
    if (line === null) return 'stopped';
    if (line.trim() === '') return 'undecided';
    const value = readTyped(line.trim(), members);
    if (!value.ok) dialogue.show(wrapBoth(value.error));
    else {
      const choice: Choice = { kind: 'change', value: value.value };
      const faults = faultsOf(dialogue, members, choice);
      if (faults.length === 0) return giveReason(dialogue, members, choice);
      dialogue.show(rejectionLines(faults));
    }
  }
}

const HOW_TO_TYPE: Bilingual = {
  fr: 'un texte ou un nombre tel quel ; une liste ou un objet en JSON sur une ligne ; ou @FICHIER, qui contient le JSON',
  en: 'a text or a number as it is; a list or an object as JSON on one line; or @FILE, which contains the JSON',
};

/** What the loading of the policy would say about the decision. */
function faultsOf(
  { folder, by, now }: Dialogue,
  members: readonly PolicyMember[],
  choice: Choice,
): readonly PolicyFault[] {
  const policy = readOpenPolicy(folder);
  if (!policy.ok) return policy.error;
  const note = noteOf({ at: now(), by, reason: '' });
  return checkDecisions(
    policy.value,
    members.map((member) => ({ member, choice, note })),
  );
}

async function giveReason(dialogue: Dialogue, members: readonly PolicyMember[], choice: Choice): Promise<Attempt> {
  const { length: count } = members;
  dialogue.show(
    choice.kind === 'keep'
      ? [inBothLanguages({ fr: `valeur gardée (emplacements : ${count})`, en: `value kept (places: ${count})` })]
      : [
          inBothLanguages({ fr: `nouvelle valeur (emplacements : ${count})`, en: `new value (places: ${count})` }),
          ...valueLines(choice.value, 2),
        ],
  );
  for (;;) {
    const line = await dialogue.ask(
      `${inBothLanguages({ fr: 'pourquoi ? (ligne vide : retour)', en: 'why? (empty: go back)' })} : `,
    );
    if (line === null) return 'stopped';
    const reason = line.trim();
    if (reason === '') return 'undecided';
    const fault = reasonFault(reason);
    if (fault !== null) dialogue.show(wrapBoth(fault));
    else {
      const note = noteOf({ at: dialogue.now(), by: dialogue.by, reason });
      const written = await writeDecisions(
        dialogue.folder,
        members.map((member) => ({ member, choice, note })),
      );
      if (written.ok) return 'decided';
      dialogue.show(rejectionLines(written.error));
      return 'again';
    }
  }
}

const FILE_BYTES_MAX = 64 * 1024;

/** A text that is not JSON is itself the value, and so is a number where texts are expected. */
export function readTyped(line: string, members: readonly Pick<PolicyMember, 'value'>[]): Result<Json, Bilingual> {
  const read = line.startsWith('@') ? readValueFile(line.slice(1)) : ok(line);
  if (!read.ok) return read;
  const text = read.value;
  try {
    const value = JSON.parse(text) as Json;
    const [twice] = duplicateKeys(text);
    if (twice !== undefined) return err({ fr: `${twice} y est deux fois`, en: `${twice} is a duplicate key` });
    const isText = members.some((member) => typeof member.value === 'string');
    return ok(isText && (typeof value === 'number' || typeof value === 'boolean') ? text : value);
  } catch {
    if (!/^[[{"]/.test(text)) return ok(text);
    return err({ fr: "ce n'est pas du JSON valide : guillemets, virgules, crochets ?", en: 'this is not valid JSON' });
  }
}

function readValueFile(file: string): Result<string, Bilingual> {
  const content = tryReadRegularFile(file, FILE_BYTES_MAX);
  if (content.ok) return ok(new TextDecoder().decode(content.value).trim());
  const { fr, en } = content.error;
  return err({ fr: `${file} : ${fr}`, en: `${file}: ${en}` });
}
