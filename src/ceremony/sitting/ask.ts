/**
 * Asks a question until its answer can be used. After a typing error or a stray Enter, it asks
 * again. To refuse, people type a word and confirm it, so that nobody refuses by accident.
 */
import type { Bilingual } from '../../kernel/bilingual.js';
import type { Bytes } from '../../kernel/bytes.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { StepFailure } from '../failures.js';
import { isWord, QUOTED_WORDS, type Question, type SecretQuestion, type Terminal } from './terminal.js';

/**
 * Why there is no answer. `refused`: the word of refusal was typed and confirmed. `interrupted`:
 * Ctrl-C was typed, or the terminal is gone.
 */
export type NoAnswer = 'refused' | 'interrupted';

/** What is wrong with an answer. The transcript records `kind`; people read `detail`. */
export type WrongTry = { readonly kind: string; readonly detail: Bilingual };

type Request = {
  /** What people must type, for example "the code". */
  readonly expected: Bilingual;
  /**
   * What people refuse if they type the word of refusal, for example "the signature of
   * authorities/acr-fo.cer".
   */
  readonly refusal: Bilingual;
};

type LineRequest<Value> = Request & {
  readonly question: Question;
  readonly read: (typed: string) => Result<Value, WrongTry> | Promise<Result<Value, WrongTry>>;
  /** Records a wrong try in the transcript. */
  readonly record?: (wrong: WrongTry) => Promise<void>;
};

/** Asks for a line until `read` accepts it, and shows what is wrong with the others. */
export async function askLine<Value>(terminal: Terminal, asked: LineRequest<Value>): Promise<Result<Value, NoAnswer>> {
  const question = { ...asked.question, ...orRefuse(asked.question) };
  for (;;) {
    const typed = (await terminal.ask(question))?.trim();
    if (typed === undefined) return err('interrupted');
    if (typed === '') terminal.show([nothingTyped(asked)]);
    else if (isWord(typed, 'refuse')) {
      const noAnswer = await confirmRefusal(terminal, asked);
      if (noAnswer !== null) return err(noAnswer);
    } else {
      const read = typed.length > TYPED_MAX ? err(TOO_LONG) : await asked.read(typed);
      if (read.ok) return read;
      terminal.show([read.error.detail]);
      await asked.record?.(read.error);
    }
  }
}

/** The longest line that is read: longer than any path, and than 24 words. */
const TYPED_MAX = 4096;
const TOO_LONG: WrongTry = {
  kind: 'too-long',
  detail: {
    fr: `plus de ${TYPED_MAX} caractères : ce n'est pas une réponse, tapez-la de nouveau`,
    en: `more than ${TYPED_MAX} characters: this is not an answer, type it again`,
  },
};

/**
 * Asks for a passphrase, which the caller overwrites. Typing the word of refusal refuses instead;
 * the word is shorter than any new passphrase may be.
 */
export async function askPassphrase(
  terminal: Terminal,
  asked: Request & { readonly question: SecretQuestion },
): Promise<Result<Bytes, NoAnswer>> {
  const question = { ...asked.question, ...orRefuse(asked.question) };
  for (;;) {
    const typed = await terminal.askSecret(question);
    if (typed === null) return err('interrupted');
    if (typed.length === 0) terminal.show([nothingTyped(asked)]);
    else if (typed.length <= WORD_BYTES_MAX && isWord(new TextDecoder().decode(typed), 'refuse')) {
      const noAnswer = await confirmRefusal(terminal, asked);
      if (noAnswer !== null) return err(noAnswer);
    } else return ok(typed);
  }
}

// Only typed text of at most this length can be the word of refusal, so a longer secret is not
// copied into a string, which cannot be overwritten.
const WORD_BYTES_MAX = 10;

function orRefuse({ fr, en }: Bilingual): Bilingual {
  return { fr: `${fr} (ou ${QUOTED_WORDS.refuse.fr})`, en: `${en} (or ${QUOTED_WORDS.refuse.en})` };
}

function nothingTyped({ expected }: Request): Bilingual {
  return {
    fr: `rien n'a été tapé : tapez ${expected.fr}, ou ${QUOTED_WORDS.refuse.fr} pour refuser`,
    en: `nothing was typed: type ${expected.en}, or ${QUOTED_WORDS.refuse.en} to refuse`,
  };
}

const YES_OR_NO: Bilingual = {
  fr: `tapez ${QUOTED_WORDS.yes.fr} ou ${QUOTED_WORDS.no.fr}`,
  en: `type ${QUOTED_WORDS.yes.en} or ${QUOTED_WORDS.no.en}`,
};

/**
 * Asks whether people really refuse. `null`: they do not, and the first question is asked again.
 */
async function confirmRefusal(terminal: Terminal, { refusal }: Request): Promise<NoAnswer | null> {
  for (;;) {
    const typed = await terminal.ask({
      about: 'refusal',
      fr: `Refuser ${refusal.fr} ? ${YES_OR_NO.fr}`,
      en: `Refuse ${refusal.en}? ${YES_OR_NO.en}`,
    });
    if (typed === null) return 'interrupted';
    if (isWord(typed, 'yes')) return 'refused';
    if (isWord(typed, 'no')) return null;
    terminal.show([YES_OR_NO]);
  }
}

const NEITHER: WrongTry = { kind: 'neither-yes-nor-no', detail: YES_OR_NO };

export function readYesNo(typed: string): Result<boolean, WrongTry> {
  if (isWord(typed, 'yes')) return ok(true);
  return isWord(typed, 'no') ? ok(false) : err(NEITHER);
}

/** Accepts the word `done`, with which somebody confirms that an act is done. */
export function readDone(typed: string): Result<void, WrongTry> {
  return isWord(typed, 'done') ? ok(undefined) : err(NOT_DONE);
}

const NOT_DONE: WrongTry = {
  kind: 'not-done',
  detail: {
    fr: `quand c'est fait, tapez ${QUOTED_WORDS.done.fr}`,
    en: `when it is done, type ${QUOTED_WORDS.done.en}`,
  },
};

/** Returns the failure that stops the ceremony because a question about `what` has no answer. */
export function noAnswerFailure(reason: NoAnswer, what: Bilingual): StepFailure {
  return { kind: reason === 'refused' ? 'refused' : 'given-up', what };
}
