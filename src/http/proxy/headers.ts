/**
 * The header fields in which a proxy says who its client is: `Forwarded` (RFC 7239), with the
 * address and the protocol, and `Client-Cert` with `Client-Cert-Chain` (RFC 9440). The proxy
 * replaces what its client has sent under these names, so everything else than exactly what a proxy
 * writes is refused.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import type { Bytes } from '../../kernel/bytes.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { type Fault, fault } from '../../texts/text.js';
import type { ProxiedClient } from '../server/client-of.js';

/** Certificates of a chain; longer ones do not exist here. */
const CHAIN_MAX = 8;

export function readProxyHeaders(headers: IncomingHttpHeaders): Result<ProxiedClient, Fault> {
  const forwarded = readForwarded(textOf(headers.forwarded));
  if (forwarded === null) return err(fault('proxy-headers', { header: 'Forwarded' }));
  const { 'client-cert': leaf, 'client-cert-chain': chain } = headers;
  const { isTls } = forwarded;
  if (leaf === undefined)
    // RFC 9440 2.3: there is no chain without its certificate.
    return chain === undefined
      ? ok({ ...forwarded, certificate: null })
      : err(fault('proxy-headers', { header: 'Client-Cert-Chain' }));
  const certificate = readByteSequence(textOf(leaf));
  // Only TLS proves the key of a certificate.
  if (certificate === null || !isTls) return err(fault('proxy-headers', { header: 'Client-Cert' }));
  if (chain !== undefined && !isChain(textOf(chain)))
    return err(fault('proxy-headers', { header: 'Client-Cert-Chain' }));
  return ok({ ...forwarded, certificate });
}

/** node:http joins repeated fields by commas, which neither field has where it is not a list. */
function textOf(field: string | readonly string[] | undefined): string {
  return typeof field === 'string' ? field : (field?.join(', ') ?? '');
}

type ForwardedElement = Pick<ProxiedClient, 'address' | 'isTls'>;

/**
 * One element with `for` and `proto`, each once. A second element would be of another proxy, or of
 * the client.
 */
function readForwarded(text: string): ForwardedElement | null {
  const pairs = text.split(';').map((pair) => /^([A-Za-z]+)=(?:"([^"\\,;]*)"|([^"\\,;= ]*))$/.exec(pair));
  const read = new Map(pairs.map((pair) => [pair?.[1]?.toLowerCase(), pair?.[2] ?? pair?.[3] ?? '']));
  const protocol = read.get('proto');
  const address = addressIn(read.get('for') ?? '');
  if (pairs.length !== 2 || read.size !== 2 || address === null) return null;
  return protocol === 'https' || protocol === 'http' ? { address, isTls: protocol === 'https' } : null;
}

/** `192.0.2.43` or `[2001:db8::17]`, each with or without a port (RFC 7239 6). */
function addressIn(node: string): string | null {
  const [, bracketed, bare = ''] = /^(?:\[([0-9A-Fa-f:.]+)\]|([0-9.]+))(?::\d{1,5})?$/.exec(node) ?? [];
  if (bracketed !== undefined) return isIP(bracketed) === 6 ? bracketed : null;
  return isIP(bare) === 4 ? bare : null;
}

/** A Byte Sequence (RFC 8941 3.3.5) without parameters; null: it is none, or it is empty. */
function readByteSequence(text: string): Bytes | null {
  const base64 = /^:([A-Za-z0-9+/]+={0,2}):$/.exec(text)?.[1];
  if (base64 === undefined) return null;
  const octets = Buffer.from(base64, 'base64');
  return octets.toString('base64') === base64 ? new Uint8Array(octets) : null;
}

/**
 * The chain is of the right form. It is not used: the CAs of the platform are known, and a chain
 * that a client has sent on a connection of its own is not used either.
 */
function isChain(text: string): boolean {
  const members = text.split(',').map((member) => readByteSequence(member.trim()));
  return members.length <= CHAIN_MAX && members.every((member) => member !== null);
}
