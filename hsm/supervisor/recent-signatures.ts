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

/** Hashes the bytes of a CRL while they are sent to the child. */
export type CrlHash = {
  readonly issuer: string;
  readonly update: (chunk: Bytes) => void;
  /** Ends the hash. */
  readonly verifies: (publicKey: KeyObject, signature: Bytes) => boolean;
};

/**
 * `bad`: it does not verify, so the report is right. `unknown`: this child has not made it, or too
 * long ago.
 */
type SignatureVerdict = 'bad' | 'verifies' | 'unknown' | 'no-certificate';

type RecentSignatures = {
  /** A signature over the body of one request. */
  add(signature: Bytes, signed: { readonly issuer: string; readonly body: Bytes }): void;
  /** null: the token has no key of this issuer. */
  hashCrl(issuer: string): CrlHash | null;
  addCrl(signature: Bytes, hash: CrlHash): void;
  /** Judges a signature once: it is unknown afterwards. */
  judge(signature: Bytes): SignatureVerdict;
  /** Forgets all signatures, because the child has ended. */
  clear(): void;
};

/** More than a busy child signs while a caller verifies. */
const SIGNATURES_MAX = 1_024;
const BYTES_MAX = 4 * 1024 * 1024;

type SignedRequest = {
  readonly issuer: string;
  readonly bytes: number;
  readonly verifies: (key: IssuerKey, signature: Bytes) => boolean;
};
type IssuerKey = { readonly hash: string; readonly publicKey: KeyObject };

export function createRecentSignatures(issuers: TokenConfiguration['issuers']): RecentSignatures {
  /** By signature, the oldest first. */
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
      // A copy, because the body shares the memory of a larger chunk.
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
    judge(signature) {
      const key = keyOf(signature);
      const signed = recent.get(key);
      if (signed === undefined) return 'unknown';
      remove(key);
      // An OCSP token may have several keys of one issuer.
      const keys = issuers.filter(({ id }) => id === signed.issuer).flatMap(keyIn);
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

/** The public key of this issuer's certificate; none if there is no readable certificate. */
function keyIn(issuer: IssuerConfiguration): readonly IssuerKey[] {
  const { certificateFile } = issuer;
  if (certificateFile === null) return [];
  try {
    return [{ hash: hashOf(issuer), publicKey: new X509Certificate(readFileSync(certificateFile)).publicKey }];
  } catch {
    return [];
  }
}
