/**
 * Encrypts a share for its holder, with a passphrase or to the key of a certificate, and decrypts
 * it.
 */
import { createCipheriv, createDecipheriv, scrypt, timingSafeEqual } from 'node:crypto';
import { combine, split } from 'shamir-secret-sharing';
import { present } from '../../kernel/assert.js';
import { type Bytes, concat, fromBase64, fromHex, toBase64, utf8 } from '../../kernel/bytes.js';
import { sha256, sha256Hex } from '../../kernel/digest.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { Random } from '../../ports/world.js';
import { type EncryptedShare, headerBytes, type Scrypt, type ShareFile, type ShareHeader } from './share-file.js';

/**
 * The cost of scrypt. Production: 256 MiB and about one second (RFC 7914 section 2), twice the
 * memory that OWASP asks for logins, because passphrases are typed a few times in twenty years.
 * Development: a low cost, because it has no secret to protect and its tests type passphrases
 * often.
 */
export const SCRYPT = {
  production: { n: 2 ** 18, r: 8, p: 1 },
  development: { n: 2 ** 8, r: 8, p: 1 },
} as const satisfies Readonly<Record<string, Scrypt>>;

/**
 * The most memory that scrypt may use. A share file states its own parameters, and a hostile one
 * must not exhaust the machine.
 */
const SCRYPT_MEMORY_BYTES_MAX = 2 ** 30;
const SALT_BYTES = 16;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const KEY_BYTES = 32;

type PlainShare = { readonly header: ShareHeader; readonly share: Bytes };

export async function encryptWithPassphrase(
  { header, share }: PlainShare,
  passphrase: Bytes,
  { random, cost }: { readonly random: Random; readonly cost: Scrypt },
): Promise<EncryptedShare> {
  const salt = random(SALT_BYTES);
  const nonce = random(NONCE_BYTES);
  const key = present(await deriveKey(passphrase, salt, cost), 'key derived with our own parameters');
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(headerBytes(header));
  const box = concat([cipher.update(share), cipher.final(), cipher.getAuthTag()]);
  key.fill(0);
  return { kind: 'passphrase', scrypt: cost, salt: toBase64(salt), nonce: toBase64(nonce), box: toBase64(box) };
}

/**
 * Encrypts the share together with the digest of its header, so that the header cannot be
 * exchanged: EnvelopedData covers its content only. `null`: nothing can be encrypted for this
 * certificate.
 */
export async function encryptToCertificate(
  { header, share }: PlainShare,
  certificate: Bytes,
): Promise<EncryptedShare | null> {
  const { recipientFault } = await import('../../x509/content-key.js');
  if (recipientFault(certificate) !== null) return null;
  const content = concat([share, sha256(headerBytes(header))]);
  const { encryptEnvelope } = await loadEnvelopes();
  const cms = await encryptEnvelope(content, certificate);
  content.fill(0);
  return cms === null ? null : { kind: 'certificate', certificateSha256: sha256Hex(certificate), cms: toBase64(cms) };
}

/**
 * Why a share was not decrypted. `share-malformed`: the share file was altered, or its header
 * belongs to another share. `share-not-decrypted`: the passphrase or key is wrong, or the header or
 * ciphertext was altered.
 */
export type DecryptionFault = 'share-not-decrypted' | 'share-malformed';

export async function openWithPassphrase(share: ShareFile, passphrase: Bytes): Promise<Result<Bytes, DecryptionFault>> {
  const { encrypted } = share;
  if (encrypted.kind !== 'passphrase') return err('share-malformed');
  const [salt, nonce, box] = [encrypted.salt, encrypted.nonce, encrypted.box].map(fromStored);
  if (!salt || nonce?.length !== NONCE_BYTES || box?.length !== SHARE_BYTES + TAG_BYTES) return err('share-malformed');
  const key = await deriveKey(passphrase, salt, encrypted.scrypt);
  if (key === null) return err('share-malformed');
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(headerBytes(share)).setAuthTag(box.subarray(SHARE_BYTES));
    const opened = decipher.update(box.subarray(0, SHARE_BYTES));
    decipher.final();
    const copy = new Uint8Array(opened);
    opened.fill(0);
    return ok(copy);
  } catch {
    return err('share-not-decrypted');
  } finally {
    key.fill(0);
  }
}

