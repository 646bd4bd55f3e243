/**
 * The token gets a new PIN, whose shares are sealed and on disk before it has it: cut off at any moment, either the old shares
 * open it or the new ones do. Two marks stand around the change, so that a resumption knows when it need not ask the token.
 */
import { err, ok } from '../../kernel/result.js';
import type { StepOf } from '../plan.js';
import { markOf } from '../quorum/in-force.js';
import { setFacts } from '../quorum/set-facts.js';
import { changingPath, inForcePath, setPath } from '../quorum/share-set.js';
import { type StepHandler, tokenUse } from '../step.js';
import { same } from '../words.js';

export const reshareQuorum: StepHandler<StepOf<'reshare-quorum'>> = {
  async find({ world, plan }, step) {
    const use = tokenUse(plan, step.token);
    if ((await world.files.read(inForcePath(use, step.generation))) === null) return ok(null);
    const facts = await setFacts(world, { use, generation: step.generation, sharing: step.quorum });
    return facts.ok ? ok({ token: step.token, ...facts.value }) : facts;
  },
  async make({ world, plan, token, quorum }, step) {
    const { generation, quorum: sharing } = step;
    const use = tokenUse(plan, step.token);
    const before = setPath(use, generation - 1);
    if ((await world.files.read(before)) === null) return err({ kind: 'missing', what: same(before) });
    const opened = await token(step.token);
    // Opening has settled a change that was cut off.
    if ((await world.files.read(inForcePath(use, generation))) !== null) return ok(undefined);
    const pin = await quorum.newPin({ use, generation, sharing });
    if (!pin.ok) return pin;
    try {
      const changing = changingPath(use, generation);
      if ((await world.files.read(changing)) === null) await world.files.create(changing, markOf(generation));
      await opened.changePin(pin.value);
      await world.files.create(inForcePath(use, generation), markOf(generation));
      return ok(undefined);
    } finally {
      pin.value.fill(0);
    }
  },
};
