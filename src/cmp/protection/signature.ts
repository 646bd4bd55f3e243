/** Signatures as protection (RFC 9481 section 3), by the algorithms of certification requests. */
import { parseDer } from '../../asn1/der-reader.js';
import type { Bytes } from '../../kernel/bytes.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { importPublicKey, verifyAsync } from '../../x509/keys/algorithms.js';
import { readPublicKey } from '../../x509/keys/public-key.js';
import { type RequestAlgorithm, readRequestAlgorithm } from '../../x509/request/request-algorithms.js';
import type { AlgorithmIdentifier } from '../model.js';
import type { Mac } from './mac.js';

/** The protection of a request that was verified, which decides on that of its answer. */

export type MacUse = {
  readonly kind: 'mac';
  readonly identifier: AlgorithmIdentifier;
  readonly mac: Mac;
  /** The text of senderKID. */
  readonly reference: string;
  /** ASCII octets. */
  readonly secret: Bytes;
  /** Where the message came from. */
  readonly network: string;
};

export type ProtectionUse =
  | MacUse
  /** `certificate`: the protection certificate, DER. */
  | { readonly kind: 'signature'; readonly certificate: Bytes };

export type SignatureAlgorithm = Extract<RequestAlgorithm, { readonly kind: 'known' }>;

/** The error is an English sentence for the client. */
export function readSignatureAlgorithm({ der }: AlgorithmIdentifier): Result<SignatureAlgorithm, string> {
  const read = parseDer(der, readRequestAlgorithm);
  if (!read.ok) return err(`protectionAlg: ${read.error.rule}`);
  return read.value.kind === 'known' ? ok(read.value) : err(`protectionAlg: ${read.value.why.message.en}`);
}

/** Whether this key has signed the data, on a thread of libuv's pool. */
export async function signatureVerifies(
  { hash, key: type, options }: SignatureAlgorithm,
  { spki, data, signature }: { readonly spki: Bytes; readonly data: Bytes; readonly signature: Bytes },
): Promise<boolean> {
  const view = readPublicKey(spki);
  const key = importPublicKey(spki);
  if (!view.ok || key === null || view.value.kind !== type) return false;
  return verifyAsync({ hash, key, options, data, signature });
}
