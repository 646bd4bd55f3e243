/**
 * The terminal of a ceremony: it shows lines, reads answers, and reads passphrases without echo.
 */
import type { ReadStream } from 'node:tty';
import type { Question, SecretQuestion, Terminal } from '../ceremony/sitting/terminal.js';
import type { Language } from '../kernel/bilingual.js';
import { openLineReader, typePin } from '../terminal/line-reader.js';
import { screenIn } from './layout.js';

const PROMPT = '> ';

const INTERRUPTED = {
  fr: 'Ctrl-C : tapez-le encore pour interrompre la cérémonie (la même commande la reprendra) ; sinon, répondez',
  en: 'Ctrl-C: type it again to interrupt the ceremony (the same command will resume it); otherwise answer',
};

/** `null`: the standard input is not a terminal, so no question can be asked. */
export function ceremonyTerminal(keyboard: ReadStream, language: Language): Terminal | null {
  if (!keyboard.isTTY) return null;
  const { show } = screenIn(language);
  /** Ctrl-C may be a slip of the hand, so it counts when it is typed twice. */
  const askTwice = async <Answer>(
    question: Question | SecretQuestion,
    read: () => Promise<Answer | null>,
  ): Promise<Answer | null> => {
    show([question]);
    const answer = await read();
    if (answer !== null || keyboard.readableEnded || keyboard.destroyed) return answer;
    show([INTERRUPTED, question]);
    return read();
  };
  return {
    show,
    ask: (question) => askTwice(question, () => readLine(keyboard)),
    askSecret: (question) =>
      askTwice(question, async () => {
        const typed = await typePin(keyboard, PROMPT);
        return typed.kind === 'typed' ? typed.pin : null;
      }),
  };
}

/** The reader is closed after each line, because passphrases are read without it. */
async function readLine(keyboard: ReadStream): Promise<string | null> {
  const lines = openLineReader(keyboard);
  try {
    return await lines.ask(PROMPT);
  } finally {
    lines.close();
  }
}
