/**
 * The terminal of a ceremony: it shows lines, reads answers, and reads passphrases without echo.
 */
import type { ReadStream } from 'node:tty';
import type { Terminal } from '../ceremony/sitting/terminal.js';
import { inBothLanguages } from '../kernel/bilingual.js';
import { askAtTerminal } from '../terminal/ask-line.js';
import { drawn, say } from '../terminal/say.js';
import { typePin } from '../terminal/type-pin.js';

/** `null`: the standard input is not a terminal, so no question can be asked. */
export function ceremonyTerminal(keyboard: ReadStream): Terminal | null {
  if (!keyboard.isTTY) return null;
  return {
    show(lines) {
      for (const line of lines) say(drawn(line));
    },
    ask: (question) => askAtTerminal(keyboard, `${drawn(inBothLanguages(question))} : `),
    async askSecret(question) {
      const typed = await typePin(keyboard, `${drawn(inBothLanguages(question))} : `);
      return typed.kind === 'typed' ? typed.pin : null;
    },
  };
}
