import type { Duplex } from 'node:stream';

/** How long a client that is still sending may take to read the answer. */
const LINGER_MS = 1_000;

/**
 * Closes a connection after its last answer was written. If it were closed at once, the operating
 * system would reset it when the client is still sending, and the client could lose the answer.
 * What the client sends meanwhile is not read.
 */
export function closeAfterLastAnswer(socket: Duplex): void {
  socket.end();
  socket.pause();
  const lingering = setTimeout(() => socket.destroy(), LINGER_MS);
  socket.once('close', () => clearTimeout(lingering));
}
