/**
 * `pfcng policy decide`: leads officers through the values that the package assumes and that
 * production does not accept undecided. It asks at a terminal or over a pipe, or takes the answers
 * from a file.
 */
import { existsSync, realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { systemClock } from '../../compose/world.js';
import { packagePolicies } from '../../config/load.js';
import { readPolicySchemas } from '../../config/policy-files.js';
import { tryReadRegularFile } from '../../config/regular-file.js';
import { type Bilingual, inBothLanguages } from '../../kernel/bilingual.js';
import { formatInstant } from '../../kernel/clock.js';
import { duplicateKeys } from '../../kernel/duplicate-keys.js';
import { errorMessage } from '../../kernel/errors.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { shellWord } from '../../kernel/shell-word.js';
import { decideByAnswers, readAnswers } from '../../policy/decide/answers.js';
import { nameFault } from '../../policy/decide/decision.js';
import { explain } from '../../policy/decide/explain.js';
import { isDecided, memberName } from '../../policy/decide/questions.js';
import { policyFaultLines } from '../../policy/load/describe-faults.js';
import { type LineReader, openLineReader } from '../../terminal/line-reader.js';
import { escapeForTerminal, fail, say } from '../../terminal/say.js';
import { copyShipped, type OpenPolicy, readOpenPolicy, writeDecisions } from './decision-folder.js';
import { decideAll } from './dialogue.js';
import { nextSteps, progressLine, wrapBoth } from './screen.js';

type DecideOptions = {
  readonly by?: string;
  readonly answers?: string;
  readonly fromShipped?: boolean;
  readonly json?: boolean;
};

export async function decide(given: string, options: DecideOptions): Promise<void> {
  const folder = resolve(given);
  const refused = prepareFolder(folder, options);
  if (refused.length > 0) return fail(refused);
  if (options.json) return printOpen(folder);
  const fault = options.by === undefined ? null : nameFault(options.by);
  if (fault !== null) return fail([`--by: ${inBothLanguages(fault)}`]);
  return options.answers === undefined
    ? decideInDialogue(folder, options.by)
    : takeAnswers(folder, options.answers, options.by);
}

/** Returns what is wrong with the folder; a missing one is made when that was asked for. */
function prepareFolder(folder: string, { fromShipped, json }: DecideOptions): readonly string[] {
  const shipped = packagePolicies();
  if (!existsSync(folder)) {
    if (!fromShipped)
      return [
        inBothLanguages({
          fr: `${folder} n'existe pas ; copier les politiques livrées`,
          en: 'it does not exist; copy the shipped policies:',
        }),
        `  cp -R ${shellWord(shipped)} ${shellWord(folder)}`,
        inBothLanguages({ fr: 'ou ajoutez --from-shipped', en: 'or add --from-shipped' }),
      ];
    copyShipped(folder);
    if (!json)
      say(inBothLanguages({ fr: `${folder} : copie des politiques livrées`, en: 'a copy of the shipped policies' }));
  }
  if (realpathSync(folder) !== realpathSync(shipped)) return [];
  return [
    inBothLanguages({
      fr: `${folder} fait partie du logiciel, et une mise à jour le remplacerait : décidez dans une copie`,
      en: 'it is part of the software, and an update would replace it: decide in a copy',
    }),
  ];
}

/** Prints the open questions as JSON. */
function printOpen(folder: string): void {
  const policy = readOpenPolicy(folder);
  if (policy.ok) say(JSON.stringify(openQuestions(policy.value), null, 2));
  else fail(policyFaultLines(policy.error));
}

function openQuestions({ questions }: OpenPolicy) {
  const schemas = readPolicySchemas();
  const open = questions.filter((question) => !isDecided(question));
  const listed = open.map(({ name, members }) => {
    const [first] = members;
    return {
      question: name,
      ...(first === undefined ? {} : explain(schemas, first)),
      members: members
        .filter((member) => member.open)
        .map((member) => ({ member: memberName(member), value: member.value, notes: member.notes })),
    };
  });
  return { decided: questions.length - open.length, total: questions.length, questions: listed };
}

function now(): string {
  return formatInstant(systemClock());
}

const NAME_PROMPT = inBothLanguages({ fr: 'Qui décide ? (nom, comité, séance)', en: 'Who decides?' });

async function decideInDialogue(folder: string, given: string | undefined): Promise<void> {
  const lines = openLineReader(process.stdin);
  try {
    await askDecisions(lines, folder, given);
  } finally {
    lines.close();
  }
}

async function askDecisions({ ask }: LineReader, folder: string, given: string | undefined): Promise<void> {
  const show = (lines: readonly string[]): void => {
    for (const line of lines) say(escapeForTerminal(line));
  };
  let by = given;
  while (by === undefined) {
    const line = await ask(`${NAME_PROMPT} : `);
    if (line === null) return failStopped();
    const fault = nameFault(line.trim());
    if (fault === null) by = line.trim();
    else show(wrapBoth(fault));
  }
  const end = await decideAll({ folder, by, now, show, ask });
  if (!end.ok) return fail(policyFaultLines(end.error));
  if (end.value === 'stopped') return failStopped();
  printProgress(folder);
}

function failStopped(): void {
  fail([
    inBothLanguages({
      fr: 'arrêté : les décisions sont enregistrées, la même commande continue',
      en: 'stopped: decisions are written, the same command continues',
    }),
  ]);
}

/** Prints how many questions are decided, and what comes next. */
function printProgress(folder: string): void {
  const policy = readOpenPolicy(folder);
  if (!policy.ok) fail(policyFaultLines(policy.error));
  else for (const line of progressLines(folder, policy.value)) say(line);
}

function progressLines(folder: string, { questions }: OpenPolicy): readonly string[] {
  const next = questions.every(isDecided)
    ? nextSteps(folder, packagePolicies())
    : [inBothLanguages({ fr: 'la même commande reprend la suite', en: 'the same command continues' })];
  return ['', progressLine(questions), ...next];
}

async function takeAnswers(folder: string, file: string, by: string | undefined): Promise<void> {
  if (by === undefined) return fail([inBothLanguages({ fr: '--by NOM : qui décide', en: '--by NAME: who decides' })]);
  const read = readAnswersFile(file);
  if (!read.ok) return fail([`${file}: ${inBothLanguages(read.error)}`]);
  const lines = (faults: readonly { readonly about: string; readonly fr: string; readonly en: string }[]) =>
    faults.map(({ about, fr, en }) => `${file}: ${about}: ${inBothLanguages({ fr, en })}`);
  const answers = readAnswers(read.value);
  if (!answers.ok) return fail(lines(answers.error));
  const policy = readOpenPolicy(folder);
  if (!policy.ok) return fail(policyFaultLines(policy.error));
  const decisions = decideByAnswers(policy.value.questions, answers.value, { at: now(), by });
  if (!decisions.ok) return fail(lines(decisions.error));
  const written = await writeDecisions(folder, decisions.value);
  if (!written.ok) return fail(policyFaultLines(written.error));
  const count = decisions.value.length;
  say(inBothLanguages({ fr: `valeurs décidées : ${count}`, en: `values decided: ${count}` }));
  printProgress(folder);
}

function readAnswersFile(file: string): Result<unknown, Bilingual> {
  const content = tryReadRegularFile(file);
  if (!content.ok) return content;
  const text = new TextDecoder().decode(content.value);
  try {
    const value: unknown = JSON.parse(text);
    const [twice] = duplicateKeys(text);
    return twice === undefined ? ok(value) : err({ fr: `${twice} y est deux fois`, en: `${twice} is a duplicate key` });
  } catch (error) {
    const detail = errorMessage(error);
    return err({ fr: `ce n'est pas du JSON (${detail})`, en: `it is not JSON (${detail})` });
  }
}
