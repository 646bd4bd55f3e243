/** The file of `--answers`: a JSON object with the answers by the names of their questions. */
import type { DraftAnswers } from '../../ceremony/draft/question.js';
import { readRegularFile } from '../../config/regular-file.js';
import { type Bilingual, inBothLanguages } from '../../kernel/bilingual.js';
import { duplicateKeys } from '../../kernel/duplicate-keys.js';
import { isObject } from '../../kernel/json.js';
import { err, ok, type Result } from '../../kernel/result.js';

const ANSWERS_BYTES_MAX = 256 * 1024;

const NOT_ANSWERS = {
  fr: 'un objet JSON dont chaque membre est un texte, un nombre ou une liste de textes',
  en: 'a JSON object whose members are each a text, a number or a list of texts',
};
const DUPLICATE = { fr: 'membre en double : retirez-en un', en: 'duplicate key: remove one of the two' };
const UNKNOWN = { fr: "n'est pas une question de cette cérémonie", en: 'is no question of this ceremony' };

/** The error names the member. Throws the errors of `readRegularFile`. */
export function readAnswersFile(file: string): Result<DraftAnswers, readonly string[]> {
  const text = readRegularFile(file, ANSWERS_BYTES_MAX).toString('utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw thrown;
    return err([
      memberFault(file, '', { fr: `ce n'est pas du JSON : ${thrown.message}`, en: `not JSON: ${thrown.message}` }),
    ]);
  }
  const [duplicate] = duplicateKeys(text);
  if (duplicate !== undefined) return err([memberFault(file, `#${duplicate}`, DUPLICATE)]);
  if (!isObject(value)) return err([memberFault(file, '', NOT_ANSWERS)]);
  const answers: [string, readonly string[]][] = [];
  for (const [name, member] of Object.entries(value)) {
    const texts: readonly unknown[] = Array.isArray(member) ? member : [member];
    if (!texts.every((one) => typeof one === 'string' || typeof one === 'number'))
      return err([memberFault(file, `#/${name}`, NOT_ANSWERS)]);
    answers.push([name, texts.map(String).filter((one) => one !== '')]);
  }
  return ok(Object.fromEntries(answers));
}

/** One line for each member that answers none of the questions. */
export function unknownMembers(file: string, given: DraftAnswers, questions: readonly string[]): readonly string[] {
  const unknown = Object.keys(given).filter((name) => !questions.includes(name));
  return unknown.map((name) => memberFault(file, `#/${name}`, UNKNOWN));
}

function memberFault(file: string, pointer: string, words: Bilingual): string {
  return `${file}${pointer}: ${inBothLanguages(words)}`;
}
