/** Asks one question after the other and reads a line for each, at a terminal or from a pipe. */
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { PIN_BYTES_MAX } from '../../hsm/wire/pin-frames.js';
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

/**
 * Reads a PIN from the terminal without echo, or one line of standard input, into bytes that can be
 * overwritten, never into a string.
 */
type TypedPin =
  /** The caller overwrites it. A PIN that is too long is one byte longer than the limit. */
  { readonly kind: 'typed'; readonly pin: Buffer } | { readonly kind: 'cancelled' };

const ENTER = [0x0a, 0x0d] as const;
const CTRL_C = 0x03;
const CTRL_D = 0x04;
const CTRL_U = 0x15;
const ERASE = [0x08, 0x7f] as const;

/** The prompt goes to standard error, because standard output is for results. */
export async function typePin(keyboard: Keyboard, prompt: string): Promise<TypedPin> {
  activity().stop();
  if (keyboard.isTTY !== true) return readLine(keyboard, addToLine);
  // Echo is switched off before the prompt, so that a fast typist shows nothing.
  keyboard.setRawMode?.(true);
  process.stderr.write(prompt);
  try {
    return await readLine(keyboard, editLine);
  } finally {
    keyboard.setRawMode?.(false);
    process.stderr.write('\n');
  }
}

type Line = { readonly bytes: Buffer; length: number };
/** What a byte does to the line. */
type Edit = (line: Line, byte: number) => 'more' | 'end' | 'cancel';

function add(line: Line, byte: number): 'more' {
  // Bytes beyond the limit are dropped; the line stays too long and is rejected later.
  if (line.length < line.bytes.length) {
    line.bytes[line.length] = byte;
    line.length += 1;
  }
  return 'more';
}

const addToLine: Edit = (line, byte) => (byte === ENTER[0] ? 'end' : add(line, byte));

/** In raw mode the terminal does no line editing, so it is done here. */
const editLine: Edit = (line, byte) => {
  if (ENTER.some((one) => one === byte)) return 'end';
  if (byte === CTRL_C) return 'cancel';
  if (byte === CTRL_D) return line.length === 0 ? 'cancel' : 'end';
  if (byte === CTRL_U) line.length = 0;
  else if (ERASE.some((one) => one === byte)) eraseCharacter(line);
  else return add(line, byte);
  return 'more';
};

/**
 * Erases all bytes of the last character: continuation bytes begin with the bits 10 (RFC 3629 §3).
 */
function eraseCharacter(line: Line): void {
  while (line.length > 0) {
    line.length -= 1;
    if (((line.bytes[line.length] ?? 0) & 0xc0) !== 0x80) return;
  }
}

function readLine(keyboard: Readable, edit: Edit): Promise<TypedPin> {
  const line: Line = { bytes: Buffer.alloc(PIN_BYTES_MAX + 1), length: 0 };
  return new Promise((resolve) => {
    const finish = (how: 'end' | 'cancel'): void => {
      keyboard.off('data', onData).off('end', onEnd).off('error', onEnd);
      keyboard.pause();
      const pin = Buffer.alloc(line.length);
      if (how === 'end') line.bytes.copy(pin, 0, 0, line.length);
      line.bytes.fill(0);
      resolve(how === 'end' ? { kind: 'typed', pin: withoutReturn(pin) } : { kind: 'cancelled' });
    };
    const onData = (chunk: Buffer): void => {
      let outcome: ReturnType<Edit> = 'more';
      for (const byte of chunk) if (outcome === 'more') outcome = edit(line, byte);
      chunk.fill(0);
      if (outcome !== 'more') finish(outcome);
    };
    const onEnd = (): void => finish(line.length === 0 ? 'cancel' : 'end');
    keyboard.on('data', onData).on('end', onEnd).on('error', onEnd);
    // An earlier prompt has paused the stream, and a listener alone does not resume it.
    keyboard.resume();
  });
}

/** A file from another system may end its line with a carriage return. */
function withoutReturn(pin: Buffer): Buffer {
  return pin.at(-1) === ENTER[1] ? pin.subarray(0, -1) : pin;
}
