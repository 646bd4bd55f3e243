/**
 * Makes and verifies the signature over a whole transcript. Its key, the transcript key, is
 * generated in the ceremony, on one of its tokens, and destroyed after signing, so that nobody can
 * sign another transcript with it. It is never the key of an authority. Auditors can verify the
 * signature without this program, with `openssl dgst -sha256 -verify`.
 */

import { type KeyObject, verify } from 'node:crypto';
import type { Bilingual } from '../../kernel/bilingual.js';
import { type Bytes, fromBase64, utf8 } from '../../kernel/bytes.js';
import { sha256Hex } from '../../kernel/digest.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { readCertificate } from '../../x509/certificate/certificate-reader.js';
import { importPublicKey, verifySignature } from '../../x509/keys/algorithms.js';
import { type StepFailure, wrongFile } from '../failures.js';
import { keyOnToken, type Person, type TranscriptKey } from '../plan/model.js';
import {
  ceremonySignatureDraftPath,
  ceremonySignaturePath,
  signaturePaths,
  TRANSCRIPT_KEY_TYPE,
  transcriptPath,
} from '../plan/paths.js';
import type { StepContext } from '../steps/kind.js';
import type { Entry } from './transcript.js';

/**
 * Returns the public key of the transcript key, from the entry about its generation. `null`: there
 * is no such entry.
 */
export function recordedSigningKey(entries: readonly Entry[], { token, key }: TranscriptKey): Bytes | null {
  const made = entries.find(
    ({ action, result }) => action === 'generate-key' && result.key === key && result.token === token,
  );
  return typeof made?.result.publicKey === 'string' ? fromBase64(made.result.publicKey) : null;
}

/**
 * Whether this is a signature of the transcript key over these bytes (a transcript, or the manifest
 * of a bundle).
 */
export function isCeremonySignature(spki: Bytes, transcript: Bytes, signature: Bytes): boolean {
  return verifySignature({ spki, algorithm: 'ecdsaWithSha256', data: transcript, signature });
}

/**
 * Returns the number of bytes of the transcript that the signature covers: all, or those up to an
 * earlier `end` entry. A ceremony that was interrupted before the signature had its final name adds
 * entries when it is resumed. `null`: the signature does not verify with this key.
 */
export function signedLength(spki: Bytes, transcript: Bytes, signature: Bytes): number | null {
  const text = Buffer.from(transcript);
  let ends = 0;
  for (let end = text.length; end > 1 && ends < ENDS_MAX; end = text.lastIndexOf(NEWLINE, end - 2) + 1) {
    const from = text.lastIndexOf(NEWLINE, end - 2) + 1;
    if (end < text.length && text.subarray(from, from + END.length).toString() !== END) continue;
    ends += 1;
    if (isCeremonySignature(spki, transcript.subarray(0, end), signature)) return end;
  }
  return null;
}

const NEWLINE = 0x0a;
/**
 * Limit of `end` entries. Each resumption after the last step adds one, and each costs a hash over
 * the transcript.
 */
const ENDS_MAX = 32;
/** The beginning of the line of an `end` entry, in which the members are sorted by name. */
const END = '{"action":"end",';

function notTheSignature(path: string): Result<never, StepFailure> {
  const detail = { fr: "elle n'est pas valide", en: 'it does not verify' };
  return wrongFile(path, detail);
}

/**
 * Signs a transcript that has ended, and destroys the key. After an interruption it can be called
 * again.
 */
export async function signTranscript(
  context: StepContext,
  entries: readonly Entry[],
): Promise<Result<void, StepFailure>> {
  const { plan, world } = context;
  const { transcriptKey } = plan;
  if (transcriptKey === undefined || (await world.files.read(ceremonySignaturePath(plan))) !== null)
    return ok(undefined);
  const spki = recordedSigningKey(entries, transcriptKey);
  const transcript = await world.files.read(transcriptPath(plan));
  if (spki === null || transcript === null) return err({ kind: 'missing', what: keyOnToken(transcriptKey) });
  const token = await context.token(transcriptKey.token);
  const draftPath = ceremonySignatureDraftPath(plan);
  const draft = await world.files.read(draftPath);
  const isDraftValid = draft !== null && isCeremonySignature(spki, transcript, draft);
  const isKeyThere = (await token.publicKey(transcriptKey.key)) !== null;
  if (!isDraftValid && isKeyThere) {
    const signature = await token.sign(transcriptKey.key, TRANSCRIPT_KEY_TYPE, transcript);
    if (!isCeremonySignature(spki, transcript, signature)) return notTheSignature(ceremonySignaturePath(plan));
    await world.files.replace(draftPath, signature);
  }
  // If the key is destroyed already, the draft must be a signature over the transcript up to an
  // earlier `end`.
  if (!isKeyThere && (draft === null || signedLength(spki, transcript, draft) === null))
    return notTheSignature(draftPath);
  // The signature gets its final name after the key is destroyed, so that a file with this name
  // proves that both were done.
  await token.discardKey(transcriptKey.key);
  await world.files.rename(draftPath, ceremonySignaturePath(plan));
  return ok(undefined);
}

/**
 * Verifies the signatures of people over the finished transcript, each in a file next to it. People
 * for whom the plan names a certificate sign with the key of their own card; the others sign the
 * minutes on paper.
 */
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
