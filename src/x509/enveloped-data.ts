/**
 * CMS EnvelopedData (RFC 5652 section 6) for one certificate: AES-256-CBC for the content, and
 * RSAES-OAEP with SHA-256 (RFC 3560) or ephemeral-static ECDH with AES-256 key wrap (RFC 5753) for
 * the content-encryption key. `openssl cms -decrypt` reads it.
 */
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { Crypto } from '@peculiar/webcrypto';
import { Certificate, ContentInfo, CryptoEngine, EnvelopedData } from 'pkijs';
import { OID } from '../asn1/oids.js';
import type { Bytes } from '../kernel/bytes.js';

const CURVES: readonly string[] = ['prime256v1', 'secp384r1', 'secp521r1'];

/**
 * `certificate` is PEM or DER. null: it is no certificate, or content cannot be encrypted for its
 * key.
 */
export async function encryptEnvelope(content: Bytes, certificate: Bytes): Promise<Bytes | null> {
  const read = readRecipient(certificate);
  if (read === null || !enciphers(read.publicKey)) return null;
  const engine = engineOf();
  const envelope = new EnvelopedData({ version: 2 });
  const recipient = Certificate.fromBER(new Uint8Array(read.raw));
  if (!envelope.addRecipientByCertificate(recipient, RECIPIENT_PARAMETERS, undefined, engine)) return null;
  await envelope.encrypt({ name: 'AES-CBC', length: 256 } as Algorithm, new Uint8Array(content).buffer, engine);
  const message = new ContentInfo({ contentType: OID.cmsEnvelopedData, content: envelope.toSchema() });
  return new Uint8Array(message.toSchema().toBER());
}

/** How pkijs encrypts the content-encryption key for a recipient. */
export const RECIPIENT_PARAMETERS = { oaepHashAlgorithm: 'SHA-256', kdfAlgorithm: 'SHA-256', kekEncryptionLength: 256 };

/** `bytes`: PEM or DER. null: it is no certificate. */
export function readRecipient(bytes: Bytes): X509Certificate | null {
  try {
    return new X509Certificate(bytes);
  } catch {
    return null;
  }
}

/** Whether content can be encrypted for such a key. */
export function enciphers({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): boolean {
  if (asymmetricKeyType === 'rsa') return (asymmetricKeyDetails?.modulusLength ?? 0) >= RSA_BITS_MIN;
  return asymmetricKeyType === 'ec' && CURVES.includes(asymmetricKeyDetails?.namedCurve ?? '');
}

const RSA_BITS_MIN = 2048;

/**
 * `key` is PKCS#8, PEM or DER, encrypted under `passphrase` unless that is empty. null: decryption
 * failed, for whatever reason.
 */
export async function decryptEnvelope(
  cms: Bytes,
  { key, passphrase }: { readonly key: Bytes; readonly passphrase: Bytes },
): Promise<Bytes | null> {
  try {
    const privateKey = readKey(key, passphrase).export({ format: 'der', type: 'pkcs8' });
    const message = ContentInfo.fromBER(new Uint8Array(cms));
    if (message.contentType !== OID.cmsEnvelopedData) return null;
    const envelope = new EnvelopedData({ schema: message.content });
    const copy = new Uint8Array(privateKey);
    const content = await envelope.decrypt(0, { recipientPrivateKey: copy.buffer }, engineOf());
    privateKey.fill(0);
    copy.fill(0);
    return new Uint8Array(content);
  } catch {
    return null;
  }
}

function readKey(key: Bytes, passphrase: Bytes): KeyObject {
  const isPem = Buffer.from(key).includes('-----BEGIN');
  const locked = passphrase.length > 0 ? { passphrase: Buffer.from(passphrase) } : {};
  const material = Buffer.from(key);
  return isPem
    ? createPrivateKey({ key: material, format: 'pem', ...locked })
    : createPrivateKey({ key: material, format: 'der', type: 'pkcs8', ...locked });
}

function engineOf(): CryptoEngine {
  return new CryptoEngine({ name: 'webcrypto', crypto: new Crypto() });
}
