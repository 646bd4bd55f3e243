/**
 * Asks until the answer can be used. A typing error or a stray Enter only asks again. To refuse,
 * people type a word and confirm it, so that nobody refuses by accident.
 */
import type { Bilingual } from '../../kernel/bilingual.js';
import type { Bytes } from '../../kernel/bytes.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { StepFailure } from '../failures.js';
import type { Question, SecretQuestion, Terminal } from './terminal.js';
import { isWord, QUOTED_WORDS } from './words.js';

/**
 * `refused`: the word was typed and confirmed. `interrupted`: Ctrl-C was typed, or the terminal is
 * gone.
 */
export type NoAnswer = 'refused' | 'interrupted';

/** What is wrong with an answer. `kind` is for the transcript. */
export type WrongTry = { readonly kind: string; readonly detail: Bilingual };

type Request = {
  /** What is to be typed: "the code". */
  readonly expected: Bilingual;
  /** What people refuse by the word: "the signature of authorities/acr-fo.cer". */
  readonly refusal: Bilingual;
};

type LineRequest<Value> = Request & {
  readonly question: Question;
  readonly read: (typed: string) => Result<Value, WrongTry> | Promise<Result<Value, WrongTry>>;
  /** Records a wrong try in the transcript. */
  readonly record?: (wrong: WrongTry) => Promise<void>;
};

export async function askLine<Value>(terminal: Terminal, asked: LineRequest<Value>): Promise<Result<Value, NoAnswer>> {
  const question = { ...asked.question, ...orRefuse(asked.question) };
  for (;;) {
    const typed = (await terminal.ask(question))?.trim();
    if (typed === undefined) return err('interrupted');
    if (typed === '') terminal.show([nothingTyped(asked)]);
    else if (isWord(typed, 'refuse')) {
      const without = await confirmRefusal(terminal, asked);
      if (without !== null) return err(without);
    } else {
      const read = typed.length > TYPED_MAX ? err(TOO_LONG) : await asked.read(typed);
      if (read.ok) return read;
      terminal.show([read.error.detail]);
      await asked.record?.(read.error);
    }
  }
}

/** Longer than any path, and than any sheet of words. */
const TYPED_MAX = 4096;
const TOO_LONG: WrongTry = {
  kind: 'too-long',
  detail: {
    fr: `plus de ${TYPED_MAX} caractères : ce n'est pas une réponse, tapez-la de nouveau`,
    en: `more than ${TYPED_MAX} characters: this is not an answer, type it again`,
  },
};

/**
 * Asks for a passphrase. The word of refusal is shorter than any passphrase may be. The caller
 * overwrites the answer.
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
      const without = await confirmRefusal(terminal, asked);
      if (without !== null) return err(without);
    } else return ok(typed);
  }
}

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

/** `null`: nothing is refused, and the question is asked again. */
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

/** Reads the word by which somebody says that an act is done. */
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

/** The failure with which the ceremony stops, for lack of an answer about `what`. */
export function stopped(reason: NoAnswer, what: Bilingual): StepFailure {
  return { kind: reason === 'refused' ? 'refused' : 'given-up', what };
}
