/**
 * Signatures of the people present over the whole transcript, beside it, after its end: of those for whom the plan names a certificate,
 * with the keys of their own cards. Everybody else signs the minutes on paper.
 */
import { type KeyObject, verify } from 'node:crypto';
import { type Bytes, utf8 } from '../../kernel/bytes.js';
import { sha256Hex } from '../../kernel/digest.js';
import { readCertificate } from '../../x509/certificate/certificate-reader.js';
import { importPublicKey } from '../../x509/keys/algorithms.js';
import type { Bilingual } from '../bilingual.js';
import type { Person } from '../plan/model.js';
import { signaturePaths } from '../plan/paths.js';

export type Signature = { readonly certificate: Bytes; readonly signature: Bytes };

const RULES = {
  anotherCertificate: {
    fr: "ce n'est pas le certificat que le plan nomme pour cette personne",
    en: 'not the certificate that the plan names for this person',
  },
  noKey: { fr: "ce n'est pas un certificat utilisable", en: 'not a certificate that can be used' },
  notSigned: {
    fr: 'ne se vérifie pas sur ce procès-verbal avec le certificat de cette personne',
    en: 'does not verify over this transcript with the certificate of this person',
  },
} as const satisfies Readonly<Record<string, Bilingual>>;

/** What is wrong with which of the two; null: it is one of this person. SHA-256 with RSA or ECDSA, or Ed25519. */
export function signatureFault(
  { certificateSha256 }: Pick<Person, 'certificateSha256'>,
  { certificate, signature }: Signature,
  transcript: Bytes,
): { readonly of: keyof Signature; readonly rule: Bilingual } | null {
  if (sha256Hex(certificate) !== certificateSha256) return { of: 'certificate', rule: RULES.anotherCertificate };
  const read = readCertificate(certificate);
  const key = read.ok ? importPublicKey(read.value.tbs.spki) : null;
  if (key === null) return { of: 'certificate', rule: RULES.noKey };
  return isSignatureOf(key, transcript, signature) ? null : { of: 'signature', rule: RULES.notSigned };
}

/** OpenSSL throws where a key is too small for what is asked, and then nothing is verified. */
function isSignatureOf(key: KeyObject, data: Bytes, signature: Bytes): boolean {
  try {
    return verify(key.asymmetricKeyType === 'ed25519' ? null : 'sha256', data, key, signature);
  } catch {
    return false;
  }
}

export type Signatory = Person & { readonly paths: ReturnType<typeof signaturePaths> };

/** In the order of the plan; numbered from 1 among all people. */
export function signatories({
  id,
  people,
}: {
  readonly id: string;
  readonly people: readonly Person[];
}): readonly Signatory[] {
  return people.flatMap((person, at) =>
    person.certificateSha256 === undefined ? [] : [{ ...person, paths: signaturePaths({ id }, at + 1) }],
  );
}

/** The octets that are signed: the file as it stands. */
export function transcriptBytes(lines: readonly string[]): Bytes {
  return utf8(lines.map((line) => `${line}\n`).join(''));
}
