/**
 * Gives the token a new PIN with new shares. The new shares are encrypted and on disk before the
 * token gets the PIN, so that after an interruption either the old or the new shares open it. A
 * marker before the change and one after it show a resumed ceremony whether it must try both PINs.
 * If too few of the old shares are left, the quorum of the security officer's PIN sets the new PIN
 * instead.
 */
import type { Bilingual } from '../../kernel/bilingual.js';
import type { Bytes } from '../../kernel/bytes.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { missingFile, type StepFailure } from '../failures.js';
import { type StepOf, type TokenUse, tokensNamed, tokenUse } from '../plan/model.js';
import { part } from '../plan/schema-parts.js';
import { followsInForce, markerContent, resharingFacts, sharingGenerations } from '../quorum/in-force.js';
import { changingPath, inForcePath, setPath, sharingFiles } from '../quorum/share-set.js';
import { findShareHolder, soPinUse } from '../quorum/so-pin.js';
import { sharesReplaced, sharesTakenAway } from '../sitting/afterwards.js';
import type { StepContext, StepKind } from './kind.js';
import { checksOf } from './shared/checks.js';
import { holderCertificates, sharesRow } from './shared/line-facts.js';
import { resharingFaults, sharingFaults, usedBeforeFaults } from './shared/sharing-checks.js';

declare module '../plan/model.js' {
  interface StepForms {
    'reshare-quorum': {
      readonly token: string;
      /**
       * The generation number of the new shares. The shares that were made with the token have the
       * number 1.
       */
      readonly generation: number;
      readonly quorum: Sharing;
      /**
       * The holders of the security officer's PIN, who set the new PIN if too few of the old shares
       * are left; left out: the old shares open the token.
       */
      readonly soQuorum?: Sharing;
    };
  }
}

type ReshareQuorum = StepOf<'reshare-quorum'>;

export const reshareQuorum: StepKind<ReshareQuorum> = {
  do: 'reshare-quorum',
  schema: {
    description:
      'Gives the token a new PIN with new shares. The quorum of the plan opens it; the old shares ' +
      'no longer open anything. `soQuorum`: if too few of the old shares are left, the holders of ' +
      "the security officer's PIN set the new PIN instead.",
    required: {
      token: part('id'),
      generation: { type: 'integer', minimum: 2, maximum: 1000 },
      quorum: part('sharing'),
    },
    optional: {
      soQuorum: part('sharing'),
    },
  },
  check: (step, context) => [
    ...checksOf(context).token('/token', step.token, ['root', 'access']),
    ...resharingFaults(step, context),
    ...(step.soQuorum === undefined
      ? []
      : [...sharingFaults(step.soQuorum, step.quorum, '/soQuorum'), ...usedBeforeFaults(step, context)]),
  ],
  describe,
  artefact: describe,
  outputs: ({ token, generation }, plan) => ({
    listed: [],
    newFiles: tokensNamed(plan, token).flatMap((use) => sharingFiles(use, generation)),
    newTokens: [],
  }),
  needs: ({ quorum }) => holderCertificates(quorum),
  afterwards: ({ token, generation, quorum }, ended) => {
    const use = tokenUse(ended.plan, token);
    const taken = sharesTakenAway(ended, { use, generation, sharing: quorum });
    return { carry: [], acts: [...taken, ...sharesReplaced(use, generation)] };
  },
  newKey: () => null,
  readsOnly: false,
  signs: 'nothing',
  opensToken: true,
  replacesToken: false,
  introducesKey: false,
  async find({ world, plan }, step) {
    const use = tokenUse(plan, step.token);
    const facts = await resharingFacts(world, { use, generation: step.generation, sharing: step.quorum });
    if (!facts.ok || facts.value === null) return facts;
    const by = step.soQuorum === undefined ? {} : { by: 'so-pin' };
    return ok({ token: step.token, ...by, ...facts.value });
  },
  async make(context, step) {
    const { world, plan, token } = context;
    const { generation } = step;
    const use = tokenUse(plan, step.token);
    const follows = await followsInForce(world.files, use, generation);
    if (!follows.ok) return follows;
    const holderOfBoth = await findShareHolder(world.files, soPinUse(use), step.quorum);
    if (holderOfBoth !== null) return err({ kind: 'quorum-unfit', token: use.name, detail: holdsBoth(holderOfBoth) });
    if (step.soQuorum !== undefined) return resetBySoPin(context, step, use);
    const opened = await token(step.token);
    // The opening of the token has completed an interrupted change.
    if ((await world.files.read(inForcePath(use, generation))) !== null) return ok(undefined);
    return change(context, { step, use }, (pin) => opened.changePin(pin));
  },
  verify: {
    isReadable: () => true,
    members: ({ token }) => ({ token }),
    files: ({ token, generation }, plan) => tokensNamed(plan, token).map((use) => setPath(use, generation)),
    inputs: () => [],
    entryFault: () => null,
    fileFault: () => null,
  },
  minutes: (entry) => sharesRow(entry, 'quorum', 'user'),
};

function describe({ token, generation }: ReshareQuorum): Bilingual {
  return {
    fr: `nouveau code PIN du jeton ${token}, et ses parts (partage ${generation})`,
    en: `new PIN of token ${token}, and its shares (sharing ${generation})`,
  };
}

function holdsBoth(name: string) {
  return {
    fr: `${name} détient une part du code PIN du responsable de sécurité : une même personne ne peut pas détenir deux parts`,
    en: `${name} holds a share of the security officer's PIN: one person cannot hold two shares`,
  };
}

/**
 * Sets the new PIN with the PIN of the security officer. After an interruption it is set again,
 * because the security officer can set a PIN without knowing the present one.
 */
async function resetBySoPin(
  context: StepContext,
  step: ReshareQuorum,
  use: TokenUse,
): Promise<Result<void, StepFailure>> {
  const { world, quorum } = context;
  const so = soPinUse(use);
  const { inForce, pending } = await sharingGenerations(world.files, so);
  const set = setPath(so, inForce);
  if ((await world.files.read(set)) === null) return missingFile(set);
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
    en: `its sharing ${generation} was interrupted: finish that ceremony first`,
  };
}

/**
 * Writes the marker `changing`, gives the token the new PIN with `act`, and writes the marker
 * `in-force`.
 */
async function change(
  { world, quorum }: StepContext,
  { step, use }: { readonly step: ReshareQuorum; readonly use: TokenUse },
  act: (pin: Bytes) => Promise<void>,
): Promise<Result<void, StepFailure>> {
  const { generation } = step;
  const pin = await quorum.newPin({ use, generation, sharing: step.quorum });
  if (!pin.ok) return pin;
  try {
    const changing = changingPath(use, generation);
    if ((await world.files.read(changing)) === null) await world.files.create(changing, markerContent(generation));
    await act(pin.value);
    await world.files.create(inForcePath(use, generation), markerContent(generation));
    return ok(undefined);
  } finally {
    pin.value.fill(0);
  }
}
