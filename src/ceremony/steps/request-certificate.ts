import { untranslated } from '../../kernel/bilingual.js';
import { authorityName } from '../../policy/plan/authority-name.js';
import type { StepOf } from '../plan/model.js';
import { part } from '../plan/schema-parts.js';
import { NOTHING_AFTERWARDS } from '../sitting/afterwards.js';
import type { StepKind } from './kind.js';
import { authorityOf, checksOf, outputFault } from './shared/checks.js';
import { findRequest, readRequest, writeRequest } from './shared/requests.js';

declare module '../plan/model.js' {
  interface StepForms {
    'request-certificate': {
      readonly authority: string;
      readonly token: string;
      readonly output: string;
    };
  }
}

type RequestCertificate = StepOf<'request-certificate'>;

const placeOf = ({ output, token, authority }: RequestCertificate) => ({ output, of: { token, key: authority } });

/**
 * Writes the certification request of an issuing CA for a root on another machine: its public key,
 * and the proof that the private key is on the token.
 */
export const requestCertificate: StepKind<RequestCertificate> = {
  do: 'request-certificate',
  schema: {
    description:
      'Writes a certification request (PKCS#10, PEM) for the key `authority` on `token`, signed ' +
      'by it, for a root on another machine.',
    required: {
      authority: part('id'),
      token: part('id'),
      output: part('path'),
    },
    optional: {},
  },
  check: (step, context) => [
    ...checksOf(context).key(step.token, step.authority, ['ca']),
    ...checksOf(context).authority('/authority', step.authority, 'issuing'),
    ...outputFault(step.output, `requests/${step.authority}.csr.pem`),
  ],
  describe: ({ authority }) => ({
    fr: `demande de certificat de l'AC ${authority}`,
    en: `certification request of CA ${authority}`,
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
  find: (context, step) =>
    findRequest(context, placeOf(step), (file) => readRequest(context.world.policy, step.authority, file)),
  make: (context, step) => {
    const { policy } = context.world;
    const { definition, generation } = authorityOf(policy, step.authority);
    return writeRequest(context, { ...placeOf(step), subject: authorityName(policy, definition, generation) });
  },
  verify: {
    isReadable: () => true,
    members: ({ token, authority }) => ({ token, key: authority }),
    files: ({ output }) => [output],
    inputs: () => [],
    entryFault: () => null,
    fileFault: () => null,
  },
  minutes: () => [],
};
