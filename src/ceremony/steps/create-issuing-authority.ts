import { present } from '../../kernel/assert.js';
import { sha256Hex } from '../../kernel/digest.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { planAuthority } from '../../policy/plan/authority-plan.js';
import { same } from '../bilingual.js';
import type { StepFailure } from '../failures.js';
import type { StepOf } from '../plan/model.js';
import type { StepContext } from './kind.js';
import { type Certification, certifyingStep } from './shared/certify.js';
import { authorityOf, issuerAtHome, publicKeyOn } from './shared/issuers.js';
import { authorityFindings } from './shared/lint.js';
import { readRequest } from './shared/requests.js';

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
  const key = await subjectKey(context, step);
  if (!key.ok) return key;
  const { spki } = key.value;
  const plan = planAuthority(world.policy, authority, { generation, spki, issuer, notBefore: world.clock() });
  const { subject, validity, extensions } = plan;
  return ok({
    output: step.output,
    issuer: { id: issuer.id, token: step.token, keyType: issuer.keyType, spki: issuer.spki },
    subject: { key: step.authority, ...key.value },
    tbs: { issuerDer: issuer.subjectDer, validity, subject, extensions },
    lint: (linting) => authorityFindings(world.policy, plan, { ...linting, issuer }),
  });
}

/** On a token here, or in a request that came from elsewhere. */
async function subjectKey(
  context: StepContext,
  { authority, subjectToken, request }: StepOf<'create-issuing-authority'>,
): Promise<Result<Omit<Certification['subject'], 'key'>, StepFailure>> {
  if (request === undefined) {
    const token = present(subjectToken, 'subjectToken or request');
    const there = await publicKeyOn(context, { token, key: authority });
    return there.ok ? ok({ spki: there.value }) : there;
  }
  const content = await context.world.files.read(request);
  if (content === null) return err({ kind: 'missing', what: same(request) });
  const read = await readRequest(context.world.policy, authority, { path: request, content });
  return read.ok ? ok({ spki: read.value, request: { path: request, sha256: sha256Hex(content) } }) : read;
}
