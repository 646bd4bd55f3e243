import { untranslated } from '../../kernel/bilingual.js';
import { equalBytes, utf8 } from '../../kernel/bytes.js';
import { sha256Hex } from '../../kernel/digest.js';
import { ok } from '../../kernel/result.js';
import { cmpRequestPath } from '../../policy/cmp-keys.js';
import { signerName } from '../../policy/plan/plan.js';
import { wrongFile } from '../failures.js';
import type { StepOf } from '../plan/model.js';
import { part } from '../plan/schema-parts.js';
import { NOTHING_AFTERWARDS } from '../sitting/afterwards.js';
import type { StepKind } from './kind.js';
import { checksOf, outputFault } from './shared/checks.js';
import { cmpAuthorityFaults, cmpKeyOf } from './shared/cmp-signers.js';
import { authorityOf, publicKeyOn } from './shared/issuers.js';
import { readCmpRequest } from './shared/requests.js';
import { signedRequest } from './shared/signed-request.js';

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

const ANOTHER_KEY = { fr: 'elle ne porte pas sur la clé du jeton', en: 'not for the key on the token' };

/**
 * Writes the certification request of the key that signs the CMP answers of a CA: its public key,
 * and the proof that the key is on the token of the platform.
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
  async find(context, step) {
    const { policy, files } = context.world;
    const content = await files.read(step.output);
    if (content === null) return ok(null);
    const place = { token: step.token, key: cmpKeyOf(policy, step.issuer) };
    const key = await publicKeyOn(context, place);
    if (!key.ok) return key;
    const request = await readCmpRequest(policy, step.issuer, { path: step.output, content });
    if (!request.ok) return request;
    if (!equalBytes(request.value, key.value)) return wrongFile(step.output, ANOTHER_KEY);
    return ok({
      artefact: step.output,
      sha256: sha256Hex(content),
      ...place,
      publicKeySha256: sha256Hex(key.value),
    });
  },
  async make(context, step) {
    const { policy, files } = context.world;
    const subject = signerName(policy, 'cmp-signer', authorityOf(policy, step.issuer));
    const request = await signedRequest(context, { token: step.token, key: cmpKeyOf(policy, step.issuer) }, subject);
    if (!request.ok) return request;
    await files.create(step.output, utf8(request.value));
    return ok(undefined);
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