/**
 * Decrypts a share with the private key of its certificate (PKCS#8, PEM or DER). `passphrase` is
 * empty for a key that is not encrypted.
 */
export async function openWithKey(
  share: ShareFile,
  { key, passphrase }: { readonly key: Bytes; readonly passphrase: Bytes },
): Promise<Result<Bytes, DecryptionFault>> {
  if (share.encrypted.kind !== 'certificate') return err('share-malformed');
  const { decryptEnvelope } = await loadEnvelopes();
  const content = await decryptEnvelope(fromStored(share.encrypted.cms), { key, passphrase });
  if (content === null) return err('share-not-decrypted');
  const headerDigest = content.subarray(SHARE_BYTES);
  const matchesHeader =
    content.length === SHARE_BYTES + KEY_BYTES && timingSafeEqual(headerDigest, sha256(headerBytes(share)));
  if (!matchesHeader) return err('share-malformed');
  const opened = content.slice(0, SHARE_BYTES);
  content.fill(0);
  return ok(opened);
}

/** Loads the CMS code on demand: its libraries load slowly, and most plans do not need them. */
function loadEnvelopes(): Promise<typeof import('../../x509/enveloped-data.js')> {
  return import('../../x509/enveloped-data.js');
}

function fromStored(base64: string): Bytes {
  return present(fromBase64(base64), 'base64 of a share that was parsed');
}

/**
 * Derives the key of a passphrase. `null`: the parameters need too much memory, or scrypt does not
 * accept them.
 */
function deriveKey(passphrase: Bytes, salt: Bytes, { n, r, p }: Scrypt): Promise<Buffer | null> {
  const maxmem = 128 * r * (n + p + 2);
  if (maxmem > SCRYPT_MEMORY_BYTES_MAX) return Promise.resolve(null);
  return new Promise((resolve) => {
    const options = { N: n, r, p, maxmem };
    try {
      scrypt(passphrase, salt, KEY_BYTES, options, (failed, key) => resolve(failed === null ? key : null));
    } catch {
      resolve(null);
    }
  });
}

/**
 * The secret of a quorum: 20 random bytes, from which the PIN is derived. They are split with
 * Shamir's scheme over GF(2^8) (A. Shamir, How to Share a Secret, 1979): fewer shares than the
 * threshold reveal nothing.
 */

/** 160 bits cannot be found by brute force, so the commitment to the secret may be public. */
export const SECRET_BYTES = 20;
/** A share has one byte more than the secret: its x coordinate. */
export const SHARE_BYTES = SECRET_BYTES + 1;

export function splitSecret(
  secret: Bytes,
  { shares, threshold }: { readonly shares: number; readonly threshold: number },
): Promise<readonly Bytes[]> {
  return split(secret, shares, threshold);
}

/**
 * Returns the secret, if there are as many shares as the threshold of `splitSecret`, or more. Two
 * or more shares that are too few give other bytes and no error, so the caller compares the
 * commitment. Rejects a single share, and two shares with the same x coordinate.
 */
export function combineShares(shares: readonly Bytes[]): Promise<Bytes> {
  return combine([...shares]);
}

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/**
 * Derives the PIN from the secret: 32 characters of base32 (RFC 4648 section 6), as bytes that can
 * be overwritten.
 */
export function derivePin(secret: Bytes): Bytes {
  const pin = new Uint8Array(Math.ceil((secret.length * 8) / 5));
  let bits = 0;
  let buffer = 0;
  let at = 0;
  for (const byte of secret) {
    buffer = (buffer << 8) | byte;
    bits += 8;
    for (; bits >= 5; bits -= 5) {
      pin[at] = BASE32.charCodeAt((buffer >>> (bits - 5)) & 31);
      at += 1;
    }
    buffer &= (1 << bits) - 1;
  }
  return pin;
}

/**
 * Returns the commitment to a secret or a share: SHA-256 over kind, set and content. It identifies
 * the content without revealing it.
 */
export function commitmentTo(kind: 'pin' | 'share', set: string, secret: Bytes): string {
  const content = concat([utf8(`pfcng quorum ${kind} 1\0`), fromHex(set) ?? utf8(set), secret]);
  const digest = sha256Hex(content);
  content.fill(0);
  return digest;
}
