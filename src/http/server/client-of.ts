/**
 * Says what is known of the client of a request: its address, its certificate (the client has
 * proved that it has the private key), and its TLS session. These facts come from the connection,
 * or behind a proxy from what the proxy states, because the connection is then that of the proxy.
 * All code that needs these facts must use these functions instead of the socket of the request.
 */
import type { IncomingMessage } from 'node:http';
import type { TLSSocket } from 'node:tls';
import type { Bytes } from '../../kernel/bytes.js';
import { memoize } from '../../kernel/memoize.js';
import type { Fault } from '../../texts/text.js';

/** What a proxy states about the client of one request. */
export type ProxiedClient = {
  /** Whether the client used TLS to connect to the proxy. */
  readonly isTls: boolean;
  readonly address: string;
  /** DER; null: the client presented none. */
  readonly certificate: Bytes | null;
};

/** What a proxy states, or why its statement is not valid (`fault`). */
type ProxyStatement = { readonly client: ProxiedClient } | { readonly client: null; readonly fault: Fault };

/**
 * The statements of proxies by request. Only the listener for proxies adds some, so on the other
 * listeners the header fields that proxies use have no effect.
 */
const proxied = new WeakMap<Pick<IncomingMessage, 'socket'>, ProxyStatement>();

/** Stores what a proxy states about a request. It must be called before the request is handled. */
export function recordProxyStatement(request: IncomingMessage, statement: ProxyStatement): void {
  proxied.set(request, statement);
}

/**
 * Returns why the statement of the proxy is not valid; null: it is valid, or the client is
 * connected directly.
 */
export function proxyFault(request: IncomingMessage): Fault | null {
  const statement = proxied.get(request);
  return statement?.client === null ? statement.fault : null;
}

/** Whether the client used plain HTTP, as the proxy says. */
export function usedPlainHttp(request: IncomingMessage): boolean {
  return proxied.get(request)?.client?.isTls === false;
}

/**
 * Returns the address of the client; null: it is not known, because the client has left or the
 * statement of its proxy is not valid.
 */
export function addressOf(request: Pick<IncomingMessage, 'socket'>): string | null {
  const statement = proxied.get(request);
  return (statement === undefined ? request.socket.remoteAddress : statement.client?.address) ?? null;
}

/**
 * Returns the client certificate in DER; null: the client has presented none, or the statement of
 * its proxy is not valid.
 */
export function certificateOf(request: Pick<IncomingMessage, 'socket'>): Bytes | null {
  const statement = proxied.get(request);
  if (statement !== undefined) return statement.client?.certificate ?? null;
  return presentedOn(request.socket as TLSSocket);
}

/**
 * Returns the certificate that the client of a TLS connection has presented. It is read once for
 * each connection: renegotiation is disabled (`tls.ts`), so the certificate cannot change.
 */
const presentedOn = memoize((socket: TLSSocket): Bytes | null => {
  const presented = socket.getPeerX509Certificate?.();
  return presented === undefined ? null : new Uint8Array(presented.raw);
});

/**
 * Returns the TLS session of the client; null: the request came through a proxy, where the session
 * ended.
 */
export function sessionOf(request: IncomingMessage): TLSSocket | null {
  return proxied.has(request) ? null : (request.socket as TLSSocket);
}
