import { present } from '../../kernel/assert.js';
import { type Bilingual, untranslated } from '../../kernel/bilingual.js';
import { sha256Hex } from '../../kernel/digest.js';
import { ok, type Result } from '../../kernel/result.js';
import { planAuthority } from '../../policy/plan/authority-plan.js';
import { missingFile, type StepFailure } from '../failures.js';
import { type CheckContext, type Fault, mustBe, type StepOf } from '../plan/model.js';
import { part } from '../plan/schema-parts.js';
import { forService, NOTHING_AFTERWARDS } from '../sitting/afterwards.js';
import type { StepContext, StepKind } from './kind.js';
import { authorityFindings, type Certification, certifyingStep, requestInput } from './shared/certify.js';
import { authorityOf, checksOf, isImportOf, loadIssuer, outputFault, publicKeyOn } from './shared/checks.js';
import { certifiedKeyFault, issuerCertificateFile, neededFiles } from './shared/line-facts.js';
import { readRequest } from './shared/requests.js';

declare module '../plan/model.js' {
  interface StepForms {
    'create-issuing-authority': {
      readonly authority: string;
      /**
       * The token that has the key to certify. The plan names either this token or a certification
       * request from another machine.
       */
      readonly subjectToken?: string;
      readonly request?: string;
      readonly issuer: string;
      readonly token: string;
      readonly output: string;
    };
  }
}

type CreateIssuingAuthority = StepOf<'create-issuing-authority'>;

const certifying = certifyingStep<CreateIssuingAuthority>(certification);

export const createIssuingAuthority: StepKind<CreateIssuingAuthority> = {
  do: 'create-issuing-authority',
  schema: {
    description:
      "Signs, with the issuer's key on `token`, the certificate of the key `authority`, which is " +
      'on `subjectToken` or in a `request` from an imported bundle.',
    required: {
      authority: part('id'),
      issuer: part('id'),
      token: part('id'),
      output: part('path'),
    },
    optional: {
      subjectToken: part('id'),
      request: part('path'),
    },
  },
  check: (step, context) => [
    ...checksOf(context).key(step.token, step.issuer, ['root']),
    ...subjectFaults(step, context),
    ...checksOf(context).child(step),
    ...outputFault(step.output, `authorities/${step.authority}.cer`),
  ],
  describe: ({ authority, issuer }) => ({
    fr: `certificat de l'AC ${authority} signé par ${issuer}`,
    en: `certificate of CA ${authority} signed by ${issuer}`,
  }),
  artefact: ({ output }) => untranslated(output),
  outputs: ({ output }) => ({ listed: [output], newFiles: [output], newTokens: [] }),
  needs: ({ issuer, request }) =>
    neededFiles(issuerCertificateFile(issuer), ...(request === undefined ? [] : [request])),
  afterwards: ({ output, request }) =>
    // A certificate that another machine requested goes back to it in a bundle.
    request === undefined ? forService(output) : NOTHING_AFTERWARDS,
  newKey: () => null,
  readsOnly: false,
  signs: 'shown-first',
  opensToken: false,
  replacesToken: false,
  introducesKey: false,
  find: certifying.find,
  make: certifying.make,
  verify: {
    isReadable: () => true,
    members: ({ token, issuer, authority, request }) => ({
      token,
      issuer,
      key: authority,
      request: request ?? null,
    }),
    files: ({ output, request }) => (request === undefined ? [output] : [output, request]),
    inputs: requestInput,
    entryFault: ({ subjectToken, authority }, entry, lines) =>
      subjectToken === undefined ? null : certifiedKeyFault(entry, lines, { token: subjectToken, key: authority }),
    fileFault: () => null,
  },
  minutes: () => [],
};

const MESSAGES = {
  oneSubject: { fr: 'indiquez soit subjectToken, soit request', en: 'one of subjectToken and request' },
  anyRequest: {
    fr:
      "importez d'abord cette demande, dans un paquet dont on compare les mots : sinon, rien ne dit à qui " +
      'appartient la clé',
    en:
      'import this request first, in a bundle whose words are compared: otherwise nothing says to whom ' +
      'the key belongs',
  },
} as const satisfies Readonly<Record<string, Bilingual>>;

function subjectFaults(
  { subjectToken, request, authority }: CreateIssuingAuthority,
  context: CheckContext,
): readonly Fault[] {
  if ((subjectToken === undefined) === (request === undefined)) return [{ pointer: '', message: MESSAGES.oneSubject }];
  if (subjectToken !== undefined) return checksOf(context).token('/subjectToken', subjectToken, ['ca']);
  const expected = `requests/${authority}.csr.pem`;
  if (request !== expected) return [{ pointer: '/request', message: mustBe(expected) }];
  const { plan, before } = context;
  const isKnown = plan.environment !== 'production' || before.some((step) => isImportOf(step, request));
  return isKnown ? [] : [{ pointer: '/request', message: MESSAGES.anyRequest }];
}

async function certification(
  context: StepContext,
  step: CreateIssuingAuthority,
): Promise<Result<Certification, StepFailure>> {
  const { world } = context;
  const { authority, generation } = authorityOf(world.policy, step.authority);
  const found = await loadIssuer(context, step.issuer);
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

/**
 * Reads the public key to certify, from a token or from a certification request of another machine.
 */
async function subjectKey(
  context: StepContext,
  { authority, subjectToken, request }: CreateIssuingAuthority,
): Promise<Result<Omit<Certification['subject'], 'key'>, StepFailure>> {
  if (request === undefined) {
    const token = present(subjectToken, 'subjectToken or request');
    const there = await publicKeyOn(context, { token, key: authority });
    return there.ok ? ok({ spki: there.value }) : there;
  }
  const content = await context.world.files.read(request);
  if (content === null) return missingFile(request);
  const read = await readRequest(context.world.policy, authority, { path: request, content });
  return read.ok ? ok({ spki: read.value.spki, request: { path: request, sha256: sha256Hex(content) } }) : read;
}
