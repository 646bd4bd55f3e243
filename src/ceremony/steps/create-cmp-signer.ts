import { present } from '../../kernel/assert.js';
import { untranslated } from '../../kernel/bilingual.js';
import { sha256Hex } from '../../kernel/digest.js';
import { ok, type Result } from '../../kernel/result.js';
import { cmpFileNames, cmpRequestPath } from '../../policy/cmp-keys.js';
import { parseIssuerId } from '../../policy/ids.js';
import { cmpProfileOf, planSigner } from '../../policy/plan/plan.js';
import { missingFile, type StepFailure } from '../failures.js';
import { type CheckContext, type Fault, mustBe, type StepOf } from '../plan/model.js';
import { part } from '../plan/schema-parts.js';
import { forService } from '../sitting/afterwards.js';
import type { StepContext, StepKind } from './kind.js';
import { type Certification, certifyingStep, profileFindings, requestInput } from './shared/certify.js';
import { anyKeyFaults, checksOf, loadIssuer } from './shared/checks.js';
import { issuerCertificateFile, neededFiles, statedHash } from './shared/line-facts.js';
import { checkExpectedKey, cmpAuthorityFaults, cmpKeyOf, readCmpRequest } from './shared/requests.js';

declare module '../plan/model.js' {
  interface StepForms {
    'create-cmp-signer': {
      readonly issuer: string;
      readonly token: string;
      readonly request: string;
      /**
       * SHA-256 of the SubjectPublicKeyInfo, hexadecimal. `*` stands for any key: in production
       * only if an earlier step imports the request in a bundle.
       */
      readonly publicKeySha256: string;
      readonly output: string;
    };
  }
}

type CreateCmpSigner = StepOf<'create-cmp-signer'>;

/**
 * Certifies the key that signs the CMP answers of an issuing CA (RFC 9810 4.5, id-kp-cmcCA), from a
 * request of the ceremony of the platform. The key of the CA signs the certificate; it never signs
 * a CMP answer itself (RFC 9810 8.6).
 */
export const createCmpSigner: StepKind<CreateCmpSigner> = {
  do: 'create-cmp-signer',
  schema: {
    description:
      "Signs, with the CA's key on `token`, the certificate of the key that signs the CMP answers of " +
      '`issuer` (RFC 9810 4.5), from the `request` that request-cmp-signer has written. The output ' +
      'is authorities/<issuer>.cmp.cer; a later certificate of the key has a number from 2 ' +
      '(<issuer>.cmp-2.cer).',
    required: {
      issuer: part('id'),
      token: part('id'),
      request: part('path'),
      publicKeySha256: part('expectedKey'),
      output: part('path'),
    },
    optional: {},
  },
  check: (step, context) => [
    ...checksOf(context).key(step.token, step.issuer, ['ca']),
    ...checksOf(context).authority('/issuer', step.issuer, 'issuing'),
    ...cmpAuthorityFaults(step.issuer, context),
    ...placeFaults(step, context),
  ],
  describe: ({ issuer }) => ({
    fr: `certificat du signataire CMP de ${issuer}`,
    en: `certificate of the CMP signer of ${issuer}`,
  }),
  artefact: ({ output }) => untranslated(output),
  outputs: ({ output }) => ({ listed: [output], newFiles: [output], newTokens: [] }),
  needs: ({ issuer, request }) => neededFiles(issuerCertificateFile(issuer), request),
  afterwards: ({ output }) => forService(output),
  newKey: () => null,
  readsOnly: false,
  signs: 'shown-first',
  opensToken: false,
  replacesToken: false,
  introducesKey: false,
  ...certifyingStep(certification),
  verify: {
    isReadable: ({ output, request, publicKeySha256 }) =>
      [output, request, publicKeySha256].every((member) => typeof member === 'string'),
    members: ({ token, issuer, request, publicKeySha256 }) => ({
      token,
      issuer,
      request,
      ...statedHash('publicKeySha256', publicKeySha256),
    }),
    files: ({ output, request }) => [output, request],
    inputs: requestInput,
    entryFault: () => null,
    fileFault: () => null,
  },
  minutes: () => [],
};

function placeFaults(step: CreateCmpSigner, context: CheckContext): readonly Fault[] {
  const parsed = parseIssuerId(step.issuer);
  const names = parsed.ok ? cmpFileNames(parsed.value.id).map((name) => `authorities/${name}`) : [];
  const request = cmpRequestPath(step.issuer);
  return [
    ...(names.includes(step.output)
      ? []
      : [{ pointer: '/output', message: mustBe(`authorities/${step.issuer}.cmp.cer, .cmp-2.cer, ...`) }]),
    ...(step.request === request ? [] : [{ pointer: '/request', message: mustBe(request) }]),
    ...anyKeyFaults({ pointer: '', ...step }, context),
  ];
}

async function certification(context: StepContext, step: CreateCmpSigner): Promise<Result<Certification, StepFailure>> {
  const { policy, files, clock } = context.world;
  const path = step.request;
  const content = await files.read(path);
  if (content === null) return missingFile(path);
  const found = await loadIssuer(context, step.issuer);
  if (!found.ok) return found;
  const issuer = found.value;
  const request = await readCmpRequest(policy, step.issuer, { path, content });
  if (!request.ok) return request;
  const { spki } = request.value;
  const expected = checkExpectedKey(path, { spki, expected: step.publicKeySha256 });
  if (!expected.ok) return expected;
  const profile = present(cmpProfileOf(policy, issuer.authority), `CMP profile of ${issuer.authority}`);
  const { subject, validity, extensions } = planSigner(policy, { profile, spki, issuer, now: clock() });
  return ok({
    output: step.output,
    issuer: { id: issuer.id, token: step.token, keyType: issuer.keyType, spki: issuer.spki },
    subject: { key: cmpKeyOf(policy, step.issuer), spki, request: { path, sha256: sha256Hex(content) } },
    tbs: { issuerDer: issuer.subjectDer, validity, subject, extensions },
    lint: (linting) => profileFindings(policy, profile, { ...linting, issuer }),
  });
}
