import { ok } from '../../kernel/result.js';
import type { StepOf } from '../plan.js';
import { type StepHandler, tokenUse } from '../step.js';

/** Kept tokens are known by their serial number: another one of the same label is another one. */
export const initialiseToken: StepHandler<StepOf<'initialise-token'>> = {
  async find({ world, plan, token }, step) {
    if (!(await world.tokens.exists(tokenUse(plan, step.token)))) return ok(null);
    const { label, serialNumber, model, manufacturer } = await (await token(step.token)).info();
    return ok({ token: step.token, label, serialNumber, model, manufacturer });
  },
  async make({ world, plan }, step) {
    await world.tokens.create(tokenUse(plan, step.token));
    return ok(undefined);
  },
};
