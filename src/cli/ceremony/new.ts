/**
 * `pfcng ceremony new`: writes a plan from answers, which are typed or in a file. The plan passes
 * the checks of plans before it is written.
 */
import { readFileSync } from 'node:fs';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type DraftContext, nextQuestion, planFrom, questionsFor } from '../../ceremony/draft/draft.js';
import { type Answers, type DraftQuestion, readAnswers } from '../../ceremony/draft/question.js';
import type { PlanFile } from '../../ceremony/plan/model.js';
import { SETTINGS_FAULTS } from '../../ceremony-host/failure-text.js';
import { homeFiles } from '../../ceremony-host/files.js';
import { checkPlanText, loadPolicyWith } from '../../ceremony-host/session.js';
import { systemClock } from '../../compose/world.js';
import { type Config, loadConfig } from '../../config/load.js';
import { packageVersion } from '../../config/version.js';
import { type Bilingual, inBothLanguages, type Language } from '../../kernel/bilingual.js';
import { utf8 } from '../../kernel/bytes.js';
import { sha256Hex } from '../../kernel/digest.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { packageRoot } from '../../package/package-root.js';
import { policyFaultLines } from '../../policy/load/describe-faults.js';
import type { Policy } from '../../policy/model.js';
import { openLineReader } from '../../terminal/line-reader.js';
import { drawn, fail, say } from '../../terminal/say.js';
import { askAnswer, showHelp } from './ask-answers.js';

type NewOptions = {
  readonly output?: string;
  readonly answers?: string;
  readonly saveAnswers?: string;
  readonly home?: string;
  readonly lang: Language;
};

export async function newPlan(options: NewOptions): Promise<void> {
  const config = loadConfig({ home: options.home });
  if (!config.ok) return fail([inBothLanguages(SETTINGS_FAULTS), ...config.error.faults]);
  const policy = loadPolicyWith(config.value, undefined);
  if (!policy.ok) return fail(policyFaultLines(policy.error));
  const given = options.answers === undefined ? ok({}) : await readAnswersFile(options.answers);
  if (!given.ok) return fail(given.error);
  const context = contextOf(config.value, policy.value);
  const isAsking = options.answers === undefined || process.stdin.isTTY;
  const collected = isAsking
    ? await ask(context, given.value, options)
    : await takeFrom(context, given.value, options.answers ?? '');
  if (!collected.ok) return fail(collected.error);
  await write(context, collected.value, options);
}

function contextOf({ paths }: Config, policy: Policy): DraftContext {
  const folder = join(packageRoot(), 'policies', 'ceremonies');
  return {
    policy,
    softwareVersion: packageVersion(),
    now: systemClock(),
    files: homeFiles(paths.home),
    example: (name) => JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as PlanFile,
  };
}

const ANSWERS_BYTES_MAX = 256 * 1024;
const TOO_LONG = { fr: `plus de ${ANSWERS_BYTES_MAX} octets`, en: `more than ${ANSWERS_BYTES_MAX} bytes` };
const NO_OBJECT = {
  fr: 'un objet JSON dont chaque membre est un texte, un nombre ou une liste de textes',
  en: 'a JSON object whose members are each a text, a number or a list of texts',
};

