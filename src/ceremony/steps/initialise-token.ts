import type { Bilingual } from '../../kernel/bilingual.js';
import type { Bytes } from '../../kernel/bytes.js';
import { ok, type Result } from '../../kernel/result.js';
import type { StepFailure } from '../failures.js';
import {
  type CeremonyPlan,
  type CheckContext,
  type Fault,
  type Sharing,
  type StepOf,
  type TokenUse,
  tokensNamed,
  tokenUse,
} from '../plan/model.js';
import { absenceFaults } from '../plan/quorum.js';
import { part } from '../plan/schema-parts.js';
import { shareSetFacts } from '../quorum/in-force.js';
import { setPath } from '../quorum/share-set.js';
import { SO_GENERATION, soPinUse } from '../quorum/so-pin.js';
import { type Afterwards, type EndedCeremony, sharesTakenAway } from '../sitting/afterwards.js';
import type { Facts } from '../transcript/transcript.js';
import type { PlanOutline, StepContext, StepKind } from './kind.js';
import { checksOf } from './shared/checks.js';
import { holderCertificates, sharesRow } from './shared/line-facts.js';
import { sharingFaults } from './shared/sharing-checks.js';

declare module '../plan/model.js' {
  interface StepForms {
    'initialise-token': {
      readonly token: string;
      /**
       * What happens to the PIN of the security officer, who could reset the user's PIN; left out:
       * it is destroyed.
       */
      readonly soPin?: 'destroyed' | Sharing;
    };
  }
}

type InitialiseToken = StepOf<'initialise-token'>;

/**
 * Makes a token with a new PIN. The transcript records its serial number, so that another token
 * with the same label is not taken for it later.
 */
