/**
 * The signatures that a child has made lately, with the bytes that it has signed. A caller that
 * reports a signature as bad can have any reason to do so, so the supervisor verifies the signature
 * itself before it replaces the child.
 */
import { createVerify, type KeyObject, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Bytes } from '../../src/kernel/bytes.js';
import { hashFor, signatureAlgorithmFor } from '../../src/x509/keys/algorithms.js';
import type { IssuerConfiguration, TokenConfiguration } from '../configuration.js';

/** The hash of a CRL, which is computed while its bytes are sent to the child. */
export type CrlHash = {
  readonly issuer: string;
  readonly update: (chunk: Bytes) => void;
  /** Ends the hash, and returns whether the signature over it verifies. */
  readonly verifies: (publicKey: KeyObject, signature: Bytes) => boolean;
};

/**
 * `bad`: the signature does not verify, so that the report is right. `unknown`: this child has not
 * made it, has made it too long ago, or it was reported before. `no-certificate`: its key has no
 * certificate that can be read.
 */
type SignatureVerdict = 'bad' | 'verifies' | 'unknown' | 'no-certificate';

type RecentSignatures = {
  /** Remembers a signature over the body of a request. */
  add(signature: Bytes, signed: { readonly issuer: string; readonly body: Bytes }): void;
  /** Begins to hash the bytes of a CRL. null: the token has no key of this issuer. */
  hashCrl(issuer: string): CrlHash | null;
  addCrl(signature: Bytes, hash: CrlHash): void;
  /**
   * Verifies a signature that was reported as bad. Each signature can be verified once, and is
   * unknown afterwards.
   */
  verifyOnce(signature: Bytes): SignatureVerdict;
  /** Forgets all signatures, because the child has ended. */
  clear(): void;
};

/**
 * At most this many signatures are remembered. A busy child makes fewer while a caller verifies
 * one.
 */
const SIGNATURES_MAX = 1_024;
const BYTES_MAX = 4 * 1024 * 1024;

type SignedRequest = {
  readonly issuer: string;
  readonly bytes: number;
  readonly verifies: (key: IssuerKey, signature: Bytes) => boolean;
};
type IssuerKey = { readonly hash: string; readonly publicKey: KeyObject };

export function createRecentSignatures(issuers: TokenConfiguration['issuers']): RecentSignatures {
  /** The remembered signatures by their bytes, the oldest first. */
  const recent = new Map<string, SignedRequest>();
  let bytes = 0;

  const remove = (key: string): void => {
    bytes -= recent.get(key)?.bytes ?? 0;
    recent.delete(key);
  };
  const put = (signature: Bytes, signed: SignedRequest): void => {
    const key = keyOf(signature);
    remove(key);
    recent.set(key, signed);
    bytes += signed.bytes;
    for (const oldest of recent.keys()) {
      if (recent.size <= SIGNATURES_MAX && bytes <= BYTES_MAX) break;
      remove(oldest);
    }
  };

  return {
    add(signature, { issuer, body }) {
      // The body is copied, because it shares the memory of a larger chunk.
      const signed = Buffer.from(body);
      const verifies = ({ hash, publicKey }: IssuerKey, claimed: Bytes): boolean =>
        createVerify(hash).update(signed).verify(publicKey, claimed);
      put(signature, { issuer, bytes: signed.length, verifies });
    },
    hashCrl(issuer) {
      const found = issuers.find(({ id }) => id === issuer);
      if (found === undefined) return null;
      const verifier = createVerify(hashOf(found));
      return {
        issuer,
        update: (chunk) => void verifier.update(chunk),
        verifies: (publicKey, signature) => verifier.verify(publicKey, signature),
      };
    },
    addCrl(signature, hash) {
      const verifies = ({ publicKey }: IssuerKey, claimed: Bytes): boolean => hash.verifies(publicKey, claimed);
      put(signature, { issuer: hash.issuer, bytes: 0, verifies });
    },
    verifyOnce(signature) {
      const key = keyOf(signature);
      const signed = recent.get(key);
      if (signed === undefined) return 'unknown';
      remove(key);
      // An OCSP token may have several keys of one issuer.
      const keys = issuers.filter(({ id }) => id === signed.issuer).flatMap(certifiedKeysOf);
      if (keys.length === 0) return 'no-certificate';
      return keys.some((one) => signed.verifies(one, signature)) ? 'verifies' : 'bad';
    },
    clear() {
      recent.clear();
      bytes = 0;
    },
  };
}

function keyOf(signature: Bytes): string {
  return Buffer.from(signature).toString('latin1');
}

function hashOf({ keyType }: IssuerConfiguration): string {
  return hashFor(signatureAlgorithmFor(keyType));
}

/**
 * Returns the public key in the certificate of this issuer; none if there is no readable
 * certificate.
 */
function certifiedKeysOf(issuer: IssuerConfiguration): readonly IssuerKey[] {
  const { certificateFile } = issuer;
  if (certificateFile === null) return [];
  try {
    return [{ hash: hashOf(issuer), publicKey: new X509Certificate(readFileSync(certificateFile)).publicKey }];
  } catch {
    return [];
  }
}
