/**
 * What is known of the client of a request: its address, the certificate whose key it has proved,
 * and its TLS session. It comes from the connection; behind a proxy, which ended that connection,
 * it comes from what the proxy says. Nothing else reads the socket of a request for these facts.
 */
import type { IncomingMessage } from 'node:http';
import type { TLSSocket } from 'node:tls';
import type { Bytes } from '../../kernel/bytes.js';
import { memoize } from '../../kernel/memoize.js';
import type { Fault } from '../../texts/text.js';

/** What a proxy says of the client of one request. */
export type ProxiedClient = {
  /** The client used TLS. */
  readonly isTls: boolean;
  readonly address: string;
  /** DER; null: the client presented none. */
  readonly certificate: Bytes | null;
};

/** `fault`: why it cannot be believed. */
type ProxyStatement = { readonly client: ProxiedClient } | { readonly client: null; readonly fault: Fault };

/** Only the listener for proxies adds requests, so the headers of others mean nothing. */
const proxied = new WeakMap<Pick<IncomingMessage, 'socket'>, ProxyStatement>();

/** Must be called before the request is handled. */
export function noteProxied(request: IncomingMessage, said: ProxyStatement): void {
  proxied.set(request, said);
}

/** null: the request came on a connection of its client, or its proxy can be believed. */
export function proxyFault(request: IncomingMessage): Fault | null {
  const said = proxied.get(request);
  return said?.client === null ? said.fault : null;
}

/** Whether the client used plain HTTP, as the proxy says. */
export function usedPlainHttp(request: IncomingMessage): boolean {
  return proxied.get(request)?.client?.isTls === false;
}

/** null: it is not known, because the client has left. */
export function addressOf(request: Pick<IncomingMessage, 'socket'>): string | null {
  const said = proxied.get(request);
  return (said === undefined ? request.socket.remoteAddress : said.client?.address) ?? null;
}

/** DER of the client certificate; null: there is none. */
export function certificateOf(request: Pick<IncomingMessage, 'socket'>): Bytes | null {
  const said = proxied.get(request);
  if (said !== undefined) return said.client?.certificate ?? null;
  return presentedOn(request.socket as TLSSocket);
}

/** It is read once, because nothing changes the certificate of a connection: see `tls.ts`. */
const presentedOn = memoize((socket: TLSSocket): Bytes | null => {
  const presented = socket.getPeerX509Certificate?.();
  return presented === undefined ? null : new Uint8Array(presented.raw);
});

/** The TLS session in which the request came; null: it ended at a proxy. */
export function sessionOf(request: IncomingMessage): TLSSocket | null {
  return proxied.has(request) ? null : (request.socket as TLSSocket);
}
