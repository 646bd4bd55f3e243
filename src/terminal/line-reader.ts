/** Asks one question after the other and reads a line for each, at a terminal or from a pipe. */
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { activity } from './activity.js';

/** The standard input, or what stands for it in a test. */
export type Keyboard = Readable & { readonly isTTY?: boolean; readonly setRawMode?: (raw: boolean) => unknown };

export type LineReader = {
  /** Asks one question. `null`: the input has ended, or the answer was Ctrl-C or Ctrl-D. */
  readonly ask: (prompt: string) => Promise<string | null>;
  /** Leaves the input to other readers. */
  readonly close: () => void;
};

/** Prompts go to standard error, because standard output is for results. */
export function openLineReader(keyboard: Keyboard): LineReader {
  activity().stop();
  return keyboard.isTTY === true ? terminalReader(keyboard) : pipeReader(keyboard);
}

/** Lines that are pasted together answer the questions that follow. */
function terminalReader(keyboard: Keyboard): LineReader {
  const lines = createInterface({ input: keyboard, output: process.stderr, terminal: true, historySize: 0 });
  const typed: string[] = [];
  let hasEnded = false;
  let wake = (): void => undefined;
  lines.on('line', (line) => {
    typed.push(line);
    wake();
  });
  lines.on('SIGINT', () => {
    process.stderr.write('\n');
    lines.close();
  });
  lines.once('close', () => {
    hasEnded = true;
    wake();
  });
  return {
    async ask(prompt) {
      lines.setPrompt(prompt);
      if (!hasEnded) lines.prompt();
      while (typed.length === 0 && !hasEnded)
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      return typed.shift() ?? null;
    },
    close: () => lines.close(),
  };
}

function pipeReader(input: Readable): LineReader {
  const lines = linesOf(input);
  return {
    async ask(prompt) {
      process.stderr.write(prompt);
      const { done, value } = await lines.next();
      process.stderr.write('\n');
      return done === true ? null : value;
    },
    close: () => void lines.return(undefined),
  };
}

/** A longer line ends the input. */
const LINE_CHARACTERS_MAX = 64 * 1024;

/** Yields lines of a stream. A last line without its end may be incomplete, and is left out. */
async function* linesOf(stream: Readable): AsyncGenerator<string, undefined> {
  let rest = '';
  for await (const chunk of stream.setEncoding('utf8')) {
    const lines = (rest + String(chunk)).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) yield line.replace(/\r$/, '');
    if (rest.length > LINE_CHARACTERS_MAX) return;
  }
}
