/** A list of sealed keys in a transcript: each certificate is for the key that its line tells of. */
import { readCertificate } from '../x509/certificate-reader.js';
import { sha256Hex } from './plan.js';
import type { Entry } from './transcript.js';
import type { Words } from './words.js';

type Sealed = { readonly path: string; readonly content: Uint8Array; readonly entry: Entry };

export function sealedKeyFault({ path, content, entry: { action, seq, result } }: Sealed): Words | null {
  if (action !== 'seal-ocsp-keys') return null;
  const keys: readonly unknown[] = Array.isArray(result.keys) ? result.keys : [];
  const read = readCertificate(content);
  const hash = read.ok ? sha256Hex(read.value.tbs.spki) : null;
  const isNamed = keys.some((key) => {
    const { certificate, publicKeySha256 } = (key ?? {}) as { certificate?: unknown; publicKeySha256?: unknown };
    return certificate === path && publicKeySha256 === hash;
  });
  return isNamed ? null : { fr: `pas pour une clé de la ligne ${seq}`, en: `not for a key of line ${seq}` };
}
