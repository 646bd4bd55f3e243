/**
 * Removes from a drafted plan the steps and files of those additional OCSP responder keys that the
 * policy does not allow. The example plans contain them for every policy.
 */
import { parseInstant } from '../../kernel/clock.js';
import { parseIssuerId, parseResponderLabel } from '../../policy/ids.js';
import type { Policy } from '../../policy/model.js';
import { allowedKeyTypes, responderProfileOf } from '../../policy/plan/plan.js';
import type { CeremonyStep, PlanFile } from '../plan/model.js';

export function withAllowedKeys(plan: PlanFile, policy: Policy): PlanFile {
  const beginsAt = parseInstant(plan.window.notBefore) ?? 0;
  const isAllowed = (label: string | null): boolean => label === null || isAllowedResponderKey(policy, label, beginsAt);
  const dropped = new Set<string>();
  const steps = plan.steps.flatMap((step): readonly CeremonyStep[] => {
    if (!isAllowed(labelOf(step))) {
      if ('output' in step) dropped.add(step.output);
      return [];
    }
    if (step.do === 'import-bundle' || step.do === 'export-bundle') {
      const files = step.files.filter((path) => !dropped.has(path) && isAllowed(labelIn(path)));
      return [{ ...step, files }];
    }
    if (step.do !== 'approve-ocsp-keys') return [step];
    const keys = step.keys.filter(({ request }) => isAllowed(labelIn(request)));
    for (const key of step.keys) if (!keys.includes(key)) dropped.add(key.output);
    return [{ ...step, keys }];
  });
  return { ...plan, steps };
}

function labelOf(step: CeremonyStep): string | null {
  if (step.do === 'generate-key') return step.key;
  return step.do === 'create-ocsp-signer' || step.do === 'request-ocsp-signer' ? (step.subjectKey ?? null) : null;
}

/**
 * Returns the label of the key that a file name is about: `aci-el-org.rsa-2048` for
 * `requests/aci-el-org.ocsp-rsa-2048.csr.pem`. null: the file is not about an additional key.
 */
function labelIn(path: string): string | null {
  const [, issuer, keyType] = /\/([a-z0-9-]+)\.ocsp-((?:rsa|p)-\d+)\./.exec(path) ?? [];
  return issuer === undefined ? null : `${issuer}.${keyType}`;
}

/**
 * Whether the policy allows the key with this label when the window of the ceremony begins. Only an
 * additional responder key, whose label has a key type, can be forbidden: every policy has the
 * first key of each responder.
 */
function isAllowedResponderKey(policy: Policy, labelText: string, beginsAt: number): boolean {
  const label = parseResponderLabel(labelText);
  if (!label.ok || label.value.keyType === null) return true;
  const { issuer, keyType } = label.value;
  const parsed = parseIssuerId(issuer);
  const authority = parsed.ok ? policy.authorities.get(parsed.value.authority) : undefined;
  if (authority?.ocspSigner?.others?.includes(keyType) !== true) return false;
  return allowedKeyTypes(policy, responderProfileOf(policy, authority.id), beginsAt).includes(keyType);
}
