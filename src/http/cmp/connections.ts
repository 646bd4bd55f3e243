/**
 * The connections of clients of CMP: those of its own server, and those that a proxy opens for
 * them. A client has one share of both. Beyond the limit a new connection replaces the oldest one
 * of its address, or of all.
 */
import type { Socket } from 'node:net';
import { networkOf } from '../../access/networks.js';
import { createBoundedGroup } from '../server/bounded-group.js';

export type CmpConnections = {
  readonly connectionsMax: number;
  /** `address`: of the client, which is not the address of the socket behind a proxy. */
  readonly arrived: (socket: Socket, address: string) => void;
};

/** An address has at most this share of the connections. */
const SHARE_OF_ADDRESS = 1 / 4;

export function createCmpConnections(connectionsMax: number): CmpConnections {
  const perOwner = Math.max(2, Math.floor(connectionsMax * SHARE_OF_ADDRESS));
  const open = createBoundedGroup<Socket>({ total: connectionsMax, perOwner });
  return {
    connectionsMax,
    arrived: (socket, address) => {
      const owner = networkOf(address);
      const replaced = open.toReplace(owner);
      if (replaced !== null) {
        open.remove(replaced);
        replaced.destroy();
      }
      open.add(socket, owner);
      socket.once('close', () => open.remove(socket));
    },
  };
}
