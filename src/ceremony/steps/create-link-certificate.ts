import { type Bilingual, untranslated } from '../../kernel/bilingual.js';
import { ok, type Result } from '../../kernel/result.js';
import { linkFileName, parseIssuerId } from '../../policy/ids.js';
import { planLink } from '../../policy/plan/authority-plan.js';
import type { StepFailure } from '../failures.js';
import type { CheckContext, Fault, StepOf } from '../plan/model.js';
import { part } from '../plan/schema-parts.js';
import { forService } from '../sitting/afterwards.js';
import type { StepContext, StepKind } from './kind.js';
import { type Certification, certifyingStep, linkFindings } from './shared/certify.js';
import { checksOf, loadIssuer, outputFault, publicKeyOn } from './shared/checks.js';
import { certifiedKeyFault, issuerCertificateFile, neededFiles } from './shared/line-facts.js';

declare module '../plan/model.js' {
  interface StepForms {
    'create-link-certificate': {
      /** The generation of the root whose name and key are certified. */
      readonly authority: string;
      /** Another generation of the same root, which signs. */
      readonly issuer: string;
      readonly token: string;
      readonly output: string;
    };
  }
}

type CreateLinkCertificate = StepOf<'create-link-certificate'>;

/**
 * Certifies one generation of a root by another one (RFC 9810 4.4.1): the new one by the old one,
 * so that relying parties with the old root accept the new one (newWithOld), or the old one by the
 * new one (oldWithNew). Both keys are on one token, and earlier steps have recorded both.
 */
export const createLinkCertificate: StepKind<CreateLinkCertificate> = {
  do: 'create-link-certificate',
  schema: {
    description:
      'Signs, with the key of the root `issuer` on `token`, a certificate with the name and the key ' +
      'of `authority`, which is another generation of the same root and has its key on the same ' +
      'token (RFC 9810 4.4). A new generation has two: acr-el-2 by acr-el, and acr-el by acr-el-2. ' +
      'The output is authorities/<authority>.by-<issuer>.cer.',
    required: {
      authority: part('id'),
      issuer: part('id'),
      token: part('id'),
      output: part('path'),
    },
    optional: {},
  },
  check: (step, context) => [...keyFaults(step, context), ...generationFaults(step, context)],
  describe: ({ authority, issuer }) => ({
    fr: `certificat de lien : ${authority} signé par ${issuer}`,
    en: `link certificate: ${authority} signed by ${issuer}`,
  }),
  artefact: ({ output }) => untranslated(output),
  outputs: ({ output }) => ({ listed: [output], newFiles: [output], newTokens: [] }),
  needs: ({ authority, issuer }) => neededFiles(issuerCertificateFile(authority), issuerCertificateFile(issuer)),
  afterwards: ({ output }) => forService(output),
  newKey: () => null,
  readsOnly: false,
  signs: 'shown-first',
  opensToken: false,
  replacesToken: false,
  introducesKey: false,
  ...certifyingStep(certification),
  verify: {
    isReadable: () => true,
    members: ({ token, issuer, authority }) => ({ token, issuer, key: authority }),
    files: ({ output }) => [output],
    inputs: () => [],
    entryFault: ({ token, authority }, entry, lines) => certifiedKeyFault(entry, lines, { token, key: authority }),
    fileFault: () => null,
  },
  minutes: () => [],
};

const NOT_ANOTHER_GENERATION: Bilingual = {
  fr: "l'émetteur doit être une autre génération de la même AC racine",
  en: 'the issuer must be another generation of the same root',
};

function keyFaults({ authority, issuer, token }: CreateLinkCertificate, context: CheckContext): readonly Fault[] {
  const checks = checksOf(context);
  const ofIssuer = checks.key(token, issuer, ['root']);
  return ofIssuer.length > 0 ? ofIssuer : checks.key(token, authority, ['root']);
}

function generationFaults(
  { authority, issuer, output }: CreateLinkCertificate,
  context: CheckContext,
): readonly Fault[] {
  const [subject, signer] = [parseIssuerId(authority), parseIssuerId(issuer)];
  const areKnown = [
    ...checksOf(context).authority('/authority', authority, 'root'),
    ...checksOf(context).authority('/issuer', issuer, 'root'),
  ];
  if (areKnown.length > 0 || !subject.ok || !signer.ok) return areKnown;
  const isOther =
    subject.value.authority === signer.value.authority && subject.value.generation !== signer.value.generation;
  const expected = linkFileName({ subject: subject.value.id, issuer: signer.value.id });
  return [
    ...(isOther ? [] : [{ pointer: '/issuer', message: NOT_ANOTHER_GENERATION }]),
    ...outputFault(output, `authorities/${expected}`),
  ];
}

async function certification(
  context: StepContext,
  step: CreateLinkCertificate,
): Promise<Result<Certification, StepFailure>> {
  const { policy } = context.world;
  const root = await loadIssuer(context, step.authority);
  if (!root.ok) return root;
  const issuer = await loadIssuer(context, step.issuer);
  if (!issuer.ok) return issuer;
  // The lint compares this key with the certificate of the root.
  const key = await publicKeyOn(context, { token: step.token, key: step.authority });
  if (!key.ok) return key;
  const { id, keyType, spki, subjectDer: issuerDer } = issuer.value;
  const generations = { root: root.value, issuer: issuer.value };
  return ok({
    output: step.output,
    issuer: { id, token: step.token, keyType, spki },
    subject: { key: step.authority, spki: key.value },
    tbs: { issuerDer, ...planLink(policy, generations) },
    lint: (linting) => linkFindings({ ...linting, ...generations, policy }),
  });
}
