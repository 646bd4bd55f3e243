/**
 * `pfcng ceremony new`: writes a plan from answers, which are typed or in a file. The plan passes
 * the checks of plans before it is written.
 */
import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type DraftContext, nextQuestion, planFrom, questionsFor } from '../../ceremony/draft/draft.js';
import { type DraftAnswers, type DraftQuestion, readAnswerTo } from '../../ceremony/draft/question.js';
import type { PlanFile } from '../../ceremony/plan/model.js';
import { SETTINGS_FAULTS } from '../../ceremony-host/failure-text.js';
import { homeFiles } from '../../ceremony-host/files.js';
import { withinColumns } from '../../ceremony-host/layout.js';
import { checkPlanText, loadPolicyWith } from '../../ceremony-host/session.js';
import { systemClock } from '../../compose/world.js';
import { type Config, loadConfig } from '../../config/load.js';
import { packageVersion } from '../../config/version.js';
import { inBothLanguages, type Language } from '../../kernel/bilingual.js';
import { utf8 } from '../../kernel/bytes.js';
import { sha256Hex } from '../../kernel/digest.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { shellWord } from '../../kernel/shell-word.js';
import { packageRoot } from '../../package/package-root.js';
import { policyFaultLines } from '../../policy/load/describe-faults.js';
import type { Policy } from '../../policy/model.js';
import { openLineReader } from '../../terminal/line-reader.js';
import { escapeForTerminal, fail, say } from '../../terminal/say.js';
import { readAnswersFile, unknownMembers } from './answers-file.js';
import { askAnswer, showHelp } from './ask-answers.js';

type NewOptions = {
  readonly output?: string;
  readonly answers?: string;
  readonly saveAnswers?: string;
  readonly home?: string;
  readonly lang: Language;
};

export async function newPlan(options: NewOptions): Promise<void> {
  for (const file of [options.output, options.saveAnswers])
    if (file !== undefined && existsSync(file)) return fail([`${file}: ${inBothLanguages(FILE_EXISTS)}`]);
  const config = loadConfig({ home: options.home });
  if (!config.ok) return fail([inBothLanguages(SETTINGS_FAULTS), ...config.error.faults]);
  const policy = loadPolicyWith(config.value, undefined);
  if (!policy.ok) return fail(policyFaultLines(policy.error));
  const given = options.answers === undefined ? ok({}) : readAnswersFile(options.answers);
  if (!given.ok) return fail(given.error);
  const context = contextOf(config.value, policy.value);
  const isAsking = options.answers === undefined || process.stdin.isTTY;
  const collected = isAsking ? await ask(context, given.value, options) : await takeFrom(context, given.value, options);
  if (!collected.ok) return fail(collected.error);
  const questions = (await questionsFor(context, collected.value)).map(({ name }) => name);
  const unknown = unknownMembers(options.answers ?? '', given.value, questions);
  if (unknown.length > 0) {
    // Answers that were typed are not lost.
    if (isAsking) await saveAnswers(collected.value, options);
    return fail(unknown);
  }
  await write(context, collected.value, options);
}

const FILE_EXISTS = {
  fr: 'un fichier porte déjà ce nom, et ne sera pas remplacé : choisissez un autre nom',
  en: 'a file with this name exists already, and is not replaced: choose another name',
};

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

/**
 * The next question without an answer; null: all are answered. Without `--output`, the id of the
 * ceremony names the file of the plan, so an id whose file exists is refused at once.
 */
async function nextQuestionFor(
  context: DraftContext,
  answers: DraftAnswers,
  { output }: NewOptions,
): Promise<DraftQuestion | null> {
  const question = await nextQuestion(context, answers);
  if (question === null || question.name !== 'id' || output !== undefined) return question;
  return {
    ...question,
    async read(text) {
      const id = await question.read(text);
      if (!id.ok || !existsSync(planFileOf(id.value))) return id;
      const [file, { fr, en }] = [planFileOf(id.value), FILE_EXISTS];
      return err({ fr: `${file} : ${fr}`, en: `${file}: ${en}` });
    },
  };
}

function planFileOf(id: string): string {
  return `${id}.json`;
}

const GIVEN_UP = { fr: "abandon : rien n'a été écrit", en: 'given up: nothing was written' };

/**
 * Asks what the file does not answer, and again what it answers wrongly. A person can go back to
 * every question, also to those that the file has answered. If the policy refuses the plan, the
 * last question is asked again, from where the person can go back to the wrong answer.
 */
