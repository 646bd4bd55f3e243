import { ok, type Result } from '../../kernel/result.js';
import { planAuthority } from '../../policy/plan/authority-plan.js';
import { encodeName } from '../../x509/certificate/name-writer.js';
import type { StepFailure } from '../failures.js';
import type { StepOf } from '../plan/model.js';
import type { StepContext } from './kind.js';
import { type Certification, certifyingStep } from './shared/certify.js';
import { authorityOf, publicKeyOn } from './shared/issuers.js';
import { authorityFindings } from './shared/lint.js';

export const createRoot = certifyingStep<StepOf<'create-root'>>(certification);

async function certification(
  context: StepContext,
  step: StepOf<'create-root'>,
): Promise<Result<Certification, StepFailure>> {
  const { world } = context;
  const { authority, generation } = authorityOf(world.policy, step.authority);
  const key = await publicKeyOn(context, { token: step.token, key: step.authority });
  if (!key.ok) return key;
  const spki = key.value;
  const plan = planAuthority(world.policy, authority, { generation, spki, issuer: null, notBefore: world.clock() });
  const { id, keyType, subject, validity, extensions } = plan;
  return ok({
    output: step.output,
    issuer: { id, token: step.token, keyType, spki },
    subject: { key: step.authority, spki },
    tbs: { issuerDer: encodeName(subject), validity, subject, extensions },
    lint: (linting) => authorityFindings(world.policy, plan, { ...linting, issuer: null }),
  });
}
