/**
 * Finds the issuer that a CertID identifies (RFC 6960 4.1.1), by any of the four hash algorithms.
 */
import { createHash } from 'node:crypto';
import { bitStringOctets, parseDer, sequence, TAG } from '../asn1/der-reader.js';
import { assert } from '../kernel/assert.js';
import { type Bytes, toHex } from '../kernel/bytes.js';
import type { Issuer } from '../x509/model.js';
import { CERT_ID_HASHES, type CertId, type CertIdHash } from './request.js';

export type IssuerIndex<Entry> = { readonly find: (certId: CertId) => Entry | null };

export function createIssuerIndex<Entry>(
  entries: readonly Entry[],
  issuerOf: (entry: Entry) => Pick<Issuer, 'subjectDer' | 'spki'>,
): IssuerIndex<Entry> {
  const byHashes = new Map<string, Entry>();
  for (const entry of entries) {
    const { subjectDer, spki } = issuerOf(entry);
    const key = subjectPublicKey(spki);
    for (const { hash } of CERT_ID_HASHES.values()) {
      byHashes.set(indexKey(hash, digestOf(hash, subjectDer), digestOf(hash, key)), entry);
    }
  }
  return {
    find: ({ hash, issuerNameHash, issuerKeyHash }) =>
      hash === null ? null : (byHashes.get(indexKey(hash, issuerNameHash, issuerKeyHash)) ?? null),
  };
}

/**
 * Returns a function that returns the index of the current entries. The index is rebuilt only when
 * `entries` returns another array.
 */
export function createCurrentIssuerIndex<Entry>(
  entries: () => readonly Entry[],
  issuerOf: (entry: Entry) => Pick<Issuer, 'subjectDer' | 'spki'>,
): () => IssuerIndex<Entry> {
  let indexed: readonly Entry[] | null = null;
  let index = createIssuerIndex<Entry>([], issuerOf);
  return () => {
    const current = entries();
    if (current !== indexed) index = createIssuerIndex(current, issuerOf);
    indexed = current;
    return index;
  };
}

function indexKey(hash: CertIdHash, nameHash: Bytes, keyHash: Bytes): string {
  return `${hash}:${toHex(nameHash)}:${toHex(keyHash)}`;
}

function digestOf(hash: CertIdHash, bytes: Bytes): Bytes {
  return new Uint8Array(createHash(hash).update(bytes).digest());
}

/**
 * Returns the BIT STRING of a SubjectPublicKeyInfo without its tag, its length and the number of
 * unused bits. The hash of this is issuerKeyHash (RFC 6960 4.1.1).
 */
function subjectPublicKey(spki: Bytes): Bytes {
  const parsed = parseDer(spki, (root) => {
    const fields = sequence(root, 'SubjectPublicKeyInfo');
    fields.next(TAG.sequence, 'algorithm');
    const key = bitStringOctets(fields.next(TAG.bitString, 'subjectPublicKey'), 'subjectPublicKey');
    fields.end();
    return key;
  });
  assert(parsed.ok, 'the SubjectPublicKeyInfo of a certificate is well-formed');
  return parsed.value;
}
