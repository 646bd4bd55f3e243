/** A PIN from the terminal without echo, or one line of standard input; in octets that can be overwritten, never in a string. */
import type { Readable } from 'node:stream';
import { PIN_BYTES_MAX } from '../../hsm/wire/pin-frames.js';

export type TypedPin =
  /** The caller overwrites it. One octet more than a PIN may have: it is too long. */
  { readonly kind: 'typed'; readonly pin: Buffer } | { readonly kind: 'given-up' };

const ENTER = [0x0a, 0x0d] as const;
const CTRL_C = 0x03;
const CTRL_D = 0x04;
const CTRL_U = 0x15;
const ERASE = [0x08, 0x7f] as const;

type Keyboard = Readable & { readonly isTTY?: boolean; readonly setRawMode?: (raw: boolean) => unknown };

/** `prompt` goes to standard error, so that standard output stays what the command says. */
export async function typePin(keyboard: Keyboard, prompt: string): Promise<TypedPin> {
  if (keyboard.isTTY !== true) return readLine(keyboard, editNothing);
  // First no echo, then the question: who answers at once shows nothing.
  keyboard.setRawMode?.(true);
  process.stderr.write(prompt);
  try {
    return await readLine(keyboard, editLine);
  } finally {
    keyboard.setRawMode?.(false);
    process.stderr.write('\n');
  }
}

type Line = { readonly octets: Buffer; length: number };
/** What an octet does to the line. */
type Edit = (line: Line, octet: number) => 'more' | 'end' | 'give-up';

function add(line: Line, octet: number): 'more' {
  // What is too long stays too long, and is said to be; where it ends does not matter.
  if (line.length < line.octets.length) {
    line.octets[line.length] = octet;
    line.length += 1;
  }
  return 'more';
}

const editNothing: Edit = (line, octet) => (octet === ENTER[0] ? 'end' : add(line, octet));

/** The terminal is in raw mode: its line editing is ours to do. */
const editLine: Edit = (line, octet) => {
  if (ENTER.some((one) => one === octet)) return 'end';
  if (octet === CTRL_C) return 'give-up';
  if (octet === CTRL_D) return line.length === 0 ? 'give-up' : 'end';
  if (octet === CTRL_U) line.length = 0;
  else if (ERASE.some((one) => one === octet)) eraseCharacter(line);
  else return add(line, octet);
  return 'more';
};

/** All octets of the last character: those that follow its first begin with the bits 10 (RFC 3629 §3). */
function eraseCharacter(line: Line): void {
  while (line.length > 0) {
    line.length -= 1;
    if (((line.octets[line.length] ?? 0) & 0xc0) !== 0x80) return;
  }
}

function readLine(keyboard: Readable, edit: Edit): Promise<TypedPin> {
  const line: Line = { octets: Buffer.alloc(PIN_BYTES_MAX + 1), length: 0 };
  return new Promise((resolve) => {
    const finish = (how: 'end' | 'give-up'): void => {
      keyboard.off('data', hear).off('end', atEnd).off('error', atEnd);
      keyboard.pause();
      const pin = Buffer.alloc(line.length);
      if (how === 'end') line.octets.copy(pin, 0, 0, line.length);
      line.octets.fill(0);
      resolve(how === 'end' ? { kind: 'typed', pin: withoutReturn(pin) } : { kind: 'given-up' });
    };
    const hear = (chunk: Buffer): void => {
      let outcome: ReturnType<Edit> = 'more';
      for (const octet of chunk) if (outcome === 'more') outcome = edit(line, octet);
      chunk.fill(0);
      if (outcome !== 'more') finish(outcome);
    };
    const atEnd = (): void => finish(line.length === 0 ? 'give-up' : 'end');
    keyboard.on('data', hear).on('end', atEnd).on('error', atEnd);
    // Whoever asked before has paused it, and a listener alone does not wake it.
    keyboard.resume();
  });
}

/** As a file written elsewhere ends its lines. */
function withoutReturn(pin: Buffer): Buffer {
  return pin.at(-1) === ENTER[1] ? pin.subarray(0, -1) : pin;
}
