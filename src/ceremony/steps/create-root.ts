import { untranslated } from '../../kernel/bilingual.js';
import { ok, type Result } from '../../kernel/result.js';
import { planAuthority } from '../../policy/plan/authority-plan.js';
import { encodeName } from '../../x509/certificate/name-writer.js';
import type { StepFailure } from '../failures.js';
import type { StepOf } from '../plan/model.js';
import { part } from '../plan/schema-parts.js';
import { forService } from '../sitting/afterwards.js';
import type { StepContext, StepKind } from './kind.js';
import { authorityFindings, type Certification, certifyingStep } from './shared/certify.js';
import { authorityOf, checksOf, outputFault, publicKeyOn } from './shared/checks.js';
import { certifiedKeyFault } from './shared/line-facts.js';

declare module '../plan/model.js' {
  interface StepForms {
    'create-root': {
      readonly authority: string;
      readonly token: string;
      readonly output: string;
    };
  }
}

type CreateRoot = StepOf<'create-root'>;

const certifying = certifyingStep<CreateRoot>(certification);

export const createRoot: StepKind<CreateRoot> = {
  do: 'create-root',
  schema: {
    description: "Signs the root's certificate with its own key; the policy has its profile.",
    required: {
      authority: part('id'),
      token: part('id'),
      output: part('path'),
    },
    optional: {},
  },
  check: (step, context) => [
    ...checksOf(context).token('/token', step.token, ['root']),
    ...checksOf(context).authority('/authority', step.authority, 'root'),
    ...outputFault(step.output, `authorities/${step.authority}.cer`),
  ],
  describe: ({ authority }) => ({
    fr: `certificat de l'AC racine ${authority}`,
    en: `certificate of root CA ${authority}`,
  }),
  artefact: ({ output }) => untranslated(output),
  outputs: ({ output }) => ({ listed: [output], newFiles: [output], newTokens: [] }),
  needs: () => [],
  afterwards: ({ output }) => forService(output),
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
    members: ({ token, authority }) => ({ token, issuer: authority, key: authority }),
    files: ({ output }) => [output],
    inputs: () => [],
    entryFault: ({ token, authority }, entry, lines) => certifiedKeyFault(entry, lines, { token, key: authority }),
    fileFault: () => null,
  },
  minutes: () => [],
};

async function certification(context: StepContext, step: CreateRoot): Promise<Result<Certification, StepFailure>> {
  const { world } = context;
  const { authority, generation } = authorityOf(world.policy, step.authority);
  const key = await publicKeyOn(context, { token: step.token, key: step.authority });
  if (!key.ok) return key;
  const spki = key.value;
  const plan = planAuthority(world.policy, authority, { generation, spki, issuer: null, notBefore: world.clock() });
  const { id, keyType, subject, validity, extensions } = plan;
  return ok({
    output: step.output,
    issuer: { id, token: step.token, keyType, spki },
    subject: { key: step.authority, spki },
    tbs: { issuerDer: encodeName(subject), validity, subject, extensions },
    lint: (linting) => authorityFindings(world.policy, plan, { ...linting, issuer: null }),
  });
}
