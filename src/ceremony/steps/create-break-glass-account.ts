import { type Bilingual, untranslated } from '../../kernel/bilingual.js';
import { sha256Hex } from '../../kernel/digest.js';
import { ok, type Result } from '../../kernel/result.js';
import { missingFile, type StepFailure } from '../failures.js';
import { type Fault, mustBe, type StepOf } from '../plan/model.js';
import { part } from '../plan/schema-parts.js';
import type { StepContext, StepKind } from './kind.js';
import { accessFindings, loadAccessAuthority, planBreakGlass } from './shared/access.js';
import { type Certification, certifyingStep, requestInput } from './shared/certify.js';
import { accessIdFault, anyKeyFaults, checksOf, outputFault } from './shared/checks.js';
import { issuerCertificateFile, neededFiles, statedHash } from './shared/line-facts.js';
import { checkExpectedKey, readOfficerRequest } from './shared/requests.js';

declare module '../plan/model.js' {
  interface StepForms {
    'create-break-glass-account': {
      readonly authority: string;
      readonly token: string;
      /** The id of the account that an operator creates later with this certificate. */
      readonly account: string;
      readonly commonName: string;
      readonly request: string;
      /**
       * SHA-256 of the SubjectPublicKeyInfo, hexadecimal. `*` stands for any key: in production
       * only if an earlier step imports the request in a bundle.
       */
      readonly publicKeySha256: string;
      readonly days: number;
      readonly output: string;
    };
  }
}

type CreateBreakGlassAccount = StepOf<'create-break-glass-account'>;

const certifying = certifyingStep<CreateBreakGlassAccount>(certification);

/**
 * Signs the certificate of a break-glass officer, with which an operator creates the account
 * (`pfcng account add`). The private key of the officer is not at the ceremony.
 */
export const createBreakGlassAccount: StepKind<CreateBreakGlassAccount> = {
  do: 'create-break-glass-account',
  schema: {
    description:
      "Signs, with the access CA's key on `token`, the client certificate of a break-glass " +
      'officer whose key is elsewhere. `account`: the account that an operator opens with it ' +
      '(`pfcng account add`). The certificate cannot be revoked; the account is closed instead.',
    required: {
      authority: part('id'),
      token: part('id'),
      account: part('id'),
      commonName: part('nameText'),
      request: part('path'),
      publicKeySha256: part('expectedKey'),
      days: { type: 'integer', minimum: 1, maximum: 1100 },
      output: part('path'),
    },
    optional: {},
  },
  check: (step, context) => [
    ...checksOf(context).key(step.token, step.authority, ['access']),
    ...accessIdFault('/authority', step.authority),
    ...requestFaults(step),
    ...anyKeyFaults({ pointer: '', ...step }, context),
    ...outputFault(step.output, `access/${step.account}.cer`),
  ],
  describe: ({ account }) => ({
    fr: `certificat de secours pour le compte ${account}`,
    en: `break-glass certificate for the account ${account}`,
  }),
  artefact: ({ output }) => untranslated(output),
  outputs: ({ output }) => ({ listed: [output], newFiles: [output], newTokens: [] }),
  needs: ({ authority, request }) => neededFiles(issuerCertificateFile(authority), request),
  afterwards: ({ account, output }) => ({ carry: [], acts: [accountOpened(account, output)] }),
  newKey: () => null,
  readsOnly: false,
  signs: 'shown-first',
  opensToken: false,
  replacesToken: false,
  introducesKey: false,
  async find(context, step) {
    const found = await certifying.find(context, step);
    return found.ok && found.value !== null ? ok({ ...found.value, account: step.account }) : found;
  },
  make: certifying.make,
  verify: {
    isReadable: () => true,
    members: ({ token, authority, request, publicKeySha256 }) => ({
      token,
      issuer: authority,
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

function requestFaults({ account, request }: CreateBreakGlassAccount): readonly Fault[] {
  const expected = `requests/${account}.csr.pem`;
  return request === expected ? [] : [{ pointer: '/request', message: mustBe(expected) }];
}

async function certification(
  context: StepContext,
  step: CreateBreakGlassAccount,
): Promise<Result<Certification, StepFailure>> {
  const { policy, files, clock } = context.world;
  const path = step.request;
  const content = await files.read(path);
  if (content === null) return missingFile(path);
  const request = await readOfficerRequest({ path, content });
  if (!request.ok) return request;
  const { spki } = request.value;
  const expected = checkExpectedKey(path, { spki, expected: step.publicKeySha256 });
  if (!expected.ok) return expected;
  const found = await loadAccessAuthority(context, step.authority);
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

function accountOpened(account: string, certificate: string): Bilingual {
  return {
    fr: `remettre ${certificate} à son officier, et ouvrir le compte ${account} : ops/break-glass.md`,
    en: `give ${certificate} to its officer, and open the account ${account}: ops/break-glass.md`,
  };
}
