import type { Bytes } from '../../kernel/bytes.js';
import { ok, type Result } from '../../kernel/result.js';
import type { StepFailure } from '../failures.js';
import { type Sharing, type StepOf, type TokenUse, tokenUse } from '../plan/model.js';
import { setFacts } from '../quorum/set-facts.js';
import { SO_GENERATION, soPinUse } from '../quorum/so-pin.js';
import type { Facts } from '../transcript/transcript.js';
import type { StepContext, StepHandler } from './kind.js';

type Initialise = StepOf<'initialise-token'>;

/** Kept tokens are known by their serial number: another one of the same label is another one. */
export const initialiseToken: StepHandler<Initialise> = {
  async find({ world, plan, token }, step) {
    const use = tokenUse(plan, step.token);
    if (!(await world.tokens.exists(use))) return ok(null);
    const told = await (await token(step.token)).info();
    const soPin = await soPinFacts({ world }, { use, sharing: sharingOfSoPin(step) });
    if (!soPin.ok) return soPin;
    const facts = { token: step.token, ...told, ...soPin.value };
    if (use.pin.kind !== 'quorum' || plan.quorum.kind !== 'shares') return ok(facts);
    const shared = await setFacts(world, { use, generation: 1, sharing: plan.quorum });
    return shared.ok ? ok({ ...facts, ...shared.value }) : shared;
  },
  async make({ world, plan, quorum }, step) {
    const use = tokenUse(plan, step.token);
    if (use.pin.kind !== 'quorum' || plan.quorum.kind !== 'shares') {
      await world.tokens.create(use, null, null);
      return ok(undefined);
    }
    const secrets: Bytes[] = [];
    try {
      const sharing = sharingOfSoPin(step);
      const so =
        sharing === null ? null : await quorum.newPin({ use: soPinUse(use), generation: SO_GENERATION, sharing });
      if (so !== null && !so.ok) return so;
      if (so !== null) secrets.push(so.value);
      const pin = await quorum.newPin({ use, generation: 1, sharing: plan.quorum });
      if (!pin.ok) return pin;
      secrets.push(pin.value);
      await world.tokens.create(use, pin.value, so === null ? null : so.value);
      return ok(undefined);
    } finally {
      for (const secret of secrets) secret.fill(0);
    }
  },
};

function sharingOfSoPin({ soPin }: Initialise): Sharing | null {
  return soPin === undefined || soPin === 'destroyed' ? null : soPin;
}

/** `destroyed`: drawn, used once, and kept by nobody. */
async function soPinFacts(
  { world }: Pick<StepContext, 'world'>,
  { use, sharing }: { readonly use: TokenUse; readonly sharing: Sharing | null },
): Promise<Result<Facts, StepFailure>> {
  if (sharing === null) return ok({ soPin: 'destroyed' });
  const shared = await setFacts(world, { use: soPinUse(use), generation: SO_GENERATION, sharing });
  if (!shared.ok) return shared;
  const { artefact, sha256, quorum } = shared.value;
  return ok({ soPin: 'shared', soQuorum: quorum ?? null, files: { [`${artefact}`]: sha256 ?? null } });
}
