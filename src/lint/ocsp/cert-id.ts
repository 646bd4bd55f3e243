/**
 * Name and key of the issuer or responder of an OCSP response, hashed with the requested algorithm
 * (RFC 6960 4.1.1).
 */
import { createHash } from 'node:crypto';
import { bitStringOctets, parseDer, sequence, TAG } from '../../asn1/der-reader.js';
import { OID } from '../../asn1/oids.js';
import { assert } from '../../kernel/assert.js';
import type { Bytes } from '../../kernel/bytes.js';

/** The hash algorithms of a CertID, with Node's names for them. */
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
 * The result is cached by object: a service has few issuers and responders, and each response needs
 * them.
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
