/** Drafts the plan that certifies the CMP key of a hierarchy, for the first time or again. */
import { sha256Hex } from '../../kernel/digest.js';
import { cmpFileNames, cmpRequestPath } from '../../policy/cmp-keys.js';
import { parseIssuerId } from '../../policy/ids.js';
import type { Policy } from '../../policy/model.js';
import { cmpProfileOf } from '../../policy/plan/plan.js';
import type { CeremonyStep, PlanFile } from '../plan/model.js';
import { readCmpRequest } from '../steps/shared/requests.js';
import { type DraftQuestion, hashQuestion } from './question.js';
import { answer, type EditContext, type TemplateContext } from './template-parts.js';

/**
 * Asks for the SHA-256 of the public key that the CAs of the hierarchy certify for their CMP
 * answers. People copy it from the minutes of the ceremony of the platform; a request in the home
 * folder only suggests it.
 */
export async function cmpKeyQuestion({ plan, policy, files }: TemplateContext): Promise<DraftQuestion> {
  const issuer = plan.steps.flatMap((step) => (isKeptStep(policy, step) && 'issuer' in step ? [step.issuer] : []))[0];
  const path = cmpRequestPath(issuer ?? '');
  const content = issuer === undefined ? null : await files.read(path);
  const request = content === null ? null : await readCmpRequest(policy, issuer ?? '', { path, content });
  const words = {
    fr: 'SHA-256 de la clé publique du signataire CMP (procès-verbal de la plate-forme)',
    en: 'SHA-256 of the public key of the CMP signer (minutes of the platform)',
  };
  const suggestion = request?.ok ? sha256Hex(request.value.spki) : null;
  return hashQuestion({ name: 'publicKeySha256', words }, { suggestion, any: false });
}

/**
 * Removes the steps of CAs without CMP, puts the answered hash of the key into the others, and
 * gives each certificate the first file name that is free: a later certificate of the key has a
 * number.
 */
export async function fillCmpSignerSteps(plan: PlanFile, context: EditContext): Promise<PlanFile> {
  const publicKeySha256 = answer(context, 'publicKeySha256');
  const steps: CeremonyStep[] = [];
  for (const step of plan.steps) {
    if (!isKeptStep(context.policy, step)) continue;
    if (step.do !== 'create-cmp-signer') steps.push(step);
    else steps.push({ ...step, publicKeySha256, output: await nextOutput(step.issuer, context) });
  }
  return { ...plan, steps };
}

/**
 * Whether the drafted plan keeps the step: it is about a CA for which the policy has a profile of
 * CMP signers, or it is about no CA.
 */
function isKeptStep(policy: Policy, step: CeremonyStep): boolean {
  const id = step.do === 'create-cmp-signer' ? step.issuer : step.do === 'read-key' ? step.key : null;
  const parsed = id === null ? null : parseIssuerId(id);
  return parsed === null || (parsed.ok && cmpProfileOf(policy, parsed.value.authority) !== null);
}

async function nextOutput(issuer: string, { files }: EditContext): Promise<string> {
  const parsed = parseIssuerId(issuer);
  const paths = parsed.ok ? cmpFileNames(parsed.value.id).map((name) => `authorities/${name}`) : [];
  for (const path of paths) if ((await files.read(path)) === null) return path;
  return '';
}
