/**
 * Finds the founding certificates of a past ceremony, for the service that registers them. They are
 * used only if the whole ceremony verifies and its plan would still be accepted today.
 */
import { present } from '../../kernel/assert.js';
import type { Bytes } from '../../kernel/bytes.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { Policy } from '../../policy/model.js';
import type { StepOf } from '../plan/model.js';
import { planCopyPath } from '../plan/paths.js';
import { readPlan } from '../plan/read.js';
import { readEntries } from '../transcript/transcript.js';
import type { Artefacts } from './model.js';
import { readPlanCopy } from './plan-copy.js';
import { describeVerifyFault, verifyTranscript } from './verify.js';

const FOUNDING_STEP = 'create-founding-certificate';
type FoundingStep = StepOf<typeof FOUNDING_STEP>;

export type VerifiedFounding = {
  readonly step: FoundingStep;
  readonly certificate: Bytes;
  readonly request: { readonly path: string; readonly content: Bytes };
  readonly planSha256: string;
  /** SHA-256 of the policy with which the ceremony was held. */
  readonly policyDigest: string;
};

/**
 * Returns the steps for founding certificates in the copy of a plan, before anything is verified.
 * `null`: the copy cannot be read.
 */
export function foundingSteps(plan: Bytes): readonly Pick<FoundingStep, 'issuer' | 'output'>[] | null {
  const read = readPlanCopy(plan);
  if (!read.ok) return null;
  return read.value.steps.flatMap((step) => (step.do === FOUNDING_STEP ? [step] : []));
}

/**
 * Whether the text of a transcript or plan names the step `create-founding-certificate`, even if
 * the text cannot be parsed.
 */
export function mentionsFounding(text: string): boolean {
  return text.includes(FOUNDING_STEP);
}

type PastCeremony = {
  readonly ceremony: string;
  /** The lines of its transcript. */
  readonly lines: readonly string[];
  readonly artefacts: Artefacts;
  readonly policy: Policy;
};

/**
 * Verifies the ceremony, and returns path -> founding certificate. The error says what is wrong.
 */
export function verifyFounding({
  ceremony,
  lines,
  artefacts,
  policy,
}: PastCeremony): Result<ReadonlyMap<string, VerifiedFounding>, string> {
  const once = readOnce(artefacts);
  const verified = verifyTranscript(lines, once);
  if (!verified.ok) return err(describeVerifyFault(verified.error).en);
  if (verified.value.ceremony !== ceremony) return err(`the transcript is that of ceremony ${verified.value.ceremony}`);
  if (verified.value.rehearsal) return err('the ceremony was a rehearsal');
  const file = planCopyPath({ id: ceremony });
  const text = present(once(file), 'the plan of a verified ceremony');
  const plan = readPlan(text, { file, policy });
  if (!plan.ok)
    return err(plan.error.faults.map(({ pointer, message }) => `${file}#${pointer}: ${message.en}`).join('; '));
  const entries = readEntries(lines);
  const policyDigest = `${entries.ok ? entries.value[0]?.result.policyDigest : ''}`;
  const found = new Map<string, VerifiedFounding>();
  for (const step of plan.value.steps) {
    if (step.do !== FOUNDING_STEP) continue;
    const { output, request: path } = step;
    const certificate = present(once(output), output);
    const request = { path, content: present(once(path), path) };
    found.set(output, { step, certificate, request, planSha256: plan.value.digest, policyDigest });
  }
  return ok(found);
}

/**
 * Reads each file once, so that the content that is used is the content that was verified, even if
 * somebody changes the file meanwhile.
 */
function readOnce(artefacts: Artefacts): Artefacts {
  const read = new Map<string, Bytes | null>();
  return (path) => {
    const known = read.get(path);
    if (known !== undefined) return known;
    const content = artefacts(path);
    read.set(path, content);
    return content;
  };
}
