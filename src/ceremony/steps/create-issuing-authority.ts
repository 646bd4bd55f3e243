import { ok, type Result } from '../../kernel/result.js';
import { planAuthority } from '../../policy/authority-plan.js';
import { type Certification, certifyingStep } from '../certify.js';
import type { StepFailure } from '../failures.js';
import { authorityOf, issuerAtHome, publicKeyOn } from '../issuers.js';
import { authorityFindings } from '../lint.js';
import type { StepOf } from '../plan.js';
import type { StepContext } from '../step.js';

export const createIssuingAuthority = certifyingStep<StepOf<'create-issuing-authority'>>(certification);

async function certification(
  context: StepContext,
  step: StepOf<'create-issuing-authority'>,
): Promise<Result<Certification, StepFailure>> {
  const { world } = context;
  const { authority, generation } = authorityOf(world.policy, step.authority);
  const found = await issuerAtHome(context, step.issuer);
  if (!found.ok) return found;
  const issuer = found.value;
  const key = await publicKeyOn(context, { token: step.subjectToken, key: step.authority });
  if (!key.ok) return key;
  const spki = key.value;
  const plan = planAuthority(world.policy, authority, { generation, spki, issuer, notBefore: world.clock() });
  const { subject, validity, extensions } = plan;
  return ok({
    output: step.output,
    issuer: { id: issuer.id, token: step.token, keyType: issuer.keyType, spki: issuer.spki },
    subject: { key: step.authority, spki },
    tbs: { issuerDer: issuer.subjectDer, validity, subject, extensions },
    lint: (linting) => authorityFindings(world.policy, plan, { ...linting, issuer }),
  });
}
