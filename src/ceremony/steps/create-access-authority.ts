import { err, ok, type Result } from '../../kernel/result.js';
import type { IssuerId } from '../../ports/signer.js';
import { encodeName } from '../../x509/certificate/name-writer.js';
import { keyTypeOf, readPublicKey } from '../../x509/keys/public-key.js';
import { keyOnToken } from '../bilingual.js';
import type { StepFailure } from '../failures.js';
import type { AddedStepOf } from '../plan/added-steps.js';
import type { StepContext } from './kind.js';
import { accessFindings } from './shared/access-authority.js';
import { planAccessAuthority } from './shared/access-certificates.js';
import { type Certification, certifyingStep } from './shared/certify.js';
import { publicKeyOn } from './shared/issuers.js';

type CreateAccessAuthority = AddedStepOf<'create-access-authority'>;

/** The CA of break-glass officers: it signs itself, and is below none of the hierarchies (ops/decisions/0022). */
export const createAccessAuthority = certifyingStep<CreateAccessAuthority>(certification);

async function certification(
  context: StepContext,
  step: CreateAccessAuthority,
): Promise<Result<Certification, StepFailure>> {
  const { policy, clock } = context.world;
  const where = { token: step.token, key: step.authority };
  const key = await publicKeyOn(context, where);
  if (!key.ok) return key;
  const spki = key.value;
  const view = readPublicKey(spki);
  const keyType = view.ok ? keyTypeOf(view.value) : null;
  if (keyType === null) return err({ kind: 'missing', what: keyOnToken(where) });
  const planned = planAccessAuthority(policy.environment, step, { spki, now: clock() });
  return ok({
    output: step.output,
    issuer: { id: step.authority as IssuerId, token: step.token, keyType, spki },
    subject: { key: step.authority, spki },
    tbs: { issuerDer: encodeName(planned.subject), ...planned },
    lint: (linting) => accessFindings(linting, { signsWith: keyType, issuer: null }),
  });
}
