/**
 * Who takes a list slowly keeps it in memory, also when others have taken its place since: a reader a publication, each at a trickle,
 * would be all the memory there is. What all of them keep together is bounded; who has the oldest is cut off, and comes again.
 */
import type { Socket } from 'node:net';

export type SlowReaders = {
  /** Until all of it has left this process, or the connection has ended. */
  readonly hold: (bytes: Buffer, socket: Socket) => void;
};

const MIB = 1024 * 1024;
const HELD_BYTES_MAX = 256 * MIB;

export function createSlowReaders(bytesMax: number = HELD_BYTES_MAX): SlowReaders {
  /** The oldest first. */
  const readers = new Map<Buffer, Set<Socket>>();
  let together = 0;

  const release = (bytes: Buffer, socket: Socket): void => {
    const of = readers.get(bytes);
    if (of?.delete(socket) !== true || of.size > 0) return;
    readers.delete(bytes);
    together -= bytes.length;
  };
  const add = (bytes: Buffer): Set<Socket> => {
    const of = new Set<Socket>();
    readers.set(bytes, of);
    together += bytes.length;
    return of;
  };
  const cutOff = (newest: Buffer): void => {
    for (const [bytes, of] of readers) {
      if (together <= bytesMax || bytes === newest) return;
      readers.delete(bytes);
      together -= bytes.length;
      for (const socket of of) socket.destroy();
    }
  };
  return {
    hold: (bytes, socket) => {
      if (socket.destroyed || !socket.writableNeedDrain) return;
      const of = readers.get(bytes) ?? add(bytes);
      // Once for all that it was asked for on one connection.
      if (of.has(socket)) return;
      of.add(socket);
      const end = (): void => {
        socket.off('drain', end).off('close', end);
        release(bytes, socket);
      };
      socket.on('drain', end).on('close', end);
      cutOff(bytes);
    },
  };
}
