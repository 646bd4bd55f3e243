/** Asks for lines: of a person at a terminal, or of a pipe. */
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

export type Keyboard = Readable & { readonly isTTY?: boolean };

/** `null`: the answer was Ctrl-C or Ctrl-D. */
export function askAtTerminal(keyboard: Keyboard, prompt: string): Promise<string | null> {
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

/** A longer line ends the input. */
const LINE_CHARACTERS_MAX = 64 * 1024;

/** Asks one question after the other; `null`: the input has ended, or was Ctrl-C. */
export function questioner(keyboard: Keyboard): (prompt: string) => Promise<string | null> {
  if (keyboard.isTTY === true) return (prompt) => askAtTerminal(keyboard, prompt);
  const lines = linesOf(keyboard);
  return async (prompt) => {
    process.stderr.write(prompt);
    const { done, value } = await lines.next();
    process.stderr.write('\n');
    return done === true ? null : value;
  };
}

/** Lines of a stream. A last line without its end may be incomplete, and is left out. */
async function* linesOf(stream: Readable): AsyncGenerator<string, undefined> {
  let rest = '';
  for await (const chunk of stream.setEncoding('utf8')) {
    const lines = (rest + String(chunk)).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) yield line.replace(/\r$/, '');
    if (rest.length > LINE_CHARACTERS_MAX) return;
  }
}
