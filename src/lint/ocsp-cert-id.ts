/** Hashes by which an OCSP answer names a CA and its responder (RFC 6960 4.1.1 and 4.2.1), each computed when asked for. */
import { createHash } from 'node:crypto';
import {
  bitStringOctets,
  type DerElement,
  nullValue,
  objectIdentifier,
  parseDer,
  sequence,
  TAG,
} from '../asn1/der-reader.js';
import { OID } from '../asn1/oids.js';
import { assert } from '../kernel/assert.js';
import type { Bytes } from '../kernel/bytes.js';
import { found } from './ocsp-found.js';

const HASHES: ReadonlyMap<string, string> = new Map([
  [OID.sha1, 'sha1'],
  [OID.sha256, 'sha256'],
  [OID.sha384, 'sha384'],
  [OID.sha512, 'sha512'],
]);

export type IssuerCheck = {
  readonly subjectDer: Bytes;
  /** The hash of a CertID, by the name that `nameHash` and `keyHash` take. */
  readonly readHash: (algorithm: DerElement) => string;
  readonly nameHash: (hash: string) => Bytes;
  readonly keyHash: (hash: string) => Bytes;
};

export function createIssuerCheck({
  subjectDer,
  spki,
}: {
  readonly subjectDer: Bytes;
  readonly spki: Bytes;
}): IssuerCheck {
  const key = parseDer(spki, (root) => {
    const fields = sequence(root, 'SubjectPublicKeyInfo');
    fields.next(TAG.sequence, 'algorithm');
    return bitStringOctets(fields.next(TAG.bitString, 'subjectPublicKey'), 'subjectPublicKey');
  });
  assert(key.ok, 'the SubjectPublicKeyInfo of a certificate that was read');
  const digests = new Map<string, Bytes>();
  const digest = (what: 'name' | 'key', hash: string): Bytes => {
    const known = digests.get(`${what}:${hash}`);
    if (known !== undefined) return known;
    const made = createHash(hash)
      .update(what === 'name' ? subjectDer : key.value)
      .digest();
    digests.set(`${what}:${hash}`, made);
    return made;
  };
  return {
    subjectDer,
    readHash,
    nameHash: (hash) => digest('name', hash),
    keyHash: (hash) => digest('key', hash),
  };
}

/** Parameters absent or NULL, as they were asked (RFC 5754 2). */
function readHash(algorithm: DerElement): string {
  const fields = sequence(algorithm, 'hashAlgorithm');
  const oid = objectIdentifier(fields.next(TAG.oid, 'algorithm'), 'algorithm');
  if (fields.more()) nullValue(fields.any('parameters'), 'parameters');
  fields.end();
  return HASHES.get(oid) ?? found('e_ocsp_certid_hash_known', oid);
}
