/**
 * Verifies a transcript and its files on any machine, without a token and without the policy: each
 * line against the previous one, the lines against the plan, each artefact against its recorded
 * hash, and each signature against the recorded keys.
 */
import type { Bilingual } from '../../kernel/bilingual.js';
import { sha256Hex } from '../../kernel/digest.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { PlanFile, TranscriptKey } from '../plan/model.js';
import { ceremonySignaturePath, planCopyPath } from '../plan/paths.js';
import {
  certificateSignatories,
  recordedSigningKey,
  signatureFault,
  signedLength,
  transcriptBytes,
} from '../transcript/signatures.js';
import { type Entry, isStepEvent, isStop, readEntries } from '../transcript/transcript.js';
import { checkArtefacts } from './artefacts.js';
import type { Artefacts, SignatureResult, VerifiedTranscript, VerifyFault } from './model.js';
import { firstLineAgainstPlan } from './plan.js';
import { readPlanCopy } from './plan-copy.js';

/**
 * Limit of the size of one file, more than any file of a ceremony has, so that a folder from an
 * untrusted source cannot exhaust the memory.
 */
export const ARTEFACT_BYTES_MAX = 64 * 1024 * 1024;

const RULES = {
  begins: {
    fr: 'une transcription commence par le début de la cérémonie',
    en: 'a transcript begins with the beginning of the ceremony',
  },
  ends: {
    fr: 'sa dernière ligne ne consigne pas la fin de la cérémonie ; si elle a été interrompue, reprenez-la avec la même commande (perform)',
    en: 'its last line does not record the end of the ceremony: resume an interrupted one with the same command (perform)',
  },
  anotherPlan: {
    fr: "ce n'est pas le plan avec lequel la cérémonie a commencé",
    en: 'this is not the plan that the ceremony began with',
  },
  beginsOnce: { fr: 'une cérémonie commence une seule fois', en: 'a ceremony begins once' },
  afterEnd: { fr: 'une ligne suit la fin de la cérémonie', en: 'a line follows the end of the ceremony' },
} as const satisfies Readonly<Record<string, Bilingual>>;

/**
 * Limits of a transcript, much higher than any ceremony needs, because each line takes people some
 * seconds. A longer transcript is not verified.
 */
export const TRANSCRIPT_BYTES_MAX = 8 * 1024 * 1024;
export const TRANSCRIPT_LINES_MAX = 20_000;

export const TOO_LARGE: Bilingual = {
  fr: `plus de ${TRANSCRIPT_LINES_MAX} lignes ou de ${TRANSCRIPT_BYTES_MAX} octets : trop pour une cérémonie ; rien n'est vérifié`,
  en: `more than ${TRANSCRIPT_LINES_MAX} lines or ${TRANSCRIPT_BYTES_MAX} bytes: no ceremony writes that much, nothing is verified`,
};

function isTooLarge(lines: readonly string[]): boolean {
  const characters = lines.reduce((sum, line) => sum + line.length, 0);
  return lines.length > TRANSCRIPT_LINES_MAX || characters > TRANSCRIPT_BYTES_MAX;
}

/**
 * Verifies a transcript, whose lines come without their newlines. The error is the first fault that
 * is found: in the chain or the order of the lines, then in the files, the signatures, and the
 * comparison with the plan.
 */
export function verifyTranscript(
  lines: readonly string[],
  artefacts: Artefacts,
): Result<VerifiedTranscript, VerifyFault> {
  if (isTooLarge(lines)) return err({ kind: 'transcript-too-large', rule: TOO_LARGE });
  const read = readEntries(lines);
  if (!read.ok) return read;
  const [begin] = read.value;
  const end = read.value.at(-1);
  const { ceremony, planSha256 } = begin?.result ?? {};
  if (begin?.action !== 'begin' || typeof ceremony !== 'string' || typeof planSha256 !== 'string')
    return err({ kind: 'line-altered', line: 1, rule: RULES.begins });
  if (end?.action !== 'end') return err({ kind: 'transcript-incomplete', rule: RULES.ends });
  const planPath = planCopyPath({ id: ceremony });
  const plan = artefacts(planPath);
  if (plan === null) return err({ kind: 'artefact-missing', artefact: planPath });
  if (sha256Hex(plan) !== planSha256)
    return err({ kind: 'artefact-altered', artefact: planPath, rule: RULES.anotherPlan });
  const planned = readPlanCopy(plan);
  if (!planned.ok) return err({ kind: 'artefact-altered', artefact: planPath, rule: planned.error });
  const kinds = planned.value.steps.map((step) => step.do);
  const ordered = checkOrder(read.value, kinds);
  if (!ordered.ok) return ordered;
  const counted = checkArtefacts(read.value, artefacts);
  if (!counted.ok) return counted;
  const signed = checkTranscriptSignatures({ plan: planned.value, entries: read.value, lines }, artefacts);
  if (!signed.ok) return signed;
  const fault = firstLineAgainstPlan({ plan: planned.value, digest: planSha256 }, read.value);
  if (fault !== null) return err({ kind: 'line-altered', ...fault });
  const { at: begunAt } = begin;
  const artefactCount = counted.value + 1;
  return ok({
    ceremony,
    begunAt,
    endedAt: end.at,
    lines: lines.length,
    artefacts: artefactCount,
    rehearsal: begin.result.rehearsal === true,
    ...signed.value,
    head: end.hash,
  });
}

/**
 * Checks that each step of the plan occurs once and in order. Resumptions, refusals, stops and
 * events may occur anywhere. After the entry `end`, only these and another `end` may follow: a
 * ceremony that was interrupted before its signature is resumed to sign.
 */
function checkOrder(entries: readonly Entry[], kinds: readonly string[]): Result<void, VerifyFault> {
  let next = 1;
  for (const [at, entry] of entries.entries()) {
    const { step, action } = entry;
    const wrong = (rule: Bilingual) => err({ kind: 'line-altered' as const, line: at + 1, rule });
    if (isStop(entry) || action === 'resume' || isStepEvent(action)) continue;
    if (action === 'begin') {
      if (at !== 0) return wrong(RULES.beginsOnce);
      continue;
    }
    if (action === 'end') {
      if (next !== kinds.length + 1) return wrong(endedBefore(next));
      continue;
    }
    if (next > kinds.length) return wrong(RULES.afterEnd);
    if (step !== next || kinds[step - 1] !== action) return wrong(planned(next, kinds[next - 1]));
    next += 1;
  }
  return ok(undefined);
}

function endedBefore(step: number): Bilingual {
  return { fr: `la cérémonie s'est terminée avant l'étape ${step}`, en: `the ceremony ended before step ${step}` };
}

function planned(step: number, kind: string | undefined): Bilingual {
  return { fr: `l'étape ${step} du plan est ${kind}`, en: `the plan's step ${step} is ${kind}` };
}

export function describeVerifyFault(fault: VerifyFault): Bilingual {
  switch (fault.kind) {
    case 'line-altered':
      return { fr: `ligne ${fault.line} : ${fault.rule.fr}`, en: `line ${fault.line}: ${fault.rule.en}` };
    case 'transcript-incomplete':
    case 'transcript-too-large':
      return fault.rule;
    case 'artefact-missing':
      return { fr: `${fault.artefact} n'existe pas`, en: `${fault.artefact} does not exist` };
    case 'artefact-altered':
      return { fr: `${fault.artefact} : ${fault.rule.fr}`, en: `${fault.artefact}: ${fault.rule.en}` };
  }
}

/**
 * Verifies the signatures over a transcript: by the transcript key, and by the people for whom the
 * plan names a certificate.
 */

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
