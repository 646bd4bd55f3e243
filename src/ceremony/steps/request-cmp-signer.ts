import { untranslated } from '../../kernel/bilingual.js';
import { cmpRequestPath } from '../../policy/cmp-keys.js';
import type { Policy } from '../../policy/model.js';
import { signerName } from '../../policy/plan/plan.js';
import type { StepOf } from '../plan/model.js';
import { part } from '../plan/schema-parts.js';
import { NOTHING_AFTERWARDS } from '../sitting/afterwards.js';
import type { StepKind } from './kind.js';
import { authorityOf, checksOf, outputFault } from './shared/checks.js';
import { cmpAuthorityFaults, cmpKeyOf, findRequest, readCmpRequest, writeRequest } from './shared/requests.js';

declare module '../plan/model.js' {
  interface StepForms {
    'request-cmp-signer': {
      readonly issuer: string;
      readonly token: string;
      readonly output: string;
    };
  }
}

type RequestCmpSigner = StepOf<'request-cmp-signer'>;

const placeOf = (policy: Policy, { output, token, issuer }: RequestCmpSigner) => ({
  output,
  of: { token, key: cmpKeyOf(policy, issuer) },
});

/**
 * Writes the certification request for the key that signs the CMP answers of a CA: the public key,
 * and the proof that the private key is on the token of the platform.
 */
export const requestCmpSigner: StepKind<RequestCmpSigner> = {
  do: 'request-cmp-signer',
  schema: {
    description:
      'Writes a certification request (PKCS#10, PEM) for the key that signs the CMP answers of ' +
      '`issuer`, signed by it: the key `cmp-<hierarchy>` on the `token` of the platform.',
    required: {
      issuer: part('id'),
      token: part('id'),
      output: part('path'),
    },
    optional: {},
  },
  check: (step, context) => [
    ...checksOf(context).token('/token', step.token, ['platform']),
    ...cmpAuthorityFaults(step.issuer, context),
    ...outputFault(step.output, cmpRequestPath(step.issuer)),
  ],
  describe: ({ issuer }) => ({
    fr: `demande de certificat du signataire CMP de ${issuer}`,
    en: `certification request of the CMP signer of ${issuer}`,
  }),
  artefact: ({ output }) => untranslated(output),
  outputs: ({ output }) => ({ listed: [output], newFiles: [output], newTokens: [] }),
  needs: () => [],
  afterwards: () => NOTHING_AFTERWARDS,
  newKey: () => null,
  readsOnly: false,
  signs: 'own-request',
  opensToken: false,
  replacesToken: false,
  introducesKey: false,
  find: (context, step) => {
    const { policy } = context.world;
    return findRequest(context, placeOf(policy, step), (file) => readCmpRequest(policy, step.issuer, file));
  },
  make: (context, step) => {
    const { policy } = context.world;
    const subject = signerName(policy, 'cmp-signer', authorityOf(policy, step.issuer));
    return writeRequest(context, { ...placeOf(policy, step), subject });
  },
  verify: {
    isReadable: () => true,
    members: ({ token }) => ({ token }),
    files: ({ output }) => [output],
    inputs: () => [],
    entryFault: () => null,
    fileFault: () => null,
  },
  minutes: () => [],
};
