/** Sealing a share to its holder, and opening it: under a passphrase, or to the key of a certificate. */
import { createCipheriv, createDecipheriv, scrypt, timingSafeEqual } from 'node:crypto';
import { present } from '../../kernel/assert.js';
import { type Bytes, concat, fromBase64, toBase64 } from '../../kernel/bytes.js';
import { sha256, sha256Hex } from '../../kernel/digest.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { Random } from '../../ports/world.js';
import { SHARE_OCTETS } from './secret.js';
import { headerBytes, type Scrypt, type Sealed, type ShareFile, type ShareHeader } from './share-file.js';

/**
 * 256 MiB and about a second (RFC 7914 section 2; twice the memory that OWASP asks of log-ins): typed a few times in twenty
 * years. Development types hundreds of times and hides nothing.
 */
export const SCRYPT = {
  production: { n: 2 ** 18, r: 8, p: 1 },
  development: { n: 2 ** 8, r: 8, p: 1 },
} as const satisfies Readonly<Record<string, Scrypt>>;

/** What a share file may ask of this machine: a hostile one must not take all of it. */
const SCRYPT_MEMORY_BYTES_MAX = 2 ** 30;
const SALT_OCTETS = 16;
const NONCE_OCTETS = 12;
const TAG_OCTETS = 16;
const KEY_OCTETS = 32;

type Sealing = { readonly header: ShareHeader; readonly share: Bytes };

export async function sealWithPassphrase(
  { header, share }: Sealing,
  passphrase: Bytes,
  { random, cost }: { readonly random: Random; readonly cost: Scrypt },
): Promise<Sealed> {
  const salt = random(SALT_OCTETS);
  const nonce = random(NONCE_OCTETS);
  const key = present(await deriveKey(passphrase, salt, cost), 'key of a passphrase at a cost of ours');
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(headerBytes(header));
  const box = concat([cipher.update(share), cipher.final(), cipher.getAuthTag()]);
  key.fill(0);
  return { kind: 'passphrase', scrypt: cost, salt: toBase64(salt), nonce: toBase64(nonce), box: toBase64(box) };
}

/** null: its key enciphers nothing. The digest of its header is sealed with it: EnvelopedData binds nothing that is not enciphered. */
export async function sealToCertificate({ header, share }: Sealing, certificate: Bytes): Promise<Sealed | null> {
  const content = concat([share, sha256(headerBytes(header))]);
  const { encryptEnvelope } = await loadEnvelopes();
  const cms = await encryptEnvelope(content, certificate);
  content.fill(0);
  return cms === null ? null : { kind: 'certificate', certificateSha256: sha256Hex(certificate), cms: toBase64(cms) };
}

export type Unsealing = 'seal-not-opened' | 'seal-of-another';

export async function openWithPassphrase(share: ShareFile, passphrase: Bytes): Promise<Result<Bytes, Unsealing>> {
  const { sealed } = share;
  if (sealed.kind !== 'passphrase') return err('seal-of-another');
  const [salt, nonce, box] = [sealed.salt, sealed.nonce, sealed.box].map(octets);
  if (!salt || nonce?.length !== NONCE_OCTETS || box?.length !== SHARE_OCTETS + TAG_OCTETS)
    return err('seal-of-another');
  const key = await deriveKey(passphrase, salt, sealed.scrypt);
  if (key === null) return err('seal-of-another');
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_OCTETS });
    decipher.setAAD(headerBytes(share)).setAuthTag(box.subarray(SHARE_OCTETS));
    const opened = decipher.update(box.subarray(0, SHARE_OCTETS));
    decipher.final();
    const copy = new Uint8Array(opened);
    opened.fill(0);
    return ok(copy);
  } catch {
    return err('seal-not-opened');
  } finally {
    key.fill(0);
  }
}

/** `key`: PKCS#8 as the holder keeps it, PEM or DER; `passphrase`: its own, of no octets where it has none. */
export async function openWithKey(
  share: ShareFile,
  { key, passphrase }: { readonly key: Bytes; readonly passphrase: Bytes },
): Promise<Result<Bytes, Unsealing>> {
  if (share.sealed.kind !== 'certificate') return err('seal-of-another');
  const { decryptEnvelope } = await loadEnvelopes();
  const content = await decryptEnvelope(octets(share.sealed.cms), { key, passphrase });
  if (content === null) return err('seal-not-opened');
  const bound = content.subarray(SHARE_OCTETS);
  const isOurs = content.length === SHARE_OCTETS + KEY_OCTETS && timingSafeEqual(bound, sha256(headerBytes(share)));
  if (!isOurs) return err('seal-of-another');
  const opened = content.slice(0, SHARE_OCTETS);
  content.fill(0);
  return ok(opened);
}

/** Loaded when a share is sealed so: its libraries take longer to load than a token to make, and most plans need none. */
function loadEnvelopes(): Promise<typeof import('../../x509/enveloped-data.js')> {
  return import('../../x509/enveloped-data.js');
}

function octets(base64: string): Bytes {
  return present(fromBase64(base64), 'base64 of a share that was read');
}

/** null: asks for more than this machine gives, or is no parameter of scrypt. */
function deriveKey(passphrase: Bytes, salt: Bytes, { n, r, p }: Scrypt): Promise<Buffer | null> {
  const maxmem = 128 * r * (n + p + 2);
  if (maxmem > SCRYPT_MEMORY_BYTES_MAX) return Promise.resolve(null);
  return new Promise((resolve) => {
    const options = { N: n, r, p, maxmem };
    try {
      scrypt(passphrase, salt, KEY_OCTETS, options, (failed, key) => resolve(failed === null ? key : null));
    } catch {
      resolve(null);
    }
  });
}
