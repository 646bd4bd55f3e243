/** The terminal of the room: lines on the screen, answers from the keyboard, passphrases without an echo. */
import { createInterface } from 'node:readline';
import type { ReadStream } from 'node:tty';
import { both } from '../ceremony/bilingual.js';
import type { Terminal } from '../ceremony/sitting/terminal.js';
import { drawn, say } from '../terminal/say.js';
import { typePin } from '../terminal/type-pin.js';

/** null: there is no terminal, and nobody can be asked. */
export function roomTerminal(keyboard: ReadStream): Terminal | null {
  if (!keyboard.isTTY) return null;
  return {
    show(lines) {
      for (const line of lines) say(drawn(line));
    },
    ask: (question) => askLine(keyboard, `${drawn(both(question))} : `),
    async askSecret(question) {
      const typed = await typePin(keyboard, `${drawn(both(question))} : `);
      return typed.kind === 'typed' ? typed.pin : null;
    },
  };
}

/** null: Ctrl-C or Ctrl-D. */
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
