/**
 * Gives the security officer of a token a new PIN with new holders, for example after one of the
 * holders has left. The token's own PIN and its keys do not change. The new shares are on disk
 * before the token gets the new PIN. A marker is written before the change and another after it.
 * After an interruption between the two, the token may have either PIN, so both quorums are asked
 * again.
 */
import type { Bilingual } from '../../kernel/bilingual.js';
import type { Bytes } from '../../kernel/bytes.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { StepFailure } from '../failures.js';
import { type CheckContext, type Fault, type StepOf, tokensNamed, tokenUse } from '../plan/model.js';
import { holderFaults, thresholdFaults } from '../plan/quorum.js';
import { part } from '../plan/schema-parts.js';
import { followsInForce, markerContent, resharingFacts } from '../quorum/in-force.js';
import { changingPath, inForcePath, setPath, sharingFiles } from '../quorum/share-set.js';
import { findShareHolder, soPinUse } from '../quorum/so-pin.js';
import { sharesReplaced, sharesTakenAway } from '../sitting/afterwards.js';
import type { StepContext, StepKind } from './kind.js';
import { checksOf } from './shared/checks.js';
import { holderCertificates, sharesRow } from './shared/line-facts.js';
import { resharingFaults, twoShareFaults, usedBeforeFaults } from './shared/sharing-checks.js';

declare module '../plan/model.js' {
  interface StepForms {
    'reshare-so-pin': {
      readonly token: string;
      /**
       * The generation number of the new shares. The shares that were made with the token have the
       * number 1.
       */
      readonly generation: number;
      /** The holders of the security officer's present PIN, which is needed to set the new one. */
      readonly soQuorum: Sharing;
      readonly quorum: Sharing;
    };
  }
}

type ReshareSoPin = StepOf<'reshare-so-pin'>;

export const reshareSoPin: StepKind<ReshareSoPin> = {
  do: 'reshare-so-pin',
  schema: {
    description:
      'Gives the security officer a new PIN with new shares. Its present holders (`soQuorum`) ' +
      'open it; their shares no longer open anything. The PIN of the token and its keys stay. It ' +
      'comes before any step that opens the token.',
    required: {
      token: part('id'),
      generation: { type: 'integer', minimum: 2, maximum: 1000 },
      soQuorum: part('sharing'),
      quorum: part('sharing'),
    },
    optional: {},
  },
  check: reshareFaults,
  describe,
  artefact: describe,
  outputs: ({ token, generation }, plan) => ({
    listed: [],
    newFiles: tokensNamed(plan, token).flatMap((use) => sharingFiles(soPinUse(use), generation)),
    newTokens: [],
  }),
  needs: ({ quorum }) => holderCertificates(quorum),
  afterwards: ({ token, generation, quorum }, ended) => {
    const use = soPinUse(tokenUse(ended.plan, token));
    const taken = sharesTakenAway(ended, { use, generation, sharing: quorum });
    return { carry: [], acts: [...taken, ...sharesReplaced(use, generation)] };
  },
  newKey: () => null,
  readsOnly: false,
  signs: 'nothing',
  opensToken: true,
  replacesToken: false,
  introducesKey: false,
  async find({ world, plan }, { token, generation, quorum }) {
    const use = soPinUse(tokenUse(plan, token));
    const facts = await resharingFacts(world, { use, generation, sharing: quorum });
    if (!facts.ok || facts.value === null) return facts;
    return ok({ token, of: 'so-pin', ...facts.value });
  },
  async make(context, step) {
    const { world, plan, quorum } = context;
    const { generation } = step;
    const use = tokenUse(plan, step.token);
    const so = soPinUse(use);
    const follows = await followsInForce(world.files, so, generation);
    if (!follows.ok) return follows;
    const holderOfBoth = await findShareHolder(world.files, use, step.quorum);
    if (holderOfBoth !== null) return err({ kind: 'quorum-unfit', token: so.name, detail: holdsBoth(holderOfBoth) });
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
  verify: {
    isReadable: () => true,
    members: ({ token }) => ({ token }),
    files: ({ token, generation }, plan) => tokensNamed(plan, token).map((use) => setPath(soPinUse(use), generation)),
    inputs: () => [],
    entryFault: () => null,
    fileFault: () => null,
  },
  minutes: (entry) => sharesRow(entry, 'quorum', 'security-officer'),
};

function describe({ token, generation }: ReshareSoPin): Bilingual {
  return {
    fr: `nouveau code PIN du responsable de sécurité du jeton ${token} et ses parts (partage ${generation})`,
    en: `new PIN of the security officer of token ${token} and its shares (sharing ${generation})`,
  };
}

/**
 * Checks the step: among other things, the new holders must have no share of the token's PIN, as
 * far as the plan names the holders of that PIN. `make` also compares them with its share set.
 */
function reshareFaults(step: ReshareSoPin, context: CheckContext): readonly Fault[] {
  const { quorum } = context.plan;
  return [
    ...checksOf(context).token('/token', step.token, ['root', 'access']),
    ...resharingFaults(step, context),
    ...(quorum.kind === 'shares' ? twoShareFaults(step.quorum, quorum, '/quorum') : []),
    ...thresholdFaults(step.soQuorum, '/soQuorum'),
    ...holderFaults(step.soQuorum, '/soQuorum'),
    ...usedBeforeFaults(step, context),
  ];
}

async function change(
  { world, plan }: StepContext,
  { token, generation }: ReshareSoPin,
  { present, next }: { readonly present: Bytes; readonly next: Bytes },
): Promise<Result<void, StepFailure>> {
  const use = tokenUse(plan, token);
  const changing = changingPath(soPinUse(use), generation);
  // If there is no marker, the token still has its old PIN: the marker is written before the
  // change.
  const wasChanging = (await world.files.read(changing)) !== null;
  if (!wasChanging) await world.files.create(changing, markerContent(generation));
  await world.tokens.changeSoPin(use, wasChanging ? [present, next] : [present], next);
  await world.files.create(inForcePath(soPinUse(use), generation), markerContent(generation));
  return ok(undefined);
}

function holdsBoth(name: string) {
  return {
    fr: `${name} détient une part du code PIN du jeton : une même personne ne peut pas détenir deux parts`,
    en: `${name} holds a share of the token's PIN: one person cannot hold two shares`,
  };
}
