import { equalBytes } from '../../kernel/bytes.js';
import { sha256Hex } from '../../kernel/digest.js';
import { err, ok } from '../../kernel/result.js';
import { keyOnToken, same } from '../bilingual.js';
import type { StepOf } from '../plan/model.js';
import type { StepHandler } from './kind.js';

const ANOTHER_KEY = { fr: "ce n'est pas la clé publique du jeton", en: 'not the public key on the token' };

export const exportPublicKey: StepHandler<StepOf<'export-public-key'>> = {
  async find({ world, token }, step) {
    const content = await world.files.read(step.output);
    if (content === null) return ok(null);
    const publicKey = await (await token(step.token)).publicKey(step.key);
    if (publicKey === null || !equalBytes(content, publicKey))
      return err({ kind: 'artefact-wrong', artefact: same(step.output), detail: ANOTHER_KEY });
    return ok({ artefact: step.output, sha256: sha256Hex(content), key: step.key });
  },
  async make({ world, token }, step) {
    const publicKey = await (await token(step.token)).publicKey(step.key);
    if (publicKey === null) return err({ kind: 'missing', what: keyOnToken(step) });
    await world.files.create(step.output, publicKey);
    return ok(undefined);
  },
};
