/** Reads the key in a file, from any format that contains one. */
import { createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { inBothLanguages } from '../../kernel/bilingual.js';
import { sha256Hex } from '../../kernel/digest.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { systemErrorText, withPath } from '../../terminal/system-error.js';
import { readPublicKey } from '../../x509/keys/public-key.js';
import { readCertificationRequest } from '../../x509/request/certification-request.js';

const BY_HASH = /^sha256:([0-9a-f]{64})$/;

/** Returns the SHA-256 of the SubjectPublicKeyInfo in hex. */
export async function readKeyOf(file: string): Promise<Result<string, string>> {
  const hash = BY_HASH.exec(file)?.[1];
  if (hash !== undefined) return ok(hash);
  let pem: string;
  try {
    pem = readFileSync(file, 'utf8');
  } catch (error) {
    const text = systemErrorText(withPath(error, file));
    return err(text === null ? `${file}: ${String(error)}` : inBothLanguages(text));
  }
  const spki = /-----BEGIN (NEW )?CERTIFICATE REQUEST-----/.test(pem) ? await requestedKey(pem) : publicKey(pem);
  if (spki !== null) return hashOf(file, spki);
  const words = {
    fr: 'ni clé, ni certificat, ni demande de certificat en PEM ; pour désigner une clé par son empreinte : sha256:HEX',
    en: 'not a key, certificate or certification request in PEM; to name a key by its hash: sha256:HEX',
  };
  return err(`${file}: ${inBothLanguages(words)}`);
}

/**
 * Refuses encodings of a key that are never certified: their hash differs, so that the certified
 * form would not be blocked.
 */
function hashOf(file: string, spki: Uint8Array): Result<string, string> {
  const read = readPublicKey(spki);
  if (read.ok) return ok(sha256Hex(spki));
  const { fr, en } = read.error.message;
  const words = {
    fr: `clé sous une forme jamais certifiée (openssl pkey -ec_conv_form uncompressed la convertit) : ${fr}`,
    en: `a key in an encoding that is never certified (openssl pkey -ec_conv_form uncompressed converts it): ${en}`,
  };
  return err(`${file}: ${inBothLanguages(words)}`);
}

async function requestedKey(pem: string): Promise<Uint8Array | null> {
  const read = await readCertificationRequest(pem);
  return read.ok ? read.value.key.spki : null;
}

/** Reads public keys, certificates and private keys: node:crypto accepts all three. */
function publicKey(pem: string): Uint8Array | null {
  try {
    return new Uint8Array(createPublicKey(pem).export({ type: 'spki', format: 'der' }));
  } catch {
    return null;
  }
}
