import { untranslated } from '../../kernel/bilingual.js';
import { type ResponderKey, responderFileName } from '../../policy/ids.js';
import { signerName } from '../../policy/plan/plan.js';
import type { StepOf } from '../plan/model.js';
import { part } from '../plan/schema-parts.js';
import { NOTHING_AFTERWARDS } from '../sitting/afterwards.js';
import type { StepKind } from './kind.js';
import { authorityOf, checksOf, responderKeyFaults } from './shared/checks.js';
import { findRequest, readResponderRequest, writeRequest } from './shared/requests.js';

declare module '../plan/model.js' {
  interface StepForms {
    'request-ocsp-signer': {
      readonly issuer: string;
      readonly token: string;
      /**
       * The label of the responder key, for example `aci-fo-pp.rsa-2048`; left out: the id of the
       * issuer, which is the label of its first responder key.
       */
      readonly subjectKey?: string;
      readonly output: string;
    };
  }
}

type RequestOcspSigner = StepOf<'request-ocsp-signer'>;

const keyOf = ({ token, issuer, subjectKey }: RequestOcspSigner) => ({ token, key: subjectKey ?? issuer });

/**
 * Writes the certification request of a responder for a CA on another machine: its public key, and
 * the proof that the private key is on the token.
 */
export const requestOcspSigner: StepKind<RequestOcspSigner> = {
  do: 'request-ocsp-signer',
  schema: {
    description:
      'Writes a certification request (PKCS#10, PEM) for the key of a responder of `issuer` on ' +
      '`token`, signed by it, for a CA on another machine. `subjectKey`: the label of a key of ' +
      'another type than the first.',
    required: {
      issuer: part('id'),
      token: part('id'),
      output: part('path'),
    },
    optional: {
      subjectKey: part('keyLabel'),
    },
  },
  check: (step, context) => [
    ...checksOf(context).token('/token', step.token, ['ocsp']),
    ...checksOf(context).authority('/issuer', step.issuer, 'issuing'),
    ...responderKeyFaults(step, context, requestPath),
  ],
  describe: ({ subjectKey, issuer }) => ({
    fr: `demande de certificat du répondeur OCSP ${subjectKey ?? issuer}`,
    en: `certification request of the OCSP responder ${subjectKey ?? issuer}`,
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
    const { policy, clock } = context.world;
    return findRequest(context, { output: step.output, of: keyOf(step) }, (file) =>
      readResponderRequest(policy, step.issuer, { ...file, now: clock() }),
    );
  },
  make: (context, step) => {
    const { policy } = context.world;
    const subject = signerName(policy, 'responder', authorityOf(policy, step.issuer));
    return writeRequest(context, { output: step.output, of: keyOf(step), subject });
  },
  verify: {
    isReadable: () => true,
    members: keyOf,
    files: ({ output }) => [output],
    inputs: () => [],
    entryFault: () => null,
    fileFault: () => null,
  },
  minutes: () => [],
};

function requestPath(label: ResponderKey): string {
  return `requests/${responderFileName(label).replace(/\.cer$/, '.csr.pem')}`;
}
