/** The hash of a certificate in certConf (RFC 9810 5.3.18). */
import { OID } from '../asn1/oids.js';
import type { Bytes } from '../kernel/bytes.js';
import { digestOf, type HashName } from '../kernel/digest.js';
import type { SignatureAlgorithm } from '../x509/model.js';
import type { AlgorithmIdentifier } from './model.js';

const NAMED: ReadonlyMap<string, HashName> = new Map([
  [OID.sha256, 'sha256'],
  [OID.sha384, 'sha384'],
  [OID.sha512, 'sha512'],
]);

const OF_SIGNATURE = {
  sha256WithRsaEncryption: 'sha256',
  ecdsaWithSha256: 'sha256',
  ecdsaWithSha384: 'sha384',
} as const satisfies Readonly<Record<SignatureAlgorithm, HashName>>;

/**
 * `hashAlg`: what the client names; null: the hash function of the certificate's signature is used.
 * Returns null for a hash that is not known here.
 */
export function certificateHash(
  certificate: Bytes,
  { hashAlg, signature }: { readonly hashAlg: AlgorithmIdentifier | null; readonly signature: SignatureAlgorithm },
): Bytes | null {
  const name = hashAlg === null ? OF_SIGNATURE[signature] : NAMED.get(hashAlg.oid);
  return name === undefined ? null : digestOf(name, certificate);
}