async function readAnswersFile(file: string): Promise<Result<Answers, readonly string[]>> {
  const refuse = (words: Bilingual, at = '') => err([`${file}${at}: ${inBothLanguages(words)}`]);
  if ((await stat(file)).size > ANSWERS_BYTES_MAX) return refuse(TOO_LONG);
  let value: unknown;
  try {
    value = JSON.parse(await readFile(file, 'utf8'));
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw thrown;
    return refuse({ fr: `ce n'est pas du JSON : ${thrown.message}`, en: `not JSON: ${thrown.message}` });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return refuse(NO_OBJECT);
  const answers: Record<string, readonly string[]> = {};
  for (const [name, member] of Object.entries(value)) {
    const texts = Array.isArray(member) ? member : [member];
    if (!texts.every((text) => typeof text === 'string' || typeof text === 'number'))
      return refuse(NO_OBJECT, `#/${name}`);
    answers[name] = texts.map(String).filter((text) => text !== '');
  }
  return ok(answers);
}

const GIVEN_UP = { fr: "abandon : rien n'a été écrit", en: 'given up: nothing was written' };

/**
 * Asks what the file does not answer, and again what it answers wrongly. If the policy refuses the
 * plan, the last question is asked again, from where the person can go back to the wrong answer.
 */
async function ask(
  context: DraftContext,
  given: Answers,
  options: NewOptions,
): Promise<Result<Answers, readonly string[]>> {
  const { lang } = options;
  const lines = openLineReader(process.stdin);
  const show = (line: string): void => void process.stderr.write(`${line}\n`);
  const asking = { lines, show, lang };
  const answers: Record<string, readonly string[]> = {};
  const asked: string[] = [];
  showHelp(asking);
  try {
    for (;;) {
      const question = await nextQuestion(context, answers);
      if (question === null) {
        const refusal = await refusalOf(context, answers);
        const last = refusal === null ? undefined : asked.pop();
        if (refusal === null || last === undefined) return ok(answers);
        for (const line of refusal) show(drawn(line));
        forgetFrom(answers, last);
        continue;
      }
      const prepared = asked.includes(question.name) ? null : await preparedAnswer(question, given);
      if (prepared?.ok) {
        answers[question.name] = prepared.value;
        continue;
      }
      if (prepared !== null) show(drawn(`${options.answers}#/${question.name}: ${prepared.error[lang]}`));
      const typed = await askAnswer(question, asking);
      if (typed === null) return err([inBothLanguages(GIVEN_UP)]);
      const last = typed === 'back' ? asked.pop() : undefined;
      if (last !== undefined) forgetFrom(answers, last);
      if (typed === 'back') continue;
      answers[question.name] = typed;
      asked.push(question.name);
    }
  } finally {
    lines.close();
  }
}

/** What is wrong with the plan of complete answers, such as a rule of the policy; null: nothing. */
async function refusalOf(context: DraftContext, answers: Answers): Promise<readonly string[] | null> {
  const plan = await planFrom(context, answers);
  const named = { file: `${plan.id}.json`, policy: context.policy };
  const checked = await checkPlanText(utf8(JSON.stringify(plan)), named);
  return checked.ok ? null : checked.error.lines.map(inBothLanguages);
}

/** Later answers may depend on the one that is asked again; they are asked for in their order. */
function forgetFrom(answers: Record<string, readonly string[]>, name: string): void {
  const names = Object.keys(answers);
  for (const later of names.slice(names.indexOf(name))) Reflect.deleteProperty(answers, later);
}

/** null: the file does not answer this question. */
async function preparedAnswer(question: DraftQuestion, given: Answers) {
  const texts = given[question.name];
  return texts === undefined ? null : readAnswers(question, texts);
}

/** Takes all answers from the file, and the proposed ones where it has none. */
async function takeFrom(
  context: DraftContext,
  given: Answers,
  file: string,
): Promise<Result<Answers, readonly string[]>> {
  const answers: Record<string, readonly string[]> = {};
  for (;;) {
    const question = await nextQuestion(context, answers);
    if (question === null) break;
    const read = await readAnswers(question, given[question.name] ?? []);
    if (!read.ok) {
      const { fr, en } = question.words;
      return err([`${file}#/${question.name}: ${inBothLanguages(read.error)} (${inBothLanguages({ fr, en })})`]);
    }
    answers[question.name] = read.value;
  }
  const known = (await questionsFor(context, answers)).map(({ name }) => name);
  const unknown = Object.keys(given).filter((name) => !known.includes(name));
  const words = { fr: "n'est pas une question de cette cérémonie", en: 'is no question of this ceremony' };
  return unknown.length === 0 ? ok(answers) : err(unknown.map((name) => `${file}#/${name}: ${inBothLanguages(words)}`));
}

async function write(
  context: DraftContext,
  answers: Answers,
  { output, saveAnswers, home, lang }: NewOptions,
): Promise<void> {
  const plan = await planFrom(context, answers);
  const text = `${JSON.stringify(plan, null, 2)}\n`;
  const file = output ?? `${plan.id}.json`;
  const checked = await checkPlanText(utf8(text), { file, policy: context.policy });
  if (!checked.ok) return fail(checked.error.lines.map(inBothLanguages));
  await writeFile(file, text, { flag: 'wx' });
  if (saveAnswers !== undefined) await writeFile(saveAnswers, `${JSON.stringify(answers, null, 2)}\n`, { flag: 'wx' });
  say(drawn(`${file}: SHA-256 ${sha256Hex(utf8(text))}`));
  for (const line of nextSteps(file, home)[lang]) say(drawn(line));
}

function nextSteps(file: string, home: string | undefined): Readonly<Record<Language, readonly string[]>> {
  const command = 'pfcng ceremony';
  return {
    fr: [
      'Ensuite :',
      "1. faire relire le plan par deux personnes qui ne l'ont pas écrit ;",
      `2. noter son empreinte sur papier : sha256sum ${file}`,
      `3. le répéter, après les plans des cérémonies qui le précèdent : ${command} rehearse ${file}`,
      `4. le jour venu, sur la machine : ${command} check ${file} --home ${home ?? 'DOSSIER'}, puis ${command} perform`,
    ],
    en: [
      'Next:',
      '1. have the plan reviewed by two people who did not write it;',
      `2. note its hash on paper: sha256sum ${file}`,
      `3. rehearse it, after the plans of the ceremonies before it: ${command} rehearse ${file}`,
      `4. on the day, on the machine: ${command} check ${file} --home ${home ?? 'FOLDER'}, then ${command} perform`,
    ],
  };
}
