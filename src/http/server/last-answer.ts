import type { Duplex } from 'node:stream';

/**
 * How long the connection stays open after the last answer, so that a client that is still sending
 * can read the answer.
 */
const LINGER_MS = 1_000;

/**
 * Closes a connection after its last answer was written, with a delay. If it were closed at once
 * while the client is still sending, the operating system would reset it, and the client could lose
 * the answer. What the client sends during the delay is not read.
 */
export function closeAfterLastAnswer(socket: Duplex): void {
  socket.end();
  socket.pause();
  const lingering = setTimeout(() => socket.destroy(), LINGER_MS);
  socket.once('close', () => clearTimeout(lingering));
}
