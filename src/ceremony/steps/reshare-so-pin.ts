/**
 * The security officer of a token gets a new PIN, and it new holders: somebody who shared it leaves. The token's own PIN and its keys stay.
 * The new shares are on disk before the token has that PIN; cut off in between, both PINs may be the token's, and both quorums come again.
 */
import type { Bytes } from '../../kernel/bytes.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { same } from '../bilingual.js';
import type { StepFailure } from '../failures.js';
import { type StepOf, tokenUse } from '../plan/model.js';
import { generationsOf, markFacts, markOf } from '../quorum/in-force.js';
import { setFacts } from '../quorum/set-facts.js';
import { changingPath, inForcePath, setPath } from '../quorum/share-set.js';
import { holderAmong, soPinUse } from '../quorum/so-pin.js';
import type { StepContext, StepHandler } from './kind.js';

type Reshare = StepOf<'reshare-so-pin'>;

export const reshareSoPin: StepHandler<Reshare> = {
  async find({ world, plan }, { token, generation, quorum }) {
    const use = soPinUse(tokenUse(plan, token));
    if ((await world.files.read(inForcePath(use, generation))) === null) return ok(null);
    const facts = await setFacts(world, { use, generation, sharing: quorum });
    if (!facts.ok) return facts;
    const paths = [changingPath(use, generation), inForcePath(use, generation)];
    const marks = await markFacts(
      world.files,
      paths.map((path) => ({ path, generation })),
    );
    return marks.ok ? ok({ token, of: 'so-pin', ...facts.value, files: marks.value }) : marks;
  },
  async make(context, step) {
    const { world, plan, quorum } = context;
    const { generation } = step;
    const use = tokenUse(plan, step.token);
    const so = soPinUse(use);
    const { inForce } = await generationsOf(world.files, so);
    const before = setPath(so, generation - 1);
    if ((await world.files.read(before)) === null) return err({ kind: 'missing', what: same(before) });
    if (inForce !== generation - 1) return err({ kind: 'quorum-unfit', token: so.name, detail: notNext(inForce) });
    const both = await holderAmong(world.files, use, step.quorum);
    if (both !== null) return err({ kind: 'quorum-unfit', token: so.name, detail: holdsBoth(both) });
    const secrets: Bytes[] = [];
    try {
      const present = await quorum.newPin({ use: so, generation: generation - 1, sharing: step.soQuorum });
      if (!present.ok) return present;
      secrets.push(present.value);
      const next = await quorum.newPin({ use: so, generation, sharing: step.quorum });
      if (!next.ok) return next;
      secrets.push(next.value);
      return await change(context, step, { present: present.value, next: next.value });
    } finally {
      for (const secret of secrets) secret.fill(0);
    }
  },
};

async function change(
  { world, plan }: StepContext,
  { token, generation }: Reshare,
  { present, next }: { readonly present: Bytes; readonly next: Bytes },
): Promise<Result<void, StepFailure>> {
  const use = tokenUse(plan, token);
  const changing = changingPath(soPinUse(use), generation);
  // Without the mark the token was never asked: it has the PIN that it had.
  const wasChanging = (await world.files.read(changing)) !== null;
  if (!wasChanging) await world.files.create(changing, markOf(generation));
  await world.tokens.changeSoPin(use, wasChanging ? [present, next] : [present], next);
  await world.files.create(inForcePath(soPinUse(use), generation), markOf(generation));
  return ok(undefined);
}

function notNext(inForce: number) {
  return {
    fr: `son partage en vigueur est le ${inForce} : generation doit être ${inForce + 1}`,
    en: `its sharing in force is ${inForce}: generation must be ${inForce + 1}`,
  };
}

function holdsBoth(name: string) {
  return {
    fr: `${name} détient une part du PIN du jeton : personne ne détient deux parts`,
    en: `${name} holds a share of the token's PIN: nobody holds two shares`,
  };
}
