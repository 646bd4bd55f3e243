/**
 * The signature over a whole transcript, by a key that is made for it: in the ceremony, on a token of it, and destroyed when it has
 * signed, so that nobody can sign another transcript with it. Never a key of an authority, which signs certificates and lists.
 * `openssl dgst -sha256 -verify` checks it.
 */
import { type Bytes, fromBase64 } from '../../kernel/bytes.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { verifySignature } from '../../x509/keys/algorithms.js';
import { keyOnToken, same } from '../bilingual.js';
import type { StepFailure } from '../failures.js';
import type { TranscriptSeal } from '../plan/model.js';
import { sealDraftPath, sealPath, transcriptPath } from '../plan/paths.js';
import { TRANSCRIPT_KEY_TYPE } from '../plan/transcript-key.js';
import type { StepContext } from '../steps/kind.js';
import type { Entry } from './transcript.js';

/** The key that the transcript says was made for it; null: it says nothing of one. */
export function recordedSealKey(entries: readonly Entry[], { token, key }: TranscriptSeal): Bytes | null {
  const made = entries.find(
    ({ action, result }) => action === 'generate-key' && result.key === key && result.token === token,
  );
  return typeof made?.result.publicKey === 'string' ? fromBase64(made.result.publicKey) : null;
}

export function isSealOf(spki: Bytes, transcript: Bytes, signature: Bytes): boolean {
  return verifySignature({ spki, algorithm: 'ecdsaWithSha256', data: transcript, signature });
}

/**
 * How many of the transcript's octets the signature is over: all of them, or all up to an earlier end, after which a ceremony that was cut
 * off before the signature had its name has told of who came once more. null: it is no signature of this key.
 */
export function sealedOctets(spki: Bytes, transcript: Bytes, signature: Bytes): number | null {
  const text = Buffer.from(transcript);
  let ends = 0;
  for (let end = text.length; end > 1 && ends < ENDS_MAX; end = text.lastIndexOf(NEWLINE, end - 2) + 1) {
    const from = text.lastIndexOf(NEWLINE, end - 2) + 1;
    if (end < text.length && text.subarray(from, from + END.length).toString() !== END) continue;
    ends += 1;
    if (isSealOf(spki, transcript.subarray(0, end), signature)) return end;
  }
  return null;
}

const NEWLINE = 0x0a;
/** Each resumption of an end adds one. Nobody comes so often; each costs a hash of the whole. */
const ENDS_MAX = 32;
/** Members of a line are in the order of their names. */
const END = '{"action":"end",';

function notTheSeal(path: string): Result<never, StepFailure> {
  const detail = { fr: 'elle ne se vérifie pas', en: 'it does not verify' };
  return err({ kind: 'artefact-wrong', artefact: same(path), detail });
}

/** `entries`: of the transcript, its end among them. Cut off at any moment it is called again. */
export async function sealTranscript(
  context: StepContext,
  entries: readonly Entry[],
): Promise<Result<void, StepFailure>> {
  const { plan, world } = context;
  const { seal } = plan;
  if (seal === undefined || (await world.files.read(sealPath(plan))) !== null) return ok(undefined);
  const spki = recordedSealKey(entries, seal);
  const transcript = await world.files.read(transcriptPath(plan));
  if (spki === null || transcript === null) return err({ kind: 'missing', what: keyOnToken(seal) });
  const token = await context.token(seal.token);
  const draftPath = sealDraftPath(plan);
  const draft = await world.files.read(draftPath);
  const isWhole = draft !== null && isSealOf(spki, transcript, draft);
  const isKeyThere = (await token.publicKey(seal.key)) !== null;
  if (!isWhole && isKeyThere) {
    const signature = await token.sign(seal.key, TRANSCRIPT_KEY_TYPE, transcript);
    if (!isSealOf(spki, transcript, signature)) return notTheSeal(sealPath(plan));
    await world.files.replace(draftPath, signature);
  }
  // Cut off when the key was gone: it had signed all up to an earlier end, and can sign no more.
  if (!isKeyThere && (draft === null || sealedOctets(spki, transcript, draft) === null)) return notTheSeal(draftPath);
  // Under its own name only when the key is gone: whoever finds it there need not look at the token.
  await token.discardKey(seal.key);
  await world.files.rename(draftPath, sealPath(plan));
  return ok(undefined);
}
