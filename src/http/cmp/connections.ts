/**
 * Limits the connections of CMP clients. Connections to the CMP server and connections that a proxy
 * opens for CMP clients count together. Beyond the share of one client address, a new connection
 * replaces the oldest one of this address; beyond the total, it replaces the oldest of all. So one
 * client cannot keep the others out.
 */
import type { Socket } from 'node:net';
import { networkOf } from '../../access/networks.js';
import { createBoundedGroup } from '../server/bounded-group.js';

export type CmpConnections = {
  readonly connectionsMax: number;
  /**
   * Counts a new connection until it closes. `address`: the address of the client; behind a proxy,
   * the proxy states it, because the socket has the address of the proxy only.
   */
  readonly add: (socket: Socket, address: string) => void;
};

/** One client address (for IPv6: one /64 network) has at most this share of the connections. */
const SHARE_OF_ADDRESS = 1 / 4;

export function createCmpConnections(connectionsMax: number): CmpConnections {
  const perOwner = Math.max(2, Math.floor(connectionsMax * SHARE_OF_ADDRESS));
  const open = createBoundedGroup<Socket>({ total: connectionsMax, perOwner });
  return {
    connectionsMax,
    add: (socket, address) => {
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
