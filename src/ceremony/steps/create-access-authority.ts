import { type Bilingual, untranslated } from '../../kernel/bilingual.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { IssuerId } from '../../ports/signer.js';
import { encodeName } from '../../x509/certificate/name-writer.js';
import { keyTypeOf, readPublicKey } from '../../x509/keys/public-key.js';
import type { StepFailure } from '../failures.js';
import { keyOnToken, type StepOf } from '../plan/model.js';
import { part } from '../plan/schema-parts.js';
import type { StepContext, StepKind } from './kind.js';
import { accessFindings, planAccessAuthority } from './shared/access.js';
import { type Certification, certifyingStep } from './shared/certify.js';
import { accessIdFault, checksOf, outputFault, publicKeyOn } from './shared/checks.js';
import { certifiedKeyFault } from './shared/line-facts.js';

declare module '../plan/model.js' {
  interface StepForms {
    'create-access-authority': {
      readonly authority: string;
      readonly token: string;
      /**
       * The subject of the CA. The organizational unit of the environment, and its prefix of common
       * names, are added to it.
       */
      readonly subject: {
        readonly countryName: string;
        readonly organizationName: string;
        readonly organizationalUnitName: string;
        readonly commonName: string;
      };
      readonly years: number;
      readonly output: string;
    };
  }
}

type CreateAccessAuthority = StepOf<'create-access-authority'>;

const certifying = certifyingStep<CreateAccessAuthority>(certification);

/**
 * Signs the certificate of the CA of break-glass officers, which is self-signed and belongs to none
 * of the hierarchies (ops/decisions/0022).
 */
export const createAccessAuthority: StepKind<CreateAccessAuthority> = {
  do: 'create-access-authority',
  schema: {
    description:
      'Signs the certificate of the CA of break-glass officers (`access`) with its own key. The ' +
      "CA is in no hierarchy and has no CA below it. The environment's organizational unit, and " +
      'its prefix of common names, are added to `subject`.',
    required: {
      authority: part('id'),
      token: part('id'),
      subject: {
        type: 'object',
        additionalProperties: false,
        required: ['countryName', 'organizationName', 'organizationalUnitName', 'commonName'],
        properties: {
          countryName: { type: 'string', pattern: '^[A-Z]{2}$' },
          organizationName: part('nameText'),
          organizationalUnitName: part('nameText'),
          commonName: part('nameText'),
          why: part('why'),
        },
      },
      years: { type: 'integer', minimum: 1, maximum: 20 },
      output: part('path'),
    },
    optional: {},
  },
  check: (step, context) => [
    ...checksOf(context).token('/token', step.token, ['access']),
    ...accessIdFault('/authority', step.authority),
    ...outputFault(step.output, `authorities/${step.authority}.cer`),
  ],
  describe: ({ authority }) => ({
    fr: `certificat de l'AC d'accès ${authority}`,
    en: `certificate of the access CA ${authority}`,
  }),
  artefact: ({ output }) => untranslated(output),
  outputs: ({ output }) => ({ listed: [output], newFiles: [output], newTokens: [] }),
  needs: () => [],
  afterwards: ({ output }) => ({ carry: [output], acts: [IN_CONFIGURATION] }),
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

const IN_CONFIGURATION: Bilingual = {
  fr: "inscrire l'AC dans la configuration du service (accessAuthorities), puis le redémarrer : ops/break-glass.md",
  en: 'put the CA into the configuration of the service (accessAuthorities), then restart it: ops/break-glass.md',
};