export const initialiseToken: StepKind<InitialiseToken> = {
  do: 'initialise-token',
  schema: {
    description:
      'Makes the token, with a PIN that the ceremony draws. `soPin`: what happens to the PIN of ' +
      'the security officer, who could reset the PIN. `destroyed`, or left out: it is drawn, used ' +
      'once and not kept, so that nobody can reset the PIN. For a root token it can be shared, ' +
      'among other holders than the PIN.',
    required: {
      token: part('id'),
    },
    optional: {
      soPin: { oneOf: [{ const: 'destroyed' }, part('sharing')] },
    },
  },
  check: initialiseFaults,
  describe: ({ token }) => ({ fr: `initialisation du jeton ${token}`, en: `initialising token ${token}` }),
  artefact: ({ token }) => ({ fr: `jeton ${token}`, en: `token ${token}` }),
  outputs({ token }, plan) {
    return { listed: [], newFiles: tokensNamed(plan, token).flatMap(pinFilesOf), newTokens: [token] };
  },
  needs: ({ token, soPin }, { plan }) => [
    ...(plan.quorum.kind === 'shares' && tokensNamed(plan, token).some(({ pin }) => pin.kind === 'quorum')
      ? holderCertificates(plan.quorum)
      : []),
    ...(soPin === undefined || soPin === 'destroyed' ? [] : holderCertificates(soPin)),
  ],
  afterwards: initialisedAfterwards,
  newKey: () => null,
  readsOnly: false,
  signs: 'nothing',
  opensToken: true,
  replacesToken: false,
  introducesKey: false,
  async find({ world, plan, token }, step) {
    const use = tokenUse(plan, step.token);
    if (!(await world.tokens.exists(use))) return ok(null);
    const info = await (await token(step.token)).info();
    const soPin = await soPinFacts({ world }, { use, sharing: sharingOfSoPin(step) });
    if (!soPin.ok) return soPin;
    const facts = { token: step.token, ...info, ...soPin.value };
    if (use.pin.kind !== 'quorum' || plan.quorum.kind !== 'shares') return ok(facts);
    const shared = await shareSetFacts(world, { use, generation: 1, sharing: plan.quorum });
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
  verify: {
    isReadable: () => true,
    members: ({ token }) => ({ token }),
    files: shareSetFilesOf,
    inputs: () => [],
    entryFault: () => null,
    fileFault: () => null,
  },
  minutes: (entry) => [...sharesRow(entry, 'quorum', 'user'), ...sharesRow(entry, 'soQuorum', 'security-officer')],
};

const MESSAGES = {
  initialisedTwice: { fr: 'initialisé deux fois', en: 'initialised twice' },
  hsmMakesIt: {
    fr: "un jeton qui a son propre quorum s'initialise avec les outils de son HSM",
    en: 'a token with a quorum of its own is initialised with the tools of its HSM',
  },
  notShared: {
    fr: 'le code PIN de ce jeton est lui-même dans un fichier : `destroyed`',
    en: 'the PIN of this token is itself in a file: `destroyed`',
  },
} as const satisfies Readonly<Record<string, Bilingual>>;

function initialiseFaults(step: InitialiseToken, context: CheckContext): readonly Fault[] {
  const { plan, before } = context;
  const again = before.some((other) => other.do === 'initialise-token' && other.token === step.token);
  const pinKind = plan.tokens.find(({ name }) => name === step.token)?.pin.kind;
  return [
    ...checksOf(context).token('/token', step.token, ['root', 'ca', 'ocsp', 'platform', 'access']),
    ...(again ? [{ pointer: '/token', message: MESSAGES.initialisedTwice }] : []),
    ...(pinKind === 'hsm' ? [{ pointer: '/token', message: MESSAGES.hsmMakesIt }] : soPinFaults(step, context)),
  ];
}

/**
 * Checks that the holders of the security officer's PIN are other people than those of the token's
 * PIN, and that those who type a passphrase are among the people of the plan.
 */
function soPinFaults(step: InitialiseToken, { plan }: CheckContext): readonly Fault[] {
  const sharing = sharingOfSoPin(step);
  if (sharing === null) return [];
  const pinKind = plan.tokens.find(({ name }) => name === step.token)?.pin.kind;
  if (pinKind !== 'quorum' || plan.quorum.kind !== 'shares')
    return [{ pointer: '/soPin', message: MESSAGES.notShared }];
  return [...sharingFaults(sharing, plan.quorum, '/soPin'), ...absenceFaults(plan, sharing, '/soPin')];
}

/**
 * Returns the files of the token's PINs, which must not exist: an existing file would be used
 * instead of a new random PIN.
 */
function pinFilesOf(use: TokenUse): readonly string[] {
  if (use.pin.kind === 'hsm') return [];
  return use.pin.kind === 'file' ? [use.pin.path] : [setPath(use, 1), setPath(soPinUse(use), SO_GENERATION)];
}

/**
 * Returns the paths of the share sets of the token's PIN and of the security officer's PIN, if they
 * are shared.
 */
function shareSetFilesOf(step: InitialiseToken, plan: PlanOutline): readonly string[] {
  return tokensNamed(plan, step.token)
    .filter(({ pin }) => pin.kind === 'quorum')
    .flatMap((use) => [
      setPath(use, 1),
      ...(sharingOfSoPin(step) === null ? [] : [setPath(soPinUse(use), SO_GENERATION)]),
    ]);
}

function sharingOfSoPin({ soPin }: InitialiseToken): Sharing | null {
  return soPin === undefined || soPin === 'destroyed' ? null : soPin;
}

/**
 * Returns the facts about the PIN of the security officer. `destroyed`: it was generated at random,
 * used once and not stored.
 */
async function soPinFacts(
  { world }: Pick<StepContext, 'world'>,
  { use, sharing }: { readonly use: TokenUse; readonly sharing: Sharing | null },
): Promise<Result<Facts, StepFailure>> {
  if (sharing === null) return ok({ soPin: 'destroyed' });
  const shared = await shareSetFacts(world, { use: soPinUse(use), generation: SO_GENERATION, sharing });
  if (!shared.ok) return shared;
  const { artefact, sha256, quorum } = shared.value;
  return ok({ soPin: 'shared', soQuorum: quorum ?? null, files: { [`${artefact}`]: sha256 ?? null } });
}

/** Returns how the PIN of the token is shared; null: it is not shared. */
function sharingOf({ token }: InitialiseToken, plan: CeremonyPlan): Sharing | null {
  return plan.quorum.kind === 'shares' && tokenUse(plan, token).pin.kind === 'quorum' ? plan.quorum : null;
}

function initialisedAfterwards(step: InitialiseToken, ended: EndedCeremony): Afterwards {
  const use = tokenUse(ended.plan, step.token);
  const [sharing, so] = [sharingOf(step, ended.plan), sharingOfSoPin(step)];
  const shared = [
    ...(sharing === null ? [] : sharesTakenAway(ended, { use, generation: 1, sharing })),
    ...(so === null ? [] : sharesTakenAway(ended, { use: soPinUse(use), generation: SO_GENERATION, sharing: so })),
  ];
  return { carry: use.pin.kind === 'file' ? [use.folder, use.pin.path] : [], acts: shared };
}
