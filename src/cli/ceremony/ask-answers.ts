/** Asks the questions of a plan at the terminal. Every answer is checked at once. */

import { type DraftQuestion, readAnswer, readAnswers } from '../../ceremony/draft/question.js';
import type { Bilingual, Language } from '../../kernel/bilingual.js';
import type { LineReader } from '../../terminal/line-reader.js';
import { drawn } from '../../terminal/say.js';

/** `back`: the question before is asked again. null: the person gave up. */
export type AskedAnswer = readonly string[] | 'back' | null;

const BACK = '<';
const REMOVE = '-';

const HELP: Bilingual = {
  fr: `Entrée seule prend la réponse proposée ; « ${BACK} » revient à la question d'avant ; Ctrl-C abandonne.`,
  en: `Enter alone takes the answer between brackets; "${BACK}" returns to the question before; Ctrl-C gives up.`,
};
const LIST: Bilingual = {
  fr: `une ligne vide termine la liste ; « ${REMOVE} » retire la dernière ligne`,
  en: `an empty line ends the list; "${REMOVE}" removes the last line`,
};
const NOTHING: Bilingual = { fr: 'rien', en: 'nothing' };

type Conversation = { readonly lines: LineReader; readonly show: (line: string) => void; readonly lang: Language };

export function showHelp({ show, lang }: Conversation): void {
  show(HELP[lang]);
}

export async function askAnswer(question: DraftQuestion, asking: Conversation): Promise<AskedAnswer> {
  const { show, lang } = asking;
  show('');
  show(drawn(question.words[lang]));
  const width = Math.max(0, ...question.choices.map(({ value }) => value.length));
  for (const [at, { value, words }] of question.choices.entries())
    show(
      drawn(
        `  ${String(at + 1).padStart(2)} ${value.padEnd(width)}  ${value === words[lang] ? '' : words[lang]}`.trimEnd(),
      ),
    );
  return question.isList ? askList(question, asking) : askOne(question, asking);
}

async function askOne(question: DraftQuestion, { lines, show, lang }: Conversation): Promise<AskedAnswer> {
  for (;;) {
    const typed = (await lines.ask(`${suggested(question, lang)}> `))?.trim();
    if (typed === undefined) return null;
    if (typed === BACK) return 'back';
    const read = await readAnswers(question, typed === '' ? [] : [typed]);
    if (read.ok) return read.value;
    show(drawn(`  ${read.error[lang]}`));
  }
}

function suggested({ suggestion }: DraftQuestion, lang: Language): string {
  if (suggestion === null) return '';
  return drawn(`[${suggestion.length === 0 ? NOTHING[lang] : suggestion.join(' | ')}] `);
}

async function askList(question: DraftQuestion, { lines, show, lang }: Conversation): Promise<AskedAnswer> {
  show(`  (${LIST[lang]})`);
  const given: string[] = [];
  for (;;) {
    const prompt = given.length === 0 ? `${suggested(question, lang)}1> ` : `${given.length + 1}> `;
    const typed = (await lines.ask(prompt))?.trim();
    if (typed === undefined) return null;
    if (typed === BACK) return 'back';
    if (typed === REMOVE) {
      given.pop();
      continue;
    }
    if (typed !== '') {
      const one = await readAnswer(question, typed);
      if (one.ok) given.push(one.value);
      else show(drawn(`  ${one.error[lang]}`));
      continue;
    }
    const read = await readAnswers(question, given);
    if (read.ok) return read.value;
    show(drawn(`  ${read.error[lang]}`));
  }
}
