/**
 * The socket on which one token's process takes its PIN from an officer: opened by that process itself, so that the PIN passes
 * through no other. One client at a time, for a few seconds; a refusal is followed by a pause.
 */
import { chmodSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { dirname } from 'node:path';
import { ok, type Result } from '../../src/kernel/result.js';
import { PIN_BYTES_MAX, pinFault, type UnlockGreeting, type UnlockOutcome } from '../wire/pin-frames.js';
import { socketAddress } from '../wire/socket-address.js';
import { prepareSocketFolder, type SocketFolderExposed } from '../wire/socket-folder.js';

/** `after`: what is done once the client has its outcome, or is gone. */
export type Attempted = { readonly outcome: UnlockOutcome; readonly after?: () => void };
export type PinSocketWorld = {
  readonly greeting: () => UnlockGreeting;
  /** The octets are overwritten when it settles: who needs them longer takes a copy. */
  readonly attempt: (pin: Buffer) => Promise<Attempted>;
};
export type PinSocket = { close(): void };

/** A client connects when the PIN has been typed: it needs no time to think. */
const SILENT_MS_MAX = 5_000;
/** After a refusal, typed or known; a script that guesses has the token's own counter against it, and this. */
const PAUSE_MS = 3_000;
/** Those who are told that it is busy included. */
const CONNECTIONS_MAX = 4;

/** Listens on `path`, in a folder for this user alone. The caller holds the token: a socket there is a dead predecessor's. */
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
    // Not the socket's own time limit, which each octet would start anew.
    const silence = setTimeout(() => socket.destroy(), SILENT_MS_MAX);
    // Of a client that is gone there is nothing to say.
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
      void attempt(pin).then((attempted) => {
        busy = false;
        answer(socket, attempted);
      });
    });
  });

  async function attempt(pin: Buffer | null): Promise<Attempted> {
    if (pin === null) return { outcome: { outcome: 'malformed', detail: 'more than one PIN was sent' } };
    try {
      const fault = pinFault(pin);
      if (fault !== null) return { outcome: { outcome: 'malformed', detail: fault } };
      const retryAfterMs = Math.ceil(notBefore - performance.now());
      if (retryAfterMs > 0) return { outcome: { outcome: 'too-soon', retryAfterMs } };
      const attempted = await world.attempt(pin);
      if (attempted.outcome.outcome === 'refused') notBefore = performance.now() + PAUSE_MS;
      return attempted;
    } finally {
      pin.fill(0);
    }
  }

  server.maxConnections = CONNECTIONS_MAX;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(socketAddress(path), resolve);
  });
  chmodSync(path, 0o600);
  // It is the connection to its supervisor that a child lives by.
  server.unref();
  return ok({
    close() {
      server.close();
      // Not who waits for the outcome that closes it.
      for (const socket of sockets) if (!socket.writableEnded) socket.end();
    },
  });
}

function answer(socket: Socket, { outcome, after }: Attempted): void {
  if (socket.destroyed) {
    after?.();
    return;
  }
  if (after) socket.once('close', after);
  socket.end(`${JSON.stringify(outcome)}\n`, () => socket.destroySoon());
}

/** Calls `receive` once; null: there was more than one. What came is overwritten where we can reach it. */
function receivePin(socket: Socket, receive: (pin: Buffer | null) => void): void {
  const held = Buffer.alloc(1 + PIN_BYTES_MAX);
  let filled = 0;
  let done = false;
  socket.on('close', () => {
    if (!done) held.fill(0);
  });
  socket.on('data', (chunk: Buffer) => {
    const taken = done ? 0 : chunk.copy(held, filled);
    const isMore = !done && taken < chunk.length;
    chunk.fill(0);
    filled += taken;
    const length = 1 + (held[0] ?? 0);
    if (done || (filled < length && !isMore)) return;
    done = true;
    if (isMore || filled > length) {
      held.fill(0);
      receive(null);
    } else receive(held.subarray(1, length));
  });
}
