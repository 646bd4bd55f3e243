import { equalBytes } from '../../kernel/bytes.js';
import { err, ok } from '../../kernel/result.js';
import { type StepOf, sha256Hex } from '../plan.js';
import type { StepHandler } from '../step.js';

export const exportPublicKey: StepHandler<StepOf<'export-public-key'>> = {
  async find({ world, token }, step) {
    const content = await world.files.read(step.output);
    if (content === null) return ok(null);
    const publicKey = await (await token(step.token)).publicKey(step.key);
    if (publicKey === null || !equalBytes(content, publicKey))
      return err({ kind: 'artefact-wrong', artefact: step.output, detail: 'not the public key on the token' });
    return ok({ artefact: step.output, sha256: sha256Hex(content), key: step.key });
  },
  async make({ world, token }, step) {
    const publicKey = await (await token(step.token)).publicKey(step.key);
    if (publicKey === null) return err({ kind: 'missing', what: `key ${step.key} on token ${step.token}` });
    await world.files.create(step.output, publicKey);
    return ok(undefined);
  },
};
