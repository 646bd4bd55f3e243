/**
 * Encrypts to an RSA public key that has no certificate yet: CMS EnvelopedData (RFC 5652 section 6)
 * with RSAES-OAEP, and the parts of an EncryptedValue of CRMF with RSA PKCS#1 v1.5. The content is
 * encrypted with AES-256-CBC. `enveloped-data.ts` encrypts to certificates.
 */
import { constants, createCipheriv, type KeyObject, publicEncrypt } from 'node:crypto';
import {
  bitString,
  contextPrimitive,
  explicit,
  integer,
  nullValue,
  octetString,
  oid,
  seq,
  setOf,
} from '../asn1/der-writer.js';
import { OID } from '../asn1/oids.js';
import { assert } from '../kernel/assert.js';
import { type Bytes, concat } from '../kernel/bytes.js';
import { importPublicKey } from './keys/algorithms.js';
import { readPublicKey, subjectKeyIdentifier } from './keys/public-key.js';

type Recipient = {
  /** SubjectPublicKeyInfo, DER. */
  readonly spki: Bytes;
  /** A fresh AES-256 key and an initialisation vector are taken from it. */
  readonly random: (length: number) => Bytes;
};

const KEY_OCTETS = 32;
const VECTOR_OCTETS = 16;

/**
 * EnvelopedData, DER, with one KeyTransRecipientInfo that names the key by its identifier (RFC 5652
 * 6.2.1), as RFC 9483 4.1.6.1 requires. null: it is no RSA key.
 */
export function encryptEnvelopeToKey(content: Bytes, { spki, random }: Recipient): Bytes | null {
  const key = rsaKey(spki);
  if (key === null) return null;
  const { contentKey, algorithm, encrypted } = encrypt(content, random);
  const padding = constants.RSA_PKCS1_OAEP_PADDING;
  const encryptedKey = new Uint8Array(publicEncrypt({ key, padding, oaepHash: 'sha256' }, contentKey));
  contentKey.fill(0);
  const recipient = seq(
    integer(2),
    contextPrimitive(0, subjectKeyIdentifier(spki)),
    oaepWithSha256(),
    octetString(encryptedKey),
  );
  const info = seq(oid(OID.cmsData), algorithm, contextPrimitive(0, encrypted));
  return seq(integer(2), setOf([recipient]), info);
}

/** RSAES-OAEP-params with SHA-256 for hash and mask (RFC 4055 4.1). */
function oaepWithSha256(): Bytes {
  const sha256 = seq(oid(OID.sha256), nullValue());
  const parameters = seq(explicit(0, sha256), explicit(1, seq(oid(OID.mgf1), sha256)));
  return seq(oid(OID.rsaesOaep), parameters);
}

/** EncryptedValue, DER (RFC 4211 2.1). null: it is no RSA key. */
export function encryptValueToKey(content: Bytes, { spki, random }: Recipient): Bytes | null {
  const key = rsaKey(spki);
  if (key === null) return null;
  const { contentKey, algorithm, encrypted } = encrypt(content, random);
  const encryptedKey = new Uint8Array(publicEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, contentKey));
  contentKey.fill(0);
  const [symmetric, asymmetric] = [algorithm.slice(), seq(oid(OID.rsaEncryption), nullValue())];
  // CRMF's module has implicit tags: symmAlg [1], encSymmKey [2], keyAlg [3].
  symmetric[0] = 0xa1;
  asymmetric[0] = 0xa3;
  return seq(
    symmetric,
    contextPrimitive(2, concat([Uint8Array.of(0), encryptedKey])),
    asymmetric,
    bitString(encrypted),
  );
}

function rsaKey(spki: Bytes): KeyObject | null {
  const view = readPublicKey(spki);
  return view.ok && view.value.kind === 'rsa' ? importPublicKey(spki) : null;
}

/** AES-256-CBC with the padding of RFC 5652 6.3; its identifier has the vector (RFC 3565 2.3). */
function encrypt(content: Bytes, random: Recipient['random']) {
  const [contentKey, vector] = [random(KEY_OCTETS), random(VECTOR_OCTETS)];
  assert(contentKey.length === KEY_OCTETS && vector.length === VECTOR_OCTETS, 'as many random octets as asked for');
  const cipher = createCipheriv('aes-256-cbc', contentKey, vector);
  const encrypted = concat([cipher.update(content), cipher.final()]);
  return { contentKey, algorithm: seq(oid(OID.aes256Cbc), octetString(vector)), encrypted };
}
