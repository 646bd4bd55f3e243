import { sha256Hex } from '../../kernel/digest.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { same } from '../bilingual.js';
import type { StepFailure } from '../failures.js';
import type { AddedStepOf } from '../plan/added-steps.js';
import type { StepContext, StepHandler } from './kind.js';
import { accessAtHome, accessFindings } from './shared/access-authority.js';
import { planBreakGlass } from './shared/access-certificates.js';
import { type Certification, certifyingStep } from './shared/certify.js';
import { checkExpectedKey, readOfficerRequest } from './shared/requests.js';

type CreateBreakGlass = AddedStepOf<'create-break-glass-account'>;

const certifying = certifyingStep<CreateBreakGlass>(certification);

/** The certificate with which an operator opens the account (`pfcng account add`); the officer's key is elsewhere, and stays there. */
export const createBreakGlassAccount: StepHandler<CreateBreakGlass> = {
  async find(context, step) {
    const found = await certifying.find(context, step);
    return found.ok && found.value !== null ? ok({ ...found.value, account: step.account }) : found;
  },
  make: certifying.make,
};

async function certification(
  context: StepContext,
  step: CreateBreakGlass,
): Promise<Result<Certification, StepFailure>> {
  const { policy, files, clock } = context.world;
  const path = step.request;
  const content = await files.read(path);
  if (content === null) return err({ kind: 'missing', what: same(path) });
  const request = await readOfficerRequest({ path, content });
  if (!request.ok) return request;
  const { spki } = request.value;
  const expected = checkExpectedKey(path, { spki, expected: step.publicKeySha256 });
  if (!expected.ok) return expected;
  const found = await accessAtHome(context, step.authority);
  if (!found.ok) return found;
  const issuer = found.value;
  const planned = planBreakGlass(policy.environment, step, { spki, now: clock(), issuer });
  return ok({
    output: step.output,
    issuer: { id: issuer.id, token: step.token, keyType: issuer.keyType, spki: issuer.spki },
    subject: { key: path, spki, request: { path, sha256: sha256Hex(content) } },
    tbs: { issuerDer: issuer.subjectDer, ...planned },
    lint: (linting) => accessFindings(linting, { signsWith: issuer.keyType, issuer }),
  });
}
