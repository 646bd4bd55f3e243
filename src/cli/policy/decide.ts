/**
 * `pfcng policy decide`: leads officers through the values that the package assumes and that
 * production does not accept undecided. It asks at a terminal or over a pipe, or takes the answers
 * from a file.
 */
import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { systemClock } from '../../compose/world.js';
import { packagePolicies } from '../../config/load.js';
import { inBothLanguages } from '../../kernel/bilingual.js';
import { formatInstant } from '../../kernel/clock.js';
import { duplicateKeys } from '../../kernel/duplicate-keys.js';
import { shellWord } from '../../kernel/shell-word.js';
import { answered, readAnswers } from '../../policy/decide/answers.js';
import { nameFault } from '../../policy/decide/decision.js';
import { explain } from '../../policy/decide/explain.js';
import { isDecided, placeName } from '../../policy/decide/places.js';
import { policyFaultLines } from '../../policy/load/describe-faults.js';
import { type LineReader, openLineReader } from '../../terminal/line-reader.js';
import { escapeForTerminal, fail, say } from '../../terminal/say.js';
import { copyShipped, readOpenPolicy, writeDecisions } from './decision-folder.js';
import { bothWrapped, nextSteps, progressLine } from './screen.js';
import { decideAll } from './sitting.js';

export type DecideOptions = {
  readonly by?: string;
  readonly answers?: string;
  readonly fromShipped?: boolean;
  readonly json?: boolean;
};

export async function decide(given: string, options: DecideOptions): Promise<void> {
  const folder = resolve(given);
  const refused = prepareFolder(folder, options);
  if (refused.length > 0) return fail(refused);
  if (options.json) return list(folder);
  const fault = options.by === undefined ? null : nameFault(options.by);
  if (fault !== null) return fail([`--by: ${inBothLanguages(fault)}`]);
  return options.answers === undefined ? sit(folder, options.by) : takeAnswers(folder, options.answers, options.by);
}

/** Returns what is wrong with the folder; a missing one is made when that was asked for. */
function prepareFolder(folder: string, { fromShipped, json }: DecideOptions): readonly string[] {
  const shipped = packagePolicies();
  if (!existsSync(folder)) {
    if (!fromShipped)
      return [
        inBothLanguages({
          fr: `${folder} n'existe pas. Copier les politiques livrées`,
          en: 'it does not exist; copy:',
        }),
        `  cp -R ${shellWord(shipped)} ${shellWord(folder)}`,
        inBothLanguages({ fr: 'ou ajouter --from-shipped', en: 'or add --from-shipped' }),
      ];
    copyShipped(folder);
    if (!json)
      say(inBothLanguages({ fr: `${folder} : copie des politiques livrées`, en: 'a copy of the shipped policies' }));
  }
  if (realpathSync(folder) !== realpathSync(shipped)) return [];
  return [
    inBothLanguages({
      fr: `${folder} fait partie du logiciel, une mise à jour le remplacerait : décider dans une copie`,
      en: 'it is part of the software, and an update would replace it: decide in a copy',
    }),
  ];
}

async function list(folder: string): Promise<void> {
  const policy = readOpenPolicy(folder);
  if (!policy.ok) return fail(policyFaultLines(policy.error));
  const { raw, groups } = policy.value;
  const open = groups
    .filter((group) => !isDecided(group))
    .map(({ kind, places }) => {
      const [first] = places;
      const members = places.filter((place) => place.open);
      return {
        kind,
        ...(first === undefined ? {} : explain(raw.schemas, first)),
        places: members.map((place) => ({ place: placeName(place), value: place.value, notes: place.notes })),
      };
    });
  say(JSON.stringify({ decided: groups.length - open.length, total: groups.length, groups: open }, null, 2));
}

function today(): string {
  return formatInstant(systemClock()).slice(0, 'YYYY-MM-DD'.length);
}

const NAME_PROMPT = inBothLanguages({ fr: 'Qui décide ? (nom, comité, séance)', en: 'Who decides?' });

async function sit(folder: string, given: string | undefined): Promise<void> {
  const lines = openLineReader(process.stdin);
  try {
    await sitWith(lines, folder, given);
  } finally {
    lines.close();
  }
}

async function sitWith({ ask }: LineReader, folder: string, given: string | undefined): Promise<void> {
  const show = (lines: readonly string[]): void => {
    for (const line of lines) say(escapeForTerminal(line));
  };
  let by = given;
  while (by === undefined) {
    const line = await ask(`${NAME_PROMPT} : `);
    if (line === null) return stopped();
    const fault = nameFault(line.trim());
    if (fault === null) by = line.trim();
    else show(bothWrapped(fault));
  }
  const end = await decideAll({ folder, day: today(), by, show, ask });
  if (!end.ok) return fail(policyFaultLines(end.error));
  if (end.value === 'stopped') return stopped();
  await summary(folder);
}

function stopped(): void {
  fail([
    inBothLanguages({
      fr: 'arrêté ; ce qui est décidé est écrit, la même commande continue',
      en: 'stopped; what is decided is written, the same command continues',
    }),
  ]);
}

/** Says how far the decisions are, and what comes next. */
async function summary(folder: string): Promise<void> {
  const policy = readOpenPolicy(folder);
  if (!policy.ok) return fail(policyFaultLines(policy.error));
  const { groups } = policy.value;
  say(`\n${progressLine(groups)}`);
  if (groups.every(isDecided)) for (const line of nextSteps(folder, packagePolicies())) say(line);
  else say(inBothLanguages({ fr: 'la même commande continue', en: 'the same command continues' }));
}

const ANSWERS_BYTES_MAX = 1024 * 1024;

async function takeAnswers(folder: string, file: string, by: string | undefined): Promise<void> {
  if (by === undefined) return fail([inBothLanguages({ fr: '--by NOM : qui décide', en: '--by NAME: who decides' })]);
  const read = readAnswersFile(file);
  if ('fault' in read) return fail([`${file}: ${read.fault}`]);
  const lines = (faults: readonly { readonly about: string; readonly fr: string; readonly en: string }[]) =>
    faults.map(({ about, fr, en }) => `${file}: ${about}: ${inBothLanguages({ fr, en })}`);
  const answers = readAnswers(read.value);
  if (!answers.ok) return fail(lines(answers.error));
  const policy = readOpenPolicy(folder);
  if (!policy.ok) return fail(policyFaultLines(policy.error));
  const decisions = answered(policy.value.groups, answers.value, { day: today(), by });
  if (!decisions.ok) return fail(lines(decisions.error));
  const written = await writeDecisions(folder, decisions.value);
  if (!written.ok) return fail(policyFaultLines(written.error));
  const count = decisions.value.length;
  say(inBothLanguages({ fr: `valeurs décidées : ${count}`, en: `values decided: ${count}` }));
  await summary(folder);
}

function readAnswersFile(file: string): { readonly value: unknown } | { readonly fault: string } {
  try {
    const found = statSync(file);
    if (!found.isFile() || found.size > ANSWERS_BYTES_MAX)
      return { fault: `is not a file of at most ${ANSWERS_BYTES_MAX} bytes` };
    const text = readFileSync(file, 'utf8');
    const value: unknown = JSON.parse(text);
    const [twice] = duplicateKeys(text);
    return twice === undefined ? { value } : { fault: `${twice} is a duplicate key` };
  } catch (error) {
    return { fault: `cannot be read as JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
}
