/** Asks one question after the other, at a terminal or from a pipe. */
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

export type LineReader = {
  /** null: the input has ended, or the person interrupted the command. */
  readonly ask: (prompt: string) => Promise<string | null>;
  readonly close: () => void;
};

/** Prompts go to standard error, because standard output is for results. */
export function openLineReader(input: Readable & { readonly isTTY?: boolean }): LineReader {
  const lines = createInterface({
    input,
    output: process.stderr,
    terminal: input.isTTY === true,
    historySize: 0,
  });
  // Lines of a pipe may arrive before they are asked for.
  const typed: string[] = [];
  let isOver = false;
  let wake = (): void => undefined;
  lines.on('line', (line) => {
    typed.push(line);
    wake();
  });
  lines.on('SIGINT', () => lines.close());
  lines.once('close', () => {
    isOver = true;
    wake();
  });
  return {
    async ask(prompt) {
      lines.setPrompt(prompt);
      if (!isOver) lines.prompt();
      while (typed.length === 0 && !isOver)
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      return typed.shift() ?? null;
    },
    close: () => lines.close(),
  };
}
