/**
 * Shares out the connections of the API between its clients, so that no client can take all of
 * them. A connection counts as `arriving` until its handshake is finished and its first request has
 * authenticated an account (or a client without an account, such as a registration); then it counts
 * for this account. A connection without a client certificate, or with one that is refused, counts
 * as `anonymous`. It closes after its first answer, unless the request authenticates by HTTP Basic
 * (EST).
 *
 * When a share is full, a new `arriving` or `anonymous` connection replaces the oldest one of the
 * same client address if this address has reached its own limit, otherwise the oldest of all. So
 * idle connections never keep other clients out. Connections of accounts are not replaced: beyond
 * the share, new ones are refused.
 */
import type { Socket } from 'node:net';
import { networkOf } from '../../access/networks.js';
import { type BoundedGroup, createBoundedGroup } from './bounded-group.js';

type ConnectionClass = 'arriving' | 'anonymous' | 'account';

export type ConnectionLimiter = {
  /** The limit of all connections together. */
  readonly connectionsMax: number;
  /**
   * Counts a connection before its handshake, or a connection that a proxy opens. `address`: that
   * of the client, behind a proxy too.
   */
  readonly add: (socket: Socket, address: string) => void;
  /**
   * Counts the connection as `anonymous`: the client presented no certificate, or one that was
   * refused.
   */
  readonly markAnonymous: (socket: Socket) => void;
  /**
   * Counts the connection for the account that has authenticated. Returns false if the share of the
   * account, or of all accounts, is full, or if the connection was closed meanwhile.
   */
  readonly admit: (socket: Socket, client: { readonly account: string; readonly isOfficer: boolean }) => boolean;
  /** Whether the connection counts for an account and may be used for further requests. */
  readonly isAdmitted: (socket: Socket) => boolean;
};

export type ConnectionObserver = {
  /** Called when the number of connections of a class has changed. */
  readonly onCountChanged: (kind: ConnectionClass, connections: number) => void;
  /** Called when a connection was closed to make room for another one, or was refused. */
  readonly onClosed: (kind: ConnectionClass) => void;
};

/**
 * How all connections are shared out. The share of `arriving` must be large enough for a burst of
 * new clients behind one address. An anonymous connection carries one answer only, such as the
 * OpenAPI document, a page of the documentation or an error, so few are enough.
 */
const SHARES = {
  arriving: { total: 3 / 8, perAddress: 1 / 4 },
  anonymous: { total: 1 / 16, perAddress: 1 / 64 },
  /** The remaining share. `reserved`: places of this share that only officers can take. */
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
  const trackedOf = (socket: Socket): TrackedConnection | undefined => tracked.get(connectionKeyOf(socket));
  const count = (kind: ConnectionClass): void => observer.onCountChanged(kind, groups[kind].size());

  const leave = (one: TrackedConnection): void => {
    groups[one.kind].remove(one);
    count(one.kind);
  };
  const join = (one: TrackedConnection, kind: ConnectionClass, owner: string): void => {
    one.kind = kind;
    groups[kind].add(one, owner);
    count(kind);
  };
  /**
   * Closes the connection that a new connection of this owner must replace, if the group or the
   * share of the owner is full.
   */
  const makeRoom = (kind: 'arriving' | 'anonymous', owner: string): void => {
    const replaced = groups[kind].toReplace(owner);
    if (replaced === null) return;
    observer.onClosed(kind);
    leave(replaced);
    replaced.socket.destroy();
  };

  return {
    connectionsMax,
    add: (socket, from) => {
      const address = networkOf(from);
      makeRoom('arriving', address);
      const endpoint = connectionKeyOf(socket);
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
      // The connection was closed while the client authenticated.
      if (one === undefined) return false;
      if (one.kind === 'account') return true;
      const { size, countOf } = groups.account;
      const room = part(SHARES.account.total) - (isOfficer ? 0 : reserved);
      if (size() >= room || countOf(account) >= part(SHARES.account.perAccount)) {
        observer.onClosed('account');
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
 * Returns the key by which a connection is found again: the client's address and port, because the
 * TCP socket of the handshake and the TLS socket of the requests are different objects with the
 * same address and port. The Unix sockets of a proxy have neither, so the socket itself is the key.
 */
function connectionKeyOf(socket: Socket): string | Socket {
  const { remoteAddress, remotePort = 0 } = socket;
  return remoteAddress === undefined ? socket : `${remoteAddress} ${remotePort}`;
}
