/**
 * The terminal of a ceremony: it shows lines, reads answers, and reads passphrases without echo.
 */
import { createInterface } from 'node:readline';
import type { ReadStream } from 'node:tty';
import { inBothLanguages } from '../ceremony/bilingual.js';
import type { Terminal } from '../ceremony/sitting/terminal.js';
import { drawn, say } from '../terminal/say.js';
import { typePin } from '../terminal/type-pin.js';

/** `null`: the standard input is not a terminal, so no question can be asked. */
export function ceremonyTerminal(keyboard: ReadStream): Terminal | null {
  if (!keyboard.isTTY) return null;
  return {
    show(lines) {
      for (const line of lines) say(drawn(line));
    },
    ask: (question) => askLine(keyboard, `${drawn(inBothLanguages(question))} : `),
    async askSecret(question) {
      const typed = await typePin(keyboard, `${drawn(inBothLanguages(question))} : `);
      return typed.kind === 'typed' ? typed.pin : null;
    },
  };
}

/** `null`: the answer was Ctrl-C or Ctrl-D. */
function askLine(keyboard: ReadStream, prompt: string): Promise<string | null> {
  const lines = createInterface({ input: keyboard, output: process.stderr, terminal: true, historySize: 0 });
  return new Promise((resolve) => {
    let answer: string | null = null;
    lines.once('close', () => {
      keyboard.pause();
      resolve(answer);
    });
    lines.once('SIGINT', () => {
      process.stderr.write('\n');
      lines.close();
    });
    lines.question(prompt, (line) => {
      answer = line;
      lines.close();
    });
  });
}
