/**
 * The client of an unlock socket (`hsm/signer/pin-socket.ts`), for the officer's command. It keeps
 * no PIN.
 */
import { createConnection, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { err, ok, type Result } from '../../src/kernel/result.js';
import type { UnlockGreeting, UnlockOutcome } from '../wire/pin-frames.js';
import { socketAddress } from '../wire/socket-address.js';

export type UnlockFailure =
  /** Nothing listens on the socket: no signer waits for this PIN. */
  | { readonly kind: 'not-waiting' }
  | { readonly kind: 'not-permitted'; readonly path: string }
  | { readonly kind: 'no-outcome'; readonly detail: string };

type UnlockLine = UnlockGreeting | UnlockOutcome;

/**
 * Time limit of the answer. It is enough for the login and a test of every key: the supervisor
 * kills a child that takes longer.
 */
const OUTCOME_MS_MAX = 60_000;
const LINE_BYTES_MAX = 64 * 1024;
const BUSY_MS_MAX = 1_000;
const BUSY_RETRY_MS = 50;

/** Reads the greeting of the signer, before a PIN is typed. */
export async function readUnlockGreeting(
  path: string,
): Promise<Result<UnlockGreeting | { readonly outcome: 'busy' }, UnlockFailure>> {
  const lines = await exchange(path, null);
  if (!lines.ok) return lines;
  const [first] = lines.value;
  if (first !== undefined && 'token' in first) return ok(first);
  return first?.outcome === 'busy' ? ok(first) : err({ kind: 'no-outcome', detail: 'it sent no greeting' });
}

/** Sends the PIN once, and overwrites its own copy. The caller overwrites `pin`. */
export async function sendPin(path: string, pin: Uint8Array): Promise<Result<UnlockOutcome, UnlockFailure>> {
  const until = performance.now() + BUSY_MS_MAX;
  for (;;) {
    const lines = await exchange(path, pin);
    if (!lines.ok) return lines;
    const last = lines.value.at(-1);
    if (last === undefined || !('outcome' in last))
      return err({ kind: 'no-outcome', detail: 'the signer ended without an answer: its log says why' });
    // The signer serves one client at a time. It may not have noticed yet that the client that read
    // the greeting has disconnected.
    if (last.outcome !== 'busy' || performance.now() > until) return ok(last);
    await sleep(BUSY_RETRY_MS);
  }
}

/**
 * Sends the PIN after the greeting, and returns all lines. Without a PIN, returns the greeting
 * only.
 */
function exchange(path: string, pin: Uint8Array | null): Promise<Result<readonly UnlockLine[], UnlockFailure>> {
  return new Promise((resolve) => {
    const socket = createConnection(socketAddress(path));
    let received = '';
    let greeted = false;
    const lines = (): readonly UnlockLine[] =>
      received
        .split('\n')
        .slice(0, -1)
        // The line comes from our own signer, through a socket in a folder that only its user can
        // write to, so its types are trusted.
        .map((line) => JSON.parse(line) as UnlockLine);
    const onGreeting = (greeting: UnlockLine): void => {
      greeted = true;
      if (pin === null) socket.destroy();
      else if ('token' in greeting) writePin(socket, pin);
    };
    socket.setTimeout(OUTCOME_MS_MAX, () => socket.destroy());
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => {
      received += text;
      const [first] = greeted ? [] : lines();
      if (received.length > LINE_BYTES_MAX) socket.destroy();
      else if (first) onGreeting(first);
    });
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(err(failureOf(error, path))));
    socket.on('close', () => resolve(ok(lines())));
  });
}

function writePin(socket: Socket, pin: Uint8Array): void {
  const frame = Buffer.alloc(1 + pin.length);
  frame[0] = pin.length;
  frame.set(pin, 1);
  socket.write(frame, () => frame.fill(0));
}

function failureOf({ code, message }: NodeJS.ErrnoException, path: string): UnlockFailure {
  if (code === 'ENOENT' || code === 'ECONNREFUSED') return { kind: 'not-waiting' };
  if (code === 'EACCES') return { kind: 'not-permitted', path };
  return { kind: 'no-outcome', detail: message };
}
