/**
 * Verifies the signatures of people over the finished transcript, each in a file next to it. People
 * for whom the plan names a certificate sign with the key of their own card; the others sign the
 * minutes on paper.
 */
import { type KeyObject, verify } from 'node:crypto';
import type { Bilingual } from '../../kernel/bilingual.js';
import { type Bytes, utf8 } from '../../kernel/bytes.js';
import { sha256Hex } from '../../kernel/digest.js';
import { readCertificate } from '../../x509/certificate/certificate-reader.js';
import { importPublicKey } from '../../x509/keys/algorithms.js';
import type { Person } from '../plan/model.js';
import { signaturePaths } from '../plan/paths.js';

type PersonSignature = { readonly certificate: Bytes; readonly signature: Bytes };

const RULES = {
  anotherCertificate: {
    fr: "ce n'est pas le certificat que le plan nomme pour cette personne",
    en: 'this is not the certificate that the plan names for this person',
  },
  noKey: { fr: "ce n'est pas un certificat utilisable", en: 'this certificate cannot be used' },
  notSigned: {
    fr: "n'est pas une signature valide de cette transcription, vérifiée avec le certificat de cette personne",
    en: 'does not verify over this transcript with the certificate of this person',
  },
} as const satisfies Readonly<Record<string, Bilingual>>;

/**
 * Returns the fault of a signature (SHA-256 with RSA or ECDSA, or Ed25519) or of its certificate.
 * `null`: it is a valid signature of this person.
 */
export function signatureFault(
  { certificateSha256 }: Pick<Person, 'certificateSha256'>,
  { certificate, signature }: PersonSignature,
  transcript: Bytes,
): { readonly of: keyof PersonSignature; readonly rule: Bilingual } | null {
  if (sha256Hex(certificate) !== certificateSha256) return { of: 'certificate', rule: RULES.anotherCertificate };
  const read = readCertificate(certificate);
  const key = read.ok ? importPublicKey(read.value.tbs.spki) : null;
  if (key === null) return { of: 'certificate', rule: RULES.noKey };
  return isSignatureOf(key, transcript, signature) ? null : { of: 'signature', rule: RULES.notSigned };
}

/**
 * Whether the signature verifies with the key. OpenSSL throws for a key that is too small; the
 * answer is then false.
 */
function isSignatureOf(key: KeyObject, data: Bytes, signature: Bytes): boolean {
  try {
    return verify(key.asymmetricKeyType === 'ed25519' ? null : 'sha256', data, key, signature);
  } catch {
    return false;
  }
}

type Signatory = Person & { readonly paths: ReturnType<typeof signaturePaths> };

/**
 * Returns the people who sign with a certificate, in the order of the plan, with the paths of their
 * files. The number in a path is the place among all people of the plan, from 1.
 */
export function certificateSignatories({
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

/** Returns the bytes that people sign: the content of the transcript file. */
export function transcriptBytes(lines: readonly string[]): Bytes {
  return utf8(lines.map((line) => `${line}\n`).join(''));
}
