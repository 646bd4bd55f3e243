import { untranslated } from '../../kernel/bilingual.js';
import { equalBytes } from '../../kernel/bytes.js';
import { sha256Hex } from '../../kernel/digest.js';
import { err, ok } from '../../kernel/result.js';
import { wrongFile } from '../failures.js';
import { keyOnToken, type StepOf } from '../plan/model.js';
import { part } from '../plan/schema-parts.js';
import { forService } from '../sitting/afterwards.js';
import type { StepKind } from './kind.js';
import { checksOf, outputFault } from './shared/checks.js';

declare module '../plan/model.js' {
  interface StepForms {
    'export-public-key': {
      readonly token: string;
      readonly key: string;
      readonly output: string;
    };
  }
}

type ExportPublicKey = StepOf<'export-public-key'>;

const ANOTHER_KEY = { fr: "ce n'est pas la clé publique du jeton", en: 'not the public key on the token' };

export const exportPublicKey: StepKind<ExportPublicKey> = {
  do: 'export-public-key',
  schema: {
    description: 'Writes the SubjectPublicKeyInfo (DER) of a key.',
    required: {
      token: part('id'),
      key: part('id'),
      output: part('path'),
    },
    optional: {},
  },
  check: (step, context) => [
    ...checksOf(context).token('/token', step.token, ['platform']),
    ...outputFault(step.output, `authorities/${step.key}.spki`),
  ],
  describe: ({ key }) => ({ fr: `export de la clé publique ${key}`, en: `exporting public key ${key}` }),
  artefact: ({ output }) => untranslated(output),
  outputs: ({ output }) => ({ listed: [output], newFiles: [output], newTokens: [] }),
  needs: () => [],
  afterwards: ({ output }) => forService(output),
  newKey: () => null,
  readsOnly: false,
  signs: 'nothing',
  opensToken: false,
  replacesToken: false,
  introducesKey: false,
  async find({ world, token }, step) {
    const content = await world.files.read(step.output);
    if (content === null) return ok(null);
    const publicKey = await (await token(step.token)).publicKey(step.key);
    if (publicKey === null || !equalBytes(content, publicKey)) return wrongFile(step.output, ANOTHER_KEY);
    return ok({ artefact: step.output, sha256: sha256Hex(content), key: step.key });
  },
  async make({ world, token }, step) {
    const publicKey = await (await token(step.token)).publicKey(step.key);
    if (publicKey === null) return err({ kind: 'missing', what: keyOnToken(step) });
    await world.files.create(step.output, publicKey);
    return ok(undefined);
  },
  verify: {
    isReadable: () => true,
    members: ({ key }) => ({ key }),
    files: ({ output }) => [output],
    inputs: () => [],
    entryFault: () => null,
    fileFault: () => null,
  },
  minutes: () => [],
};
