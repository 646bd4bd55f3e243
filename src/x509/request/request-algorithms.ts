/**
 * Signature algorithms that a certification request may be signed with: more than a CA signs with,
 * but none that is broken.
 */
import { constants } from 'node:crypto';
import {
  contextTag,
  type DerElement,
  explicit,
  malformed,
  nullValue,
  objectIdentifier,
  sequence,
  smallInteger,
  TAG,
} from '../../asn1/der-reader.js';
import { OID } from '../../asn1/oids.js';
import type { HashName } from '../../kernel/digest.js';
import { type Fault, fault } from '../../texts/text.js';

export type RequestAlgorithm =
  | {
      readonly kind: 'known';
      /** null: the algorithm takes the message itself. */
      readonly hash: HashName | 'sha224' | null;
      /** The type of the key as node:crypto names it. */
      readonly key: 'rsa' | 'ec' | 'ed25519';
      /** Further options of `crypto.verify`. */
      readonly options: { readonly padding?: number; readonly saltLength?: number };
    }
  | { readonly kind: 'refused'; readonly why: Fault };

/** RFC 9481 section 3 allows SHA-224 for protection; nothing offers it to clients. */
const RSA: ReadonlyMap<string, HashName | 'sha224'> = new Map([
  [OID.sha224WithRsaEncryption, 'sha224'],
  [OID.sha256WithRsaEncryption, 'sha256'],
  [OID.sha384WithRsaEncryption, 'sha384'],
  [OID.sha512WithRsaEncryption, 'sha512'],
]);
const ECDSA: ReadonlyMap<string, HashName | 'sha224'> = new Map([
  [OID.ecdsaWithSha224, 'sha224'],
  [OID.ecdsaWithSha256, 'sha256'],
  [OID.ecdsaWithSha384, 'sha384'],
  [OID.ecdsaWithSha512, 'sha512'],
]);
const HASHES: ReadonlyMap<string, HashName> = new Map([
  [OID.sha256, 'sha256'],
  [OID.sha384, 'sha384'],
  [OID.sha512, 'sha512'],
]);

function offered(algorithms: typeof RSA): readonly string[] {
  return [...algorithms].flatMap(([oid, hash]) => (hash === 'sha224' ? [] : [oid]));
}

/**
 * The object identifiers that a request may be signed with, by the kind of its key. RSASSA-PSS is
 * left out: without its parameters it means SHA-1, which is refused.
 */
export const REQUEST_ALGORITHMS: Readonly<Record<'rsa' | 'ec' | 'ed25519', readonly string[]>> = {
  rsa: offered(RSA),
  ec: offered(ECDSA),
  ed25519: [OID.ed25519],
};

/**
 * Broken algorithms that old software still uses: they are named so that the error message helps.
 */
const BROKEN: ReadonlyMap<string, string> = new Map([
  [OID.md5WithRsaEncryption, 'MD5'],
  [OID.sha1WithRsaEncryption, 'SHA-1'],
  [OID.ecdsaWithSha1, 'SHA-1'],
]);

/** For use inside `parseDer`: throws when the DER is not what the algorithm's standard says. */
export function readRequestAlgorithm(element: DerElement): RequestAlgorithm {
  const fields = sequence(element, 'signatureAlgorithm');
  const oid = objectIdentifier(fields.next(TAG.oid, 'algorithm'), 'algorithm');
  const parameters = fields.more() ? fields.any('parameters') : null;
  fields.end();
  const rsa = RSA.get(oid);
  if (rsa !== undefined) {
    // RFC 4055 section 5: NULL must be written, but its absence must be accepted.
    if (parameters !== null) nullValue(parameters, 'parameters');
    return { kind: 'known', hash: rsa, key: 'rsa', options: { padding: constants.RSA_PKCS1_PADDING } };
  }
  const ecdsa = ECDSA.get(oid);
  if (ecdsa !== undefined) {
    if (parameters !== null) malformed(parameters, 'parameters: absent with ECDSA (RFC 5758 3.2)');
    return { kind: 'known', hash: ecdsa, key: 'ec', options: {} };
  }
  if (oid === OID.ed25519) {
    if (parameters !== null) malformed(parameters, 'parameters: absent with Ed25519 (RFC 8410 section 3)');
    return { kind: 'known', hash: null, key: 'ed25519', options: {} };
  }
  if (oid === OID.rsassaPss) return readPss(element, parameters);
  const broken = BROKEN.get(oid);
  const why =
    broken === undefined
      ? fault('request-algorithm-accepted', { algorithm: oid })
      : fault('request-algorithm-accepted/broken', { algorithm: broken });
  return { kind: 'refused', why };
}

/**
 * RSASSA-PSS-params (RFC 4055 3.1). An absent hash or mask means SHA-1, so both must be present.
 */
function readPss(element: DerElement, parameters: DerElement | null): RequestAlgorithm {
  if (parameters === null) malformed(element, 'parameters: RSASSA-PSS has them');
  const fields = sequence(parameters, 'RSASSA-PSS-params');
  const hash = fields.optional(contextTag(0, 'constructed'));
  const mask = fields.optional(contextTag(1, 'constructed'));
  const salt = fields.optional(contextTag(2, 'constructed'));
  fields.end();
  if (hash === null || mask === null)
    return { kind: 'refused', why: fault('request-algorithm-accepted/broken', { algorithm: 'SHA-1' }) };
  const hashName = readHashAlgorithm(explicit(hash, 'hashAlgorithm'));
  const maskHash = readMask(explicit(mask, 'maskGenAlgorithm'));
  if (hashName === null || hashName !== maskHash)
    return { kind: 'refused', why: fault('request-algorithm-accepted/pss') };
  // RFC 4055 3.1: the default is 20 octets.
  const saltLength = salt === null ? 20 : smallInteger(explicit(salt, 'saltLength'), 'saltLength');
  if (saltLength > 64) return { kind: 'refused', why: fault('request-algorithm-accepted/salt') };
  const options = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength };
  return { kind: 'known', hash: hashName, key: 'rsa', options };
}

/** MGF1 over a hash; null for anything else. */
function readMask(element: DerElement): HashName | null {
  const fields = sequence(element, 'maskGenAlgorithm');
  const oid = objectIdentifier(fields.next(TAG.oid, 'algorithm'), 'algorithm');
  const inner = fields.next(TAG.sequence, 'mask hash');
  fields.end();
  return oid === OID.mgf1 ? readHashAlgorithm(inner) : null;
}

/** For use inside `parseDer`. null: another hash than SHA-256, SHA-384 or SHA-512. */
export function readHashAlgorithm(element: DerElement): HashName | null {
  const fields = sequence(element, 'hashAlgorithm');
  const oid = objectIdentifier(fields.next(TAG.oid, 'algorithm'), 'algorithm');
  const parameters = fields.optional(TAG.null);
  if (parameters !== null) nullValue(parameters, 'parameters');
  fields.end();
  return HASHES.get(oid) ?? null;
}
