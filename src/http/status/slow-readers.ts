/**
 * Limits the memory of CRLs that slow clients are still receiving. Such a CRL stays in memory even
 * after it was replaced, so clients that each read a different CRL very slowly could fill the
 * memory. When all these CRLs together exceed the limit, the clients of the oldest one are
 * disconnected; they can request it again.
 */
import type { Socket } from 'node:net';

export type SlowReaders = {
  /**
   * Counts a CRL that the socket could not send at once, until it has sent all of it or is closed.
   * `bytes`: its content. A CRL counts once, however many sockets send the same buffer.
   */
  readonly track: (bytes: Buffer, socket: Socket) => void;
};

const MIB = 1024 * 1024;
const TOTAL_BYTES_MAX = 256 * MIB;

export function createSlowReaders(bytesMax: number = TOTAL_BYTES_MAX): SlowReaders {
  /**
   * The sockets that still have to send a CRL, by the bytes of this CRL. The CRL that was added
   * first is the first in the map.
   */
  const readers = new Map<Buffer, Set<Socket>>();
  let totalBytes = 0;

  const release = (bytes: Buffer, socket: Socket): void => {
    const sockets = readers.get(bytes);
    if (sockets?.delete(socket) !== true || sockets.size > 0) return;
    readers.delete(bytes);
    totalBytes -= bytes.length;
  };
  const add = (bytes: Buffer): Set<Socket> => {
    const sockets = new Set<Socket>();
    readers.set(bytes, sockets);
    totalBytes += bytes.length;
    return sockets;
  };
  const disconnectOldest = (newest: Buffer): void => {
    for (const [bytes, sockets] of readers) {
      if (totalBytes <= bytesMax || bytes === newest) return;
      readers.delete(bytes);
      totalBytes -= bytes.length;
      for (const socket of sockets) socket.destroy();
    }
  };
  return {
    track: (bytes, socket) => {
      if (socket.destroyed || !socket.writableNeedDrain) return;
      const sockets = readers.get(bytes) ?? add(bytes);
      // A connection that requests the same CRL several times counts once.
      if (sockets.has(socket)) return;
      sockets.add(socket);
      const end = (): void => {
        socket.off('drain', end).off('close', end);
        release(bytes, socket);
      };
      socket.on('drain', end).on('close', end);
      disconnectOldest(bytes);
    },
  };
}
