/**
 * Puts keys of responders that are elsewhere onto the list of those that the CA's signer may certify by itself. The seal of each is
 * its first certificate, signed with the CA's own key (ops/decisions/0007 and 0021): the CA signs nothing but certificates and lists.
 */
import { sha256Hex } from '../../kernel/digest.js';
import type { Json } from '../../kernel/json.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { planResponder, responderProfileOf } from '../../policy/plan/plan.js';
import type { HolderKeyType, Issuer } from '../../x509/model.js';
import { type Bilingual, same } from '../bilingual.js';
import type { StepFailure } from '../failures.js';
import type { AddedStepOf } from '../plan/added-steps.js';
import type { StepContext, StepHandler } from './kind.js';
import { sealedAtHome } from './shared/approved-keys.js';
import { type Certification, certify, checkFound } from './shared/certify.js';
import { issuerAtHome } from './shared/issuers.js';
import { responderFindings } from './shared/lint.js';
import { checkExpectedKey, readResponderRequest } from './shared/requests.js';

type SealOcspKeys = AddedStepOf<'seal-ocsp-keys'>;
type Sealing = { readonly step: SealOcspKeys; readonly issuer: Issuer; readonly key: SealOcspKeys['keys'][number] };

export const sealOcspKeys: StepHandler<SealOcspKeys> = {
  async find(context, step) {
    const issuer = await issuerAtHome(context, step.issuer);
    if (!issuer.ok) return issuer;
    const files: Record<string, string> = {};
    const keys: Json[] = [];
    for (const key of step.keys) {
      const der = await context.world.files.read(key.output);
      if (der === null) return ok(null);
      const what = await certification(context, { step, issuer: issuer.value, key });
      if (!what.ok) return what;
      const found = checkFound(what.value, der);
      if (!found.ok) return found;
      const { publicKeySha256 = null, serial = null, notBefore = null, notAfter = null } = found.value;
      const keyType = what.value.keyType;
      keys.push({ certificate: key.output, publicKeySha256, keyType, serial, notBefore, notAfter });
      files[key.output] = sha256Hex(der);
    }
    return ok({ issuer: issuer.value.id, token: step.token, keys, files, lint: 'passed' });
  },
  async make(context, step) {
    const issuer = await issuerAtHome(context, step.issuer);
    if (!issuer.ok) return issuer;
    for (const key of step.keys) {
      // Cut off between two of them: those before are there.
      if ((await context.world.files.read(key.output)) !== null) continue;
      const what = await certification(context, { step, issuer: issuer.value, key });
      if (!what.ok) return what;
      const sealed = (await sealedAtHome(context, step.issuer)).get(sha256Hex(what.value.subject.spki));
      if (sealed !== undefined) return wrong(key.request, alreadySealed(sealed));
      const made = await certify(context, what.value);
      if (!made.ok) return made;
    }
    return ok(undefined);
  },
};

async function certification(
  context: StepContext,
  { step, issuer, key }: Sealing,
): Promise<Result<Certification & { readonly keyType: HolderKeyType }, StepFailure>> {
  const { policy, files, clock } = context.world;
  const path = key.request;
  const content = await files.read(path);
  if (content === null) return err({ kind: 'missing', what: same(path) });
  const request = await readResponderRequest(policy, step.issuer, { path, content, now: clock() });
  if (!request.ok) return request;
  const { spki, keyType } = request.value;
  const expected = checkExpectedKey(path, { spki, expected: key.publicKeySha256 });
  if (!expected.ok) return expected;
  const profile = responderProfileOf(policy, issuer.authority);
  const { subject, validity, extensions } = planResponder(policy, { profile, spki, issuer, now: clock() });
  return ok({
    keyType,
    output: key.output,
    issuer: { id: issuer.id, token: step.token, keyType: issuer.keyType, spki: issuer.spki },
    subject: { key: path, spki },
    tbs: { issuerDer: issuer.subjectDer, validity, subject, extensions },
    lint: (linting) => responderFindings(policy, profile, { ...linting, issuer }),
  });
}

function wrong(path: string, detail: Bilingual): Result<never, StepFailure> {
  return err({ kind: 'artefact-wrong', artefact: same(path), detail });
}

function alreadySealed(certificate: string): Bilingual {
  return { fr: `sa clé est déjà scellée par ${certificate}`, en: `its key is sealed by ${certificate} already` };
}
