import { untranslated } from '../../kernel/bilingual.js';
import { type Bytes, equalBytes } from '../../kernel/bytes.js';
import { ok, type Result } from '../../kernel/result.js';
import { responderFileName } from '../../policy/ids.js';
import { planSigner, responderProfileOf } from '../../policy/plan/plan.js';
import { readCertificate } from '../../x509/certificate/certificate-reader.js';
import { missingFile, type StepFailure, wrongFile } from '../failures.js';
import type { StepOf } from '../plan/model.js';
import { ceremonyCopyPath } from '../plan/paths.js';
import { part } from '../plan/schema-parts.js';
import { forService } from '../sitting/afterwards.js';
import type { StepContext, StepKind } from './kind.js';
import {
  type Certification,
  certify,
  checkExistingCertificate,
  isSignedBy,
  profileFindings,
} from './shared/certify.js';
import { checksOf, loadIssuer, publicKeyOn, responderKeyFaults } from './shared/checks.js';
import { certifiedKeyFault, issuerCertificateFile, neededFiles } from './shared/line-facts.js';

declare module '../plan/model.js' {
  interface StepForms {
    'create-ocsp-signer': {
      readonly issuer: string;
      readonly token: string;
      readonly subjectToken: string;
      /**
       * The label of the responder key, for example `aci-fo-pp.rsa-2048`; left out: the id of the
       * issuer, which is the label of its first responder key.
       */
      readonly subjectKey?: string;
      readonly output: string;
    };
  }
}

type CreateOcspSigner = StepOf<'create-ocsp-signer'>;

const NOT_THIS_CERTIFICATE = {
  fr: 'ni le certificat que la cérémonie a signé, ni un autre de cette AC pour la même clé',
  en: 'neither the certificate that the ceremony signed nor another one of this authority for the same key',
};

/**
 * Certifies the delegated OCSP responder of an issuing CA (RFC 6960 4.2.2.2) with the key of this
 * CA. The certificate is written twice: the service replaces the published file every month, and an
 * auditor must still find the certificate that was signed that day.
 */
export const createOcspSigner: StepKind<CreateOcspSigner> = {
  do: 'create-ocsp-signer',
  schema: {
    description:
      "Signs, with the CA's key on `token`, the certificate of its delegated OCSP responder (RFC " +
      "6960 4.2.2.2). The responder's key is on `subjectToken`; its label is `issuer`, or " +
      '`subjectKey`.',
    required: {
      issuer: part('id'),
      token: part('id'),
      subjectToken: part('id'),
      output: part('path'),
    },
    optional: {
      subjectKey: part('keyLabel'),
    },
  },
  check: (step, context) => [
    ...checksOf(context).key(step.token, step.issuer, ['ca']),
    ...checksOf(context).token('/subjectToken', step.subjectToken, ['ocsp']),
    ...checksOf(context).authority('/issuer', step.issuer, 'issuing'),
    ...responderKeyFaults(step, context, (label) => `authorities/${responderFileName(label)}`),
  ],
  describe: ({ subjectKey, issuer }) => ({
    fr: `certificat du répondeur OCSP ${subjectKey ?? issuer}`,
    en: `certificate of the OCSP responder ${subjectKey ?? issuer}`,
  }),
  artefact: ({ output }) => untranslated(output),
  outputs(step, plan) {
    const { output } = step;
    return { listed: [output], newFiles: [output, ceremonyCopyPath(plan, step)], newTokens: [] };
  },
  needs: ({ issuer }) => neededFiles(issuerCertificateFile(issuer)),
  afterwards: ({ output }) => forService(output),
  newKey: () => null,
  readsOnly: false,
  signs: 'shown-first',
  opensToken: false,
  replacesToken: false,
  introducesKey: false,
  async find(context, step) {
    const { files } = context.world;
    const copy = await files.read(ceremonyCopyPath(context.plan, step));
    const published = await files.read(step.output);
    if (copy === null) return published === null ? ok(null) : wrong(step);
    const what = await certification(context, step);
    if (!what.ok) return what;
    const facts = checkExistingCertificate(what.value, copy);
    if (!facts.ok) return facts;
    // If the step was interrupted between the two files, `make` writes the second and signs
    // nothing.
    if (published === null) return ok(null);
    if (!equalBytes(published, copy) && !isRenewed(what.value, published)) return wrong(step);
    return ok({ ...facts.value, published: step.output });
  },
  async make(context, step) {
    const { files } = context.world;
    const copyPath = ceremonyCopyPath(context.plan, step);
    if ((await files.read(copyPath)) === null) {
      const what = await certification(context, step);
      if (!what.ok) return what;
      const made = await certify(context, what.value);
      if (!made.ok) return made;
    }
    const copy = await files.read(copyPath);
    if (copy === null) return missingFile(copyPath);
    await files.create(step.output, copy);
    return ok(undefined);
  },
  verify: {
    isReadable: () => true,
    members: ({ token, issuer, subjectKey }) => ({ token, issuer, key: subjectKey ?? issuer }),
    files: (step, plan) => [ceremonyCopyPath(plan, step)],
    inputs: () => [],
    entryFault: ({ subjectToken, subjectKey, issuer }, entry, lines) =>
      certifiedKeyFault(entry, lines, { token: subjectToken, key: subjectKey ?? issuer }),
    fileFault: () => null,
  },
  minutes: () => [],
};

function wrong({ output }: CreateOcspSigner): Result<never, StepFailure> {
  return wrongFile(output, NOT_THIS_CERTIFICATE);
}

/** Whether the published certificate is another one of this CA for the same key. */
function isRenewed({ issuer, subject }: Certification, published: Bytes): boolean {
  const read = readCertificate(published);
  return read.ok && equalBytes(read.value.tbs.spki, subject.spki) && isSignedBy(read.value, issuer.spki);
}

async function certification(
  context: StepContext,
  step: CreateOcspSigner,
): Promise<Result<Certification, StepFailure>> {
  const { world, plan } = context;
  const found = await loadIssuer(context, step.issuer);
  if (!found.ok) return found;
  const issuer = found.value;
  const label = step.subjectKey ?? step.issuer;
  const key = await publicKeyOn(context, { token: step.subjectToken, key: label });
  if (!key.ok) return key;
  const spki = key.value;
  const profile = responderProfileOf(world.policy, issuer.authority);
  const { subject, validity, extensions } = planSigner(world.policy, { profile, spki, issuer, now: world.clock() });
  return ok({
    output: ceremonyCopyPath(plan, step),
    issuer: { id: issuer.id, token: step.token, keyType: issuer.keyType, spki: issuer.spki },
    subject: { key: label, spki },
    tbs: { issuerDer: issuer.subjectDer, validity, subject, extensions },
    lint: (linting) => profileFindings(world.policy, profile, { ...linting, issuer }),
  });
}
