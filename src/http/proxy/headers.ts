/**
 * Reads the header fields in which a proxy says who its client is: `Forwarded` (RFC 7239) has the
 * address and the protocol, `Client-Cert` and `Client-Cert-Chain` (RFC 9440) have the certificates.
 * The proxy must remove what its client has sent under these names. Only exactly the form that a
 * proxy writes is accepted, because anything else may come from a client.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import type { Bytes } from '../../kernel/bytes.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { type Fault, fault } from '../../texts/text.js';
import type { ProxiedClient } from '../server/client-of.js';

/** Limit of the certificates in a chain. The chains of this platform are shorter. */
const CHAIN_MAX = 8;

/** Returns what the proxy states, or the fault of the header field that is not valid. */
export function readProxyHeaders(headers: IncomingHttpHeaders): Result<ProxiedClient, Fault> {
  const forwarded = readForwarded(textOf(headers.forwarded));
  if (forwarded === null) return err(fault('proxy-headers', { header: 'Forwarded' }));
  const { 'client-cert': leaf, 'client-cert-chain': chain } = headers;
  const { isTls } = forwarded;
  if (leaf === undefined)
    // A chain without a certificate is not valid (RFC 9440 2.3).
    return chain === undefined
      ? ok({ ...forwarded, certificate: null })
      : err(fault('proxy-headers', { header: 'Client-Cert-Chain' }));
  const certificate = readByteSequence(textOf(leaf));
  // A certificate over plain HTTP is refused, because only the TLS handshake proves that the client
  // has the private key.
  if (certificate === null || !isTls) return err(fault('proxy-headers', { header: 'Client-Cert' }));
  if (chain !== undefined && !isChain(textOf(chain)))
    return err(fault('proxy-headers', { header: 'Client-Cert-Chain' }));
  return ok({ ...forwarded, certificate });
}

/**
 * Returns the text of a field. node:http joins repeated fields by commas. `Forwarded` and
 * `Client-Cert` may not contain a comma here, so repeated fields are refused.
 */
function textOf(field: string | readonly string[] | undefined): string {
  return typeof field === 'string' ? field : (field?.join(', ') ?? '');
}

type ForwardedElement = Pick<ProxiedClient, 'address' | 'isTls'>;

/**
 * Reads `Forwarded` with exactly one element that has `for` and `proto`, each once. A second
 * element is refused, because it would come from another proxy or from the client. null: the field
 * is not valid.
 */
function readForwarded(text: string): ForwardedElement | null {
  const pairs = text.split(';').map((pair) => /^([A-Za-z]+)=(?:"([^"\\,;]*)"|([^"\\,;= ]*))$/.exec(pair));
  const read = new Map(pairs.map((pair) => [pair?.[1]?.toLowerCase(), pair?.[2] ?? pair?.[3] ?? '']));
  const protocol = read.get('proto');
  const address = addressIn(read.get('for') ?? '');
  if (pairs.length !== 2 || read.size !== 2 || address === null) return null;
  return protocol === 'https' || protocol === 'http' ? { address, isTls: protocol === 'https' } : null;
}

/**
 * Reads the address from `192.0.2.43` or `[2001:db8::17]`, with or without a port (RFC 7239 6);
 * null: it is in another form.
 */
function addressIn(node: string): string | null {
  const [, bracketed, bare = ''] = /^(?:\[([0-9A-Fa-f:.]+)\]|([0-9.]+))(?::\d{1,5})?$/.exec(node) ?? [];
  if (bracketed !== undefined) return isIP(bracketed) === 6 ? bracketed : null;
  return isIP(bare) === 4 ? bare : null;
}

/**
 * Reads a Byte Sequence (RFC 8941 3.3.5) without parameters; null: it is in another form, or empty.
 */
function readByteSequence(text: string): Bytes | null {
  const base64 = /^:([A-Za-z0-9+/]+={0,2}):$/.exec(text)?.[1];
  if (base64 === undefined) return null;
  const octets = Buffer.from(base64, 'base64');
  return octets.toString('base64') === base64 ? new Uint8Array(octets) : null;
}

/**
 * Whether the chain has the right form. Its certificates are not used, because the CAs of this
 * platform are known; the chain that a client sends in a TLS handshake here is not used either.
 */
function isChain(text: string): boolean {
  const members = text.split(',').map((member) => readByteSequence(member.trim()));
  return members.length <= CHAIN_MAX && members.every((member) => member !== null);
}
