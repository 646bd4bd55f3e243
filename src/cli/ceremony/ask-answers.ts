/** Asks the questions of a plan at the terminal. Every answer is checked at once. */
import { type DraftQuestion, readAnswerLine, readAnswerTo } from '../../ceremony/draft/question.js';
import type { Bilingual, Language } from '../../kernel/bilingual.js';
import type { LineReader } from '../../terminal/line-reader.js';
import { escapeForTerminal } from '../../terminal/say.js';

/** `back`: the question before is asked again. null: the person gave up. */
type AskedAnswer = readonly string[] | 'back' | null;

const BACK = '<';
const REMOVE = '-';

const HELP: readonly Bilingual[] = [
  {
    fr: `Entrée seule prend la réponse proposée ; « ${REMOVE} » : aucune réponse, si elle est facultative.`,
    en: `Enter alone takes the answer between brackets; "${REMOVE}": no answer, if it is optional.`,
  },
  {
    fr: `« ${BACK} » revient à la question précédente ; Ctrl-C abandonne.`,
    en: `"${BACK}" returns to the question before; Ctrl-C gives up.`,
  },
];
const LIST: Bilingual = {
  fr: `une ligne vide termine la liste ; « ${REMOVE} » retire la dernière ligne`,
  en: `an empty line ends the list; "${REMOVE}" removes the last line`,
};
const NOTHING: Bilingual = { fr: 'rien', en: 'nothing' };

type Conversation = {
  readonly lines: LineReader;
  /** Shows a line, which may contain text from elsewhere. */
  readonly show: (line: string) => void;
  readonly lang: Language;
};

export function showHelp({ show, lang }: Conversation): void {
  for (const line of HELP) show(line[lang]);
}

/** `proposed`: the answer that Enter alone gives; null: there is none. */
export async function askAnswer(
  question: DraftQuestion,
  proposed: readonly string[] | null,
  asking: Conversation,
): Promise<AskedAnswer> {
  const { show, lang } = asking;
  show('');
  show(question.words[lang]);
  const width = Math.max(0, ...question.choices.map(({ value }) => value.length));
  for (const [index, { value, words }] of question.choices.entries()) {
    const number = String(index + 1).padStart(2);
    show(`  ${number} ${value.padEnd(width)}  ${value === words[lang] ? '' : words[lang]}`.trimEnd());
  }
  return question.isList ? askList(question, proposed, asking) : askOne(question, proposed, asking);
}

async function askOne(
  question: DraftQuestion,
  proposed: readonly string[] | null,
  { lines, show, lang }: Conversation,
): Promise<AskedAnswer> {
  const isOptional = question.suggestion?.length === 0;
  for (;;) {
    const typed = (await lines.ask(`${proposedText(proposed, lang)}> `))?.trim();
    if (typed === undefined) return null;
    if (typed === BACK) return 'back';
    if (typed === REMOVE && isOptional) return [];
    const read = await readAnswerTo(question, typed === '' ? (proposed ?? []) : [typed]);
    if (read.ok) return read.value;
    show(`  ${read.error[lang]}`);
  }
}

/** The proposed answer between brackets; empty if there is none. */
function proposedText(proposed: readonly string[] | null, lang: Language): string {
  if (proposed === null) return '';
  return escapeForTerminal(`[${proposed.length === 0 ? NOTHING[lang] : proposed.join(' | ')}] `);
}

async function askList(
  question: DraftQuestion,
  proposed: readonly string[] | null,
  { lines, show, lang }: Conversation,
): Promise<AskedAnswer> {
  show(`  (${LIST[lang]})`);
  const given: string[] = [];
  for (;;) {
    const prompt = given.length === 0 ? `${proposedText(proposed, lang)}1> ` : `${given.length + 1}> `;
    const typed = (await lines.ask(prompt))?.trim();
    if (typed === undefined) return null;
    if (typed === BACK) return 'back';
    if (typed === REMOVE) {
      given.pop();
      continue;
    }
    if (typed !== '') {
      const one = await readAnswerLine(question, typed);
      if (one.ok) given.push(one.value);
      else show(`  ${one.error[lang]}`);
      continue;
    }
    const read = await readAnswerTo(question, given.length === 0 ? (proposed ?? []) : given);
    if (read.ok) return read.value;
    show(`  ${read.error[lang]}`);
  }
}
