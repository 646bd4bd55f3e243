/** The officer's side of an unlock socket (`hsm/signer/pin-socket.ts`). Nothing here keeps a PIN. */
import { createConnection, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { err, ok, type Result } from '../../src/kernel/result.js';
import type { UnlockGreeting, UnlockOutcome } from '../wire/pin-frames.js';
import { socketAddress } from '../wire/socket-address.js';

export type UnlockFailure =
  /** Nobody listens: no signer waits for this PIN. */
  | { readonly kind: 'nobody-waits' }
  | { readonly kind: 'not-permitted'; readonly path: string }
  | { readonly kind: 'no-outcome'; readonly detail: string };

type Line = UnlockGreeting | UnlockOutcome;

/** Login, and every key tried; the supervisor ends a child that takes longer. */
const OUTCOME_MS_MAX = 60_000;
const LINE_BYTES_MAX = 64 * 1024;
const BUSY_MS_MAX = 1_000;
const BUSY_RETRY_MS = 50;

/** What the signer says before a PIN is typed. */
export async function greetUnlock(
  path: string,
): Promise<Result<UnlockGreeting | { readonly outcome: 'busy' }, UnlockFailure>> {
  const lines = await exchange(path, null);
  if (!lines.ok) return lines;
  const [first] = lines.value;
  if (first !== undefined && 'token' in first) return ok(first);
  return first?.outcome === 'busy' ? ok(first) : err({ kind: 'no-outcome', detail: 'it sent no greeting' });
}

/** Sends the PIN, once, and overwrites what it wrote; the caller overwrites `pin`. */
export async function sendPin(path: string, pin: Uint8Array): Promise<Result<UnlockOutcome, UnlockFailure>> {
  const until = performance.now() + BUSY_MS_MAX;
  for (;;) {
    const lines = await exchange(path, pin);
    if (!lines.ok) return lines;
    const last = lines.value.at(-1);
    if (last === undefined || !('outcome' in last))
      return err({ kind: 'no-outcome', detail: 'the signer ended without a word: its log says why' });
    // It may not have seen yet that whoever greeted it has gone.
    if (last.outcome !== 'busy' || performance.now() > until) return ok(last);
    await sleep(BUSY_RETRY_MS);
  }
}

/** Every line that comes until the end, the PIN being sent after the greeting; with none, the first line. */
function exchange(path: string, pin: Uint8Array | null): Promise<Result<readonly Line[], UnlockFailure>> {
  return new Promise((resolve) => {
    const socket = createConnection(socketAddress(path));
    let said = '';
    let greeted = false;
    const lines = (): readonly Line[] =>
      said
        .split('\n')
        .slice(0, -1)
        // From the signer of this package, in a folder that only its user may write to: its types, not input.
        .map((line) => JSON.parse(line) as Line);
    const onGreeting = (greeting: Line): void => {
      greeted = true;
      if (pin === null) socket.destroy();
      else if ('token' in greeting) writePin(socket, pin);
    };
    socket.setTimeout(OUTCOME_MS_MAX, () => socket.destroy());
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => {
      said += text;
      const [first] = greeted ? [] : lines();
      if (said.length > LINE_BYTES_MAX) socket.destroy();
      else if (first) onGreeting(first);
    });
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(err(failureOf(error, path))));
    socket.on('close', () => resolve(ok(lines())));
  });
}

function writePin(socket: Socket, pin: Uint8Array): void {
  const whole = Buffer.alloc(1 + pin.length);
  whole[0] = pin.length;
  whole.set(pin, 1);
  socket.write(whole, () => whole.fill(0));
}

function failureOf({ code, message }: NodeJS.ErrnoException, path: string): UnlockFailure {
  if (code === 'ENOENT' || code === 'ECONNREFUSED') return { kind: 'nobody-waits' };
  if (code === 'EACCES') return { kind: 'not-permitted', path };
  return { kind: 'no-outcome', detail: message };
}
