/**
 * The token gets a new PIN, whose shares are sealed and on disk before it has it: cut off at any moment, either the old shares
 * open it or the new ones do. Two marks stand around the change, so that a resumption knows when it need not ask the token.
 * Where too few of the old shares are left, the quorum of the security officer's PIN opens it instead.
 */
import type { Bytes } from '../../kernel/bytes.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { same } from '../bilingual.js';
import type { StepFailure } from '../failures.js';
import { type StepOf, type TokenUse, tokenUse } from '../plan/model.js';
import { generationsOf, markFacts, markOf } from '../quorum/in-force.js';
import { setFacts } from '../quorum/set-facts.js';
import { changingPath, inForcePath, setPath } from '../quorum/share-set.js';
import { holderAmong, soPinUse } from '../quorum/so-pin.js';
import type { StepContext, StepHandler } from './kind.js';

type Reshare = StepOf<'reshare-quorum'>;

export const reshareQuorum: StepHandler<Reshare> = {
  async find({ world, plan }, step) {
    const use = tokenUse(plan, step.token);
    if ((await world.files.read(inForcePath(use, step.generation))) === null) return ok(null);
    const { generation } = step;
    const facts = await setFacts(world, { use, generation, sharing: step.quorum });
    if (!facts.ok) return facts;
    const paths = [changingPath(use, generation), inForcePath(use, generation)];
    const marks = await markFacts(
      world.files,
      paths.map((path) => ({ path, generation })),
    );
    const by = step.soQuorum === undefined ? {} : { by: 'so-pin' };
    return marks.ok ? ok({ token: step.token, ...by, ...facts.value, files: marks.value }) : marks;
  },
  async make(context, step) {
    const { world, plan, token } = context;
    const { generation } = step;
    const use = tokenUse(plan, step.token);
    const before = setPath(use, generation - 1);
    if ((await world.files.read(before)) === null) return err({ kind: 'missing', what: same(before) });
    const both = await holderAmong(world.files, soPinUse(use), step.quorum);
    if (both !== null) return err({ kind: 'quorum-unfit', token: use.name, detail: holdsBoth(both) });
    if (step.soQuorum !== undefined) return resetBySoPin(context, step, use);
    const opened = await token(step.token);
    // Opening has settled a change that was cut off.
    if ((await world.files.read(inForcePath(use, generation))) !== null) return ok(undefined);
    return change(context, { step, use }, (pin) => opened.changePin(pin));
  },
};

function holdsBoth(name: string) {
  return {
    fr: `${name} détient une part du PIN du responsable de sécurité : personne ne détient deux parts`,
    en: `${name} holds a share of the security officer's PIN: nobody holds two shares`,
  };
}

/** Cut off at any moment it is done again: whoever sets a PIN this way need not know which one the token has. */
async function resetBySoPin(context: StepContext, step: Reshare, use: TokenUse): Promise<Result<void, StepFailure>> {
  const { world, quorum } = context;
  const so = soPinUse(use);
  const { inForce, pending } = await generationsOf(world.files, so);
  const set = setPath(so, inForce);
  if ((await world.files.read(set)) === null) return err({ kind: 'missing', what: same(set) });
  if (pending !== null) return err({ kind: 'quorum-unfit', token: so.name, detail: unfinished(pending) });
  const shared = { use: so, generation: inForce, sharing: step.soQuorum ?? step.quorum };
  const soPin = await quorum.newPin(shared);
  if (!soPin.ok) return soPin;
  try {
    return await change(context, { step, use }, (pin) => world.tokens.resetPin(use, soPin.value, pin));
  } finally {
    soPin.value.fill(0);
  }
}

function unfinished(generation: number) {
  return {
    fr: `son partage ${generation} a été interrompu : terminez d'abord cette cérémonie`,
    en: `its sharing ${generation} was cut off: go on with that ceremony first`,
  };
}

async function change(
  { world, quorum }: StepContext,
  { step, use }: { readonly step: Reshare; readonly use: TokenUse },
  act: (pin: Bytes) => Promise<void>,
): Promise<Result<void, StepFailure>> {
  const { generation } = step;
  const pin = await quorum.newPin({ use, generation, sharing: step.quorum });
  if (!pin.ok) return pin;
  try {
    const changing = changingPath(use, generation);
    if ((await world.files.read(changing)) === null) await world.files.create(changing, markOf(generation));
    await act(pin.value);
    await world.files.create(inForcePath(use, generation), markOf(generation));
    return ok(undefined);
  } finally {
    pin.value.fill(0);
  }
}
