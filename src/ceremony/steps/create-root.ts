import { ok, type Result } from '../../kernel/result.js';
import { planAuthority } from '../../policy/authority-plan.js';
import { encodeName } from '../../x509/name-writer.js';
import { type Certification, certify, checkFound } from '../certify.js';
import type { StepFailure } from '../failures.js';
import { authorityOf, publicKeyOn } from '../issuers.js';
import { authorityFindings } from '../lint.js';
import type { StepOf } from '../plan.js';
import type { StepContext, StepHandler } from '../step.js';

export const createRoot: StepHandler<StepOf<'create-root'>> = {
  async find(context, step) {
    const der = await context.world.files.read(step.output);
    if (der === null) return ok(null);
    const what = await certification(context, step);
    return what.ok ? checkFound(what.value, der) : what;
  },
  async make(context, step) {
    const what = await certification(context, step);
    return what.ok ? certify(context, what.value) : what;
  },
};

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
