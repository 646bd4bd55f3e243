/**
 * Name and key of whoever an OCSP answer is about or is signed by, in the hashes that are asked for
 * (RFC 6960 4.1.1).
 */
import { createHash } from 'node:crypto';
import { bitStringOctets, parseDer, sequence, TAG } from '../../asn1/der-reader.js';
import { OID } from '../../asn1/oids.js';
import { assert } from '../../kernel/assert.js';
import type { Bytes } from '../../kernel/bytes.js';

/** Of a CertID, by the names that node gives them. */
export const HASHES: ReadonlyMap<string, string> = new Map([
  [OID.sha1, 'sha1'],
  [OID.sha256, 'sha256'],
  [OID.sha384, 'sha384'],
  [OID.sha512, 'sha512'],
]);

export type NameAndKey = {
  readonly subjectDer: Bytes;
  readonly nameHash: (hash: string) => Bytes;
  readonly keyHash: (hash: string) => Bytes;
};

const known = new WeakMap<object, NameAndKey>();

/**
 * The same object has the same name and key: issuers and responders of a service are few, and asked
 * of in every answer.
 */
export function nameAndKeyOf(of: { readonly subjectDer: Bytes; readonly spki: Bytes }): NameAndKey {
  const found = known.get(of);
  if (found !== undefined) return found;
  const made = createNameAndKey(of);
  known.set(of, made);
  return made;
}

export function createNameAndKey({
  subjectDer,
  spki,
}: {
  readonly subjectDer: Bytes;
  readonly spki: Bytes;
}): NameAndKey {
  const key = parseDer(spki, (root) => {
    const fields = sequence(root, 'SubjectPublicKeyInfo');
    fields.next(TAG.sequence, 'algorithm');
    return bitStringOctets(fields.next(TAG.bitString, 'subjectPublicKey'), 'subjectPublicKey');
  });
  assert(key.ok, 'the SubjectPublicKeyInfo of a certificate that was read');
  const digests = new Map<string, Bytes>();
  const digest = (what: 'name' | 'key', hash: string): Bytes => {
    const found = digests.get(`${what}:${hash}`);
    if (found !== undefined) return found;
    const made = createHash(hash)
      .update(what === 'name' ? subjectDer : key.value)
      .digest();
    digests.set(`${what}:${hash}`, made);
    return made;
  };
  return { subjectDer, nameHash: (hash) => digest('name', hash), keyHash: (hash) => digest('key', hash) };
}
