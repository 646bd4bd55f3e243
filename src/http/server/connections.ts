/**
 * Divides the connections of the API between its clients, so that nobody can take all of them.
 * Anybody can open a connection, so a connection counts as `arriving` until its handshake is
 * finished and its first request has authenticated an account. Then it counts for that account.
 * Without a client certificate it counts as `anonymous`, and so it does when its certificate is
 * refused; its first answer closes it.
 *
 * When a share is full, a new connection replaces the oldest one of the same client address or, if
 * this address has few, of all. So connections on which nothing happens never keep others out.
 * Connections of accounts are not replaced: beyond the share, new ones are refused.
 */
import type { Socket } from 'node:net';
import { networkOf } from '../../access/networks.js';
import { type BoundedGroup, createBoundedGroup } from './bounded-group.js';

type ConnectionClass = 'arriving' | 'anonymous' | 'account';

export type ConnectionLimiter = {
  /** All classes together. */
  readonly connectionsMax: number;
  /**
   * Counts a connection whose handshake begins, or a connection of a proxy, with the address of the
   * client for which it was opened.
   */
  readonly arrived: (socket: Socket, address: string) => void;
  /** The client presented no certificate in the handshake, or one that was refused. */
  readonly markAnonymous: (socket: Socket) => void;
  /** The client has authenticated. Returns false when there is no place for its account. */
  readonly admit: (socket: Socket, client: { readonly account: string; readonly isOfficer: boolean }) => boolean;
  /** Whether the connection counts for an account and may be used for further requests. */
  readonly isAdmitted: (socket: Socket) => boolean;
};

export type ConnectionObserver = {
  /** The number of connections of a class has changed. */
  readonly counted: (kind: ConnectionClass, connections: number) => void;
  /** A connection was closed to make room for another, or refused. */
  readonly closed: (kind: ConnectionClass) => void;
};

/**
 * Shares of all connections. A burst of new clients behind one address must fit into `arriving`;
 * nobody needs many anonymous connections, which get the OpenAPI document or an error.
 */
const SHARES = {
  arriving: { total: 3 / 8, perAddress: 1 / 4 },
  anonymous: { total: 1 / 16, perAddress: 1 / 64 },
  /** The rest. `reserved`: places that only officers can take. */
  account: { total: 9 / 16, perAccount: 3 / 8, reserved: 1 / 32 },
} as const;

type TrackedConnection = {
  readonly socket: Socket;
  readonly address: string;
  kind: ConnectionClass;
};

export function createConnectionLimiter(connectionsMax: number, observer: ConnectionObserver): ConnectionLimiter {
  const part = (share: number): number => Math.max(2, Math.floor(connectionsMax * share));
  const reserved = part(SHARES.account.reserved);
  const groups: Readonly<Record<ConnectionClass, BoundedGroup<TrackedConnection>>> = {
    arriving: createBoundedGroup({ total: part(SHARES.arriving.total), perOwner: part(SHARES.arriving.perAddress) }),
    anonymous: createBoundedGroup({ total: part(SHARES.anonymous.total), perOwner: part(SHARES.anonymous.perAddress) }),
    account: createBoundedGroup({ total: part(SHARES.account.total), perOwner: part(SHARES.account.perAccount) }),
  };
  const tracked = new Map<string | Socket, TrackedConnection>();
  const trackedOf = (socket: Socket): TrackedConnection | undefined => tracked.get(endpointOf(socket));
  const count = (kind: ConnectionClass): void => observer.counted(kind, groups[kind].size());

  const leave = (one: TrackedConnection): void => {
    groups[one.kind].remove(one);
    count(one.kind);
  };
  const join = (one: TrackedConnection, kind: ConnectionClass, owner: string): void => {
    one.kind = kind;
    groups[kind].add(one, owner);
    count(kind);
  };
  /** Closes the connection that a new one of this owner replaces, if it must. */
  const makeRoom = (kind: 'arriving' | 'anonymous', owner: string): void => {
    const replaced = groups[kind].toReplace(owner);
    if (replaced === null) return;
    observer.closed(kind);
    leave(replaced);
    replaced.socket.destroy();
  };

  return {
    connectionsMax,
    arrived: (socket, from) => {
      const address = networkOf(from);
      makeRoom('arriving', address);
      const endpoint = endpointOf(socket);
      const one: TrackedConnection = { socket, address, kind: 'arriving' };
      tracked.set(endpoint, one);
      join(one, 'arriving', address);
      socket.once('close', () => {
        leave(one);
        if (tracked.get(endpoint) === one) tracked.delete(endpoint);
      });
    },
    markAnonymous: (socket) => {
      const one = trackedOf(socket);
      if (one === undefined || one.kind === 'anonymous') return;
      leave(one);
      makeRoom('anonymous', one.address);
      join(one, 'anonymous', one.address);
    },
    admit: (socket, { account, isOfficer }) => {
      const one = trackedOf(socket);
      // It was closed in the meantime.
      if (one === undefined) return false;
      if (one.kind === 'account') return true;
      const { size, countOf } = groups.account;
      const room = part(SHARES.account.total) - (isOfficer ? 0 : reserved);
      if (size() >= room || countOf(account) >= part(SHARES.account.perAccount)) {
        observer.closed('account');
        return false;
      }
      leave(one);
      join(one, 'account', account);
      return true;
    },
    isAdmitted: (socket) => trackedOf(socket)?.kind === 'account',
  };
}

/**
 * The client's address and port, which the socket of the handshake and the TLS socket share. The
 * sockets of a proxy have neither.
 */
function endpointOf(socket: Socket): string | Socket {
  const { remoteAddress, remotePort = 0 } = socket;
  return remoteAddress === undefined ? socket : `${remoteAddress} ${remotePort}`;
}
