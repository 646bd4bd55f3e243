import { untranslated } from '../../kernel/bilingual.js';
import { equalBytes, utf8 } from '../../kernel/bytes.js';
import { sha256Hex } from '../../kernel/digest.js';
import { ok } from '../../kernel/result.js';
import { authorityName } from '../../policy/plan/authority-name.js';
import { wrongFile } from '../failures.js';
import type { StepOf } from '../plan/model.js';
import { part } from '../plan/schema-parts.js';
import { NOTHING_AFTERWARDS } from '../sitting/afterwards.js';
import type { StepKind } from './kind.js';
import { checksOf, outputFault } from './shared/checks.js';
import { authorityOf, publicKeyOn } from './shared/issuers.js';
import { readRequest } from './shared/requests.js';
import { signedRequest } from './shared/signed-request.js';

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

const ANOTHER_KEY = { fr: 'elle ne porte pas sur la clé du jeton', en: 'not for the key on the token' };

/**
 * Writes the certification request of an issuing CA: its public key, and the proof that the key is
 * on the token, for a root on another machine.
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
  async find(context, step) {
    const content = await context.world.files.read(step.output);
    if (content === null) return ok(null);
    const key = await publicKeyOn(context, { token: step.token, key: step.authority });
    if (!key.ok) return key;
    const request = await readRequest(context.world.policy, step.authority, { path: step.output, content });
    if (!request.ok) return request;
    if (!equalBytes(request.value, key.value)) return wrongFile(step.output, ANOTHER_KEY);
    const { authority, token } = step;
    const publicKeySha256 = sha256Hex(key.value);
    return ok({ artefact: step.output, sha256: sha256Hex(content), key: authority, token, publicKeySha256 });
  },
  async make(context, step) {
    const { policy, files } = context.world;
    const { definition, generation } = authorityOf(policy, step.authority);
    const where = { token: step.token, key: step.authority };
    const request = await signedRequest(context, where, authorityName(policy, definition, generation));
    if (!request.ok) return request;
    await files.create(step.output, utf8(request.value));
    return ok(undefined);
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