async function ask(
  context: DraftContext,
  given: DraftAnswers,
  options: NewOptions,
): Promise<Result<DraftAnswers, readonly string[]>> {
  const { lang } = options;
  const lines = openLineReader(process.stdin);
  const show = (line: string): void =>
    void process.stderr.write(`${withinColumns(escapeForTerminal(line)).join('\n')}\n`);
  const asking = { lines, show, lang };
  const answers: Record<string, readonly string[]> = {};
  /** The answers of the file and those typed before, which are proposed when asked again. */
  const earlier = { ...given };
  /** Questions of the file that are asked all the same. */
  const asked = new Set<string>();
  const goBack = (): void => {
    const last = Object.keys(answers).at(-1);
    if (last === undefined) return;
    Reflect.deleteProperty(answers, last);
    asked.add(last);
  };
  showHelp(asking);
  try {
    for (;;) {
      const question = await nextQuestionFor(context, answers, options);
      if (question === null) {
        const refusal = await refusalOf(context, answers);
        if (refusal === null) return ok(answers);
        for (const line of refusal) show(line);
        goBack();
        continue;
      }
      const { name } = question;
      const prepared = asked.has(name) ? undefined : given[name];
      const taken = prepared === undefined ? null : await readAnswerTo(question, prepared);
      if (taken?.ok) {
        answers[name] = taken.value;
        continue;
      }
      if (taken !== null) show(`${options.answers}#/${name}: ${taken.error[lang]}`);
      const typed = await askAnswer(question, await proposedAnswer(question, earlier[name]), asking);
      if (typed === null) return err([inBothLanguages(GIVEN_UP)]);
      if (typed === 'back') goBack();
      else {
        answers[name] = typed;
        earlier[name] = typed;
      }
    }
  } finally {
    lines.close();
  }
}

/** Proposes the answer that was given before, if it is still a possible one. */
async function proposedAnswer(
  question: DraftQuestion,
  earlier: readonly string[] | undefined,
): Promise<readonly string[] | null> {
  if (earlier === undefined || earlier.length === 0) return question.suggestion;
  const read = await readAnswerTo(question, earlier);
  return read.ok ? read.value : question.suggestion;
}

/** What is wrong with the plan of complete answers, such as a rule of the policy; null: nothing. */
async function refusalOf(context: DraftContext, answers: DraftAnswers): Promise<readonly string[] | null> {
  const plan = await planFrom(context, answers);
  const named = { file: planFileOf(plan.id), policy: context.policy };
  const checked = await checkPlanText(utf8(JSON.stringify(plan)), named);
  return checked.ok ? null : checked.error.lines.map(inBothLanguages);
}

/** Takes all answers from the file, and the proposed ones where it has none. */
async function takeFrom(
  context: DraftContext,
  given: DraftAnswers,
  options: NewOptions,
): Promise<Result<DraftAnswers, readonly string[]>> {
  const answers: Record<string, readonly string[]> = {};
  for (;;) {
    const question = await nextQuestionFor(context, answers, options);
    if (question === null) return ok(answers);
    const { name, words } = question;
    const read = await readAnswerTo(question, given[name] ?? []);
    if (!read.ok)
      return err([`${options.answers}#/${name}: ${inBothLanguages(read.error)} (${inBothLanguages(words)})`]);
    answers[name] = read.value;
  }
}

async function write(context: DraftContext, answers: DraftAnswers, options: NewOptions): Promise<void> {
  const { output, home, lang } = options;
  const plan = await planFrom(context, answers);
  const text = `${JSON.stringify(plan, null, 2)}\n`;
  const file = output ?? planFileOf(plan.id);
  const checked = await checkPlanText(utf8(text), { file, policy: context.policy });
  if (!checked.ok) return fail(checked.error.lines.map(inBothLanguages));
  await writeFile(file, text, { flag: 'wx' });
  await saveAnswers(answers, options);
  say(escapeForTerminal(`${file}: SHA-256 ${sha256Hex(utf8(text))}`));
  for (const line of nextSteps(file, home)[lang]) say(escapeForTerminal(line));
}

async function saveAnswers(answers: DraftAnswers, { saveAnswers: file }: NewOptions): Promise<void> {
  if (file !== undefined) await writeFile(file, `${JSON.stringify(answers, null, 2)}\n`, { flag: 'wx' });
}

function nextSteps(plan: string, folder: string | undefined): Readonly<Record<Language, readonly string[]>> {
  const command = 'pfcng ceremony';
  const file = shellWord(plan);
  const home = folder === undefined ? undefined : shellWord(folder);
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
