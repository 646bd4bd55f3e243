/**
 * Verifies the signatures over a transcript: by the transcript key, and by the people for whom the
 * plan names a certificate.
 */
import { err, ok, type Result } from '../../kernel/result.js';
import type { PlanFile, TranscriptKey } from '../plan/model.js';
import { ceremonySignaturePath } from '../plan/paths.js';
import { recordedSigningKey, signedLength } from '../transcript/ceremony-signature.js';
import { certificateSignatories, signatureFault, transcriptBytes } from '../transcript/people-signatures.js';
import type { Entry } from '../transcript/transcript.js';
import type { Artefacts, SignatureResult, VerifyFault } from './model.js';

/** The part of the plan about signatures. */
type SigningPlan = Pick<PlanFile, 'id' | 'people'> & { readonly transcriptKey?: TranscriptKey };

/**
 * Verifies all signatures that the plan requires. The error names the first one that is missing or
 * wrong. In a rehearsal, signatures of people may be missing.
 */
export function checkTranscriptSignatures(
  {
    plan,
    entries,
    lines,
  }: { readonly plan: SigningPlan; readonly entries: readonly Entry[]; readonly lines: readonly string[] },
  artefacts: Artefacts,
): Result<SignatureResult, VerifyFault> {
  const transcript = transcriptBytes(lines);
  let linesAfterSignature = 0;
  if (plan.transcriptKey !== undefined) {
    const path = ceremonySignaturePath(plan);
    const signature = artefacts(path);
    if (signature === null) return err({ kind: 'artefact-missing', artefact: path });
    const spki = recordedSigningKey(entries, plan.transcriptKey);
    const signed = spki === null ? null : signedLength(spki, transcript, signature);
    if (signed === null) return err({ kind: 'artefact-altered', artefact: path, rule: NOT_THE_SIGNATURE });
    linesAfterSignature = transcript.subarray(signed).filter((octet) => octet === NEWLINE).length;
  }
  const signedBy: string[] = [];
  const toSign: string[] = [];
  const asked = certificateSignatories(plan);
  if (asked.length > SIGNATORIES_MAX) return err({ kind: 'transcript-too-large', rule: TOO_MANY });
  for (const person of asked) {
    const { paths } = person;
    const [certificate, signature] = [artefacts(paths.certificate), artefacts(paths.signature)];
    if (certificate === null && signature === null && entries[0]?.result.rehearsal === true) {
      toSign.push(person.name);
      continue;
    }
    if (certificate === null) return err({ kind: 'artefact-missing', artefact: paths.certificate });
    if (signature === null) return err({ kind: 'artefact-missing', artefact: paths.signature });
    const fault = signatureFault(person, { certificate, signature }, transcript);
    if (fault !== null) return err({ kind: 'artefact-altered', artefact: paths[fault.of], rule: fault.rule });
    signedBy.push(person.name);
  }
  return ok({ isSigned: plan.transcriptKey !== undefined, linesAfterSignature, signedBy, toSign });
}

/**
 * Limit of the people who sign with a certificate: each signature costs a hash over the whole
 * transcript.
 */
const SIGNATORIES_MAX = 200;
const TOO_MANY = { fr: `plus de ${SIGNATORIES_MAX} signataires`, en: `more than ${SIGNATORIES_MAX} signatories` };

const NEWLINE = 0x0a;
const NOT_THE_SIGNATURE = {
  fr: "ce n'est pas la signature de cette transcription par la clé de la cérémonie",
  en: 'this is not the signature of the ceremony key over this transcript',
};
