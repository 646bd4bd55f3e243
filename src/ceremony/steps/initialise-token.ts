import { ok } from '../../kernel/result.js';
import type { StepOf } from '../plan.js';
import { setFacts } from '../quorum/set-facts.js';
import { type StepHandler, tokenUse } from '../step.js';

/** Nobody keeps the SO PIN, which could set the PIN anew: it is drawn, used once, and gone. */
const SO_PIN = 'destroyed';

/** Kept tokens are known by their serial number: another one of the same label is another one. */
export const initialiseToken: StepHandler<StepOf<'initialise-token'>> = {
  async find({ world, plan, token }, step) {
    const use = tokenUse(plan, step.token);
    if (!(await world.tokens.exists(use))) return ok(null);
    const { label, serialNumber, model, manufacturer } = await (await token(step.token)).info();
    const facts = { token: step.token, label, serialNumber, model, manufacturer, soPin: SO_PIN };
    if (use.pin.kind !== 'quorum' || plan.quorum.kind !== 'shares') return ok(facts);
    const shared = await setFacts(world, { use, generation: 1, sharing: plan.quorum });
    return shared.ok ? ok({ ...facts, ...shared.value }) : shared;
  },
  async make({ world, plan, quorum }, step) {
    const use = tokenUse(plan, step.token);
    if (use.pin.kind !== 'quorum' || plan.quorum.kind !== 'shares') {
      await world.tokens.create(use, null);
      return ok(undefined);
    }
    const pin = await quorum.newPin({ use, generation: 1, sharing: plan.quorum });
    if (!pin.ok) return pin;
    try {
      await world.tokens.create(use, pin.value);
      return ok(undefined);
    } finally {
      pin.value.fill(0);
    }
  },
};
