/**
 * The socket on which the process of one token receives its PIN from an officer. That process opens
 * the socket itself, so that the PIN passes through no other process. It serves one client at a
 * time, for a few seconds, and pauses after a refusal.
 */
import { chmodSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { dirname } from 'node:path';
import { ok, type Result } from '../../src/kernel/result.js';
import { PIN_BYTES_MAX, pinFault, type UnlockGreeting, type UnlockOutcome } from '../wire/pin-frames.js';
import { socketAddress } from '../wire/socket-address.js';
import { prepareSocketFolder, type SocketFolderExposed } from '../wire/socket-folder.js';

/** `after` is called when the client has received the outcome or has disconnected. */
export type UnlockAttempt = { readonly outcome: UnlockOutcome; readonly after?: () => void };
type PinSocketWorld = {
  readonly greeting: () => UnlockGreeting;
  /**
   * Tries the PIN. `pin` is overwritten when the promise settles: the function must copy it to keep
   * it.
   */
  readonly attempt: (pin: Buffer) => Promise<UnlockAttempt>;
};
export type PinSocket = { close(): void };

/**
 * Time limit for sending the PIN. A client connects after the PIN was typed, so it can send it at
 * once.
 */
const SILENT_MS_MAX = 5_000;
/**
 * Pause after each refusal. It slows down guessing, in addition to the token's own counter of
 * tries.
 */
const PAUSE_MS = 3_000;
/** Limit of open connections, which include those of clients that get `busy`. */
const CONNECTIONS_MAX = 4;

/**
 * Listens on `path`, in a folder for this user only. The caller has the lock of the token, so that
 * an existing socket belongs to a process that has ended.
 */
export async function openPinSocket(
  path: string,
  world: PinSocketWorld,
): Promise<Result<PinSocket, SocketFolderExposed>> {
  const folder = prepareSocketFolder(dirname(path));
  if (!folder.ok) return folder;
  rmSync(path, { force: true });
  const sockets = new Set<Socket>();
  let busy = false;
  let notBefore = 0;

  const server = createServer((socket) => {
    sockets.add(socket);
    // `socket.setTimeout` is not used, because each byte would restart it.
    const silence = setTimeout(() => socket.destroy(), SILENT_MS_MAX);
    // A 'close' event follows each error, and its handler does all that is needed.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearTimeout(silence);
      sockets.delete(socket);
    });
    if (busy) return answer(socket, { outcome: { outcome: 'busy' } });
    busy = true;
    let attempting = false;
    socket.on('close', () => {
      if (!attempting) busy = false;
    });
    socket.write(`${JSON.stringify(world.greeting())}\n`);
    receivePin(socket, (pin) => {
      attempting = true;
      clearTimeout(silence);
      void attempt(pin).then((result) => {
        busy = false;
        answer(socket, result);
      });
    });
  });

  async function attempt(pin: Buffer | null): Promise<UnlockAttempt> {
    if (pin === null) return { outcome: { outcome: 'malformed', detail: 'more than one PIN was sent' } };
    try {
      const fault = pinFault(pin);
      if (fault !== null) return { outcome: { outcome: 'malformed', detail: fault } };
      const retryAfterMs = Math.ceil(notBefore - performance.now());
      if (retryAfterMs > 0) return { outcome: { outcome: 'too-soon', retryAfterMs } };
      const result = await world.attempt(pin);
      if (result.outcome.outcome === 'refused') notBefore = performance.now() + PAUSE_MS;
      return result;
    } finally {
      pin.fill(0);
    }
  }

  server.maxConnections = CONNECTIONS_MAX;
  await new Promise<void>((resolve, reject) => {
    // The handler stays after `listen`: a connection that cannot be accepted ends neither this
    // server nor the process.
    server.on('error', reject);
    server.listen(socketAddress(path), resolve);
  });
  chmodSync(path, 0o600);
  // Only the connection to the supervisor keeps this process running.
  server.unref();
  return ok({
    close() {
      server.close();
      // The client whose PIN was correct still receives its outcome.
      for (const socket of sockets) if (!socket.writableEnded) socket.end();
    },
  });
}

function answer(socket: Socket, { outcome, after }: UnlockAttempt): void {
  if (socket.destroyed) {
    after?.();
    return;
  }
  if (after) socket.once('close', after);
  socket.end(`${JSON.stringify(outcome)}\n`, () => socket.destroySoon());
}

/**
 * Calls `receive` once, with the PIN; null: more than one PIN was sent. Overwrites the received
 * buffers.
 */
function receivePin(socket: Socket, receive: (pin: Buffer | null) => void): void {
  const received = Buffer.alloc(1 + PIN_BYTES_MAX);
  let filled = 0;
  let done = false;
  socket.on('close', () => {
    if (!done) received.fill(0);
  });
  socket.on('data', (chunk: Buffer) => {
    const taken = done ? 0 : chunk.copy(received, filled);
    const isMore = !done && taken < chunk.length;
    chunk.fill(0);
    filled += taken;
    const length = 1 + (received[0] ?? 0);
    if (done || (filled < length && !isMore)) return;
    done = true;
    if (isMore || filled > length) {
      received.fill(0);
      receive(null);
    } else receive(received.subarray(1, length));
  });
}
