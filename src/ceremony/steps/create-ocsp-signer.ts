import { ok, type Result } from '../../kernel/result.js';
import { planResponder, responderProfileOf } from '../../policy/plan.js';
import { type Certification, certifyingStep } from '../certify.js';
import type { StepFailure } from '../failures.js';
import { issuerAtHome, publicKeyOn } from '../issuers.js';
import { responderFindings } from '../lint.js';
import type { StepOf } from '../plan.js';
import type { StepContext } from '../step.js';

/** A delegated responder of one issuing CA (RFC 6960 4.2.2.2): the CA itself certifies it. */
export const createOcspSigner = certifyingStep<StepOf<'create-ocsp-signer'>>(certification);

async function certification(
  context: StepContext,
  step: StepOf<'create-ocsp-signer'>,
): Promise<Result<Certification, StepFailure>> {
  const { world } = context;
  const found = await issuerAtHome(context, step.issuer);
  if (!found.ok) return found;
  const issuer = found.value;
  const label = step.subjectKey ?? step.issuer;
  const key = await publicKeyOn(context, { token: step.subjectToken, key: label });
  if (!key.ok) return key;
  const spki = key.value;
  const profile = responderProfileOf(world.policy, issuer.authority);
  const { subject, validity, extensions } = planResponder(world.policy, { profile, spki, issuer, now: world.clock() });
  return ok({
    output: step.output,
    issuer: { id: issuer.id, token: step.token, keyType: issuer.keyType, spki: issuer.spki },
    subject: { key: label, spki },
    tbs: { issuerDer: issuer.subjectDer, validity, subject, extensions },
    lint: (linting) => responderFindings(world.policy, profile, { ...linting, issuer }),
  });
}
