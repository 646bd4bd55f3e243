/**
 * Opens tokens, however their PIN is stored. For a shared PIN it determines which generation of
 * shares is in force, and it overwrites each secret in memory after use.
 */
import { inBothLanguages } from '../../kernel/bilingual.js';
import type { Bytes } from '../../kernel/bytes.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { missingFile, type StepFailure } from '../failures.js';
import type { TokenUse } from '../plan/model.js';
import { askLine, noAnswerFailure, readDone } from '../sitting/ask.js';
import { QUOTED_WORDS } from '../sitting/terminal.js';
import { type CeremonyToken, CeremonyTokenError, StepStopped } from '../world.js';
import { markerContent, markerFacts, sharingGenerations } from './in-force.js';
import { makeShares, type PinSharing, type QuorumContext } from './make-shares.js';
import { openShares } from './open-shares.js';
import { derivePin } from './share-encryption.js';
import { inForcePath, isSharedAs, readSet, type ShareSet, setFolder, setPath } from './share-set.js';
import { plannedSharing } from './so-pin.js';

export type TokenOpener = {
  /**
   * Rejects with `StepStopped` when people do not open the token, for example because a share is
   * missing, and with `CeremonyTokenError` when the token fails.
   */
  readonly open: (use: TokenUse) => Promise<CeremonyToken>;
  /**
   * Returns the PIN of a sharing. Its shares are made now or, if an interrupted attempt has made
   * them, opened by their holders. The caller overwrites the PIN after use.
   */
  readonly newPin: (sharing: PinSharing) => Promise<Result<Bytes, StepFailure>>;
  /** Overwrites every secret that is still in memory. */
  readonly wipe: () => void;
};

export function tokenOpener(context: QuorumContext): TokenOpener {
  const secrets = new Map<string, Bytes>();
  const keyOf = (use: TokenUse, generation: number): string => `${use.name}/${generation}`;
  const secretOf = async (use: TokenUse, generation: number): Promise<Result<Bytes, StepFailure>> => {
    const known = secrets.get(keyOf(use, generation));
    // The secret is copied, because the caller overwrites what it gets.
    return known === undefined ? openGeneration(context, use, generation) : ok(Uint8Array.from(known));
  };
  return {
    open(use) {
      if (use.pin.kind === 'file') return context.world.tokens.open(use, null);
      return use.pin.kind === 'hsm' ? openAtHsm(context, use) : openByShares(context, use, secretOf);
    },
    async newPin(sharing) {
      const { use, generation } = sharing;
      const known = secrets.get(keyOf(use, generation));
      if (known !== undefined) return ok(derivePin(known));
      const isThere = (await context.world.files.read(setPath(use, generation))) !== null;
      const secret = isThere ? await openGeneration(context, use, generation) : await makeShares(context, sharing);
      if (!secret.ok) return secret;
      secrets.set(keyOf(use, generation), secret.value);
      return ok(derivePin(secret.value));
    },
    wipe() {
      for (const secret of secrets.values()) secret.fill(0);
      secrets.clear();
    },
  };
}

async function openAtHsm({ world, note }: QuorumContext, use: TokenUse): Promise<CeremonyToken> {
  const what = { fr: `l'ouverture du jeton ${use.name} au HSM`, en: `the opening of token ${use.name} at the HSM` };
  const answer = await askLine(world.terminal, {
    question: {
      about: 'hsm',
      token: use.name,
      fr: `Ouvrez le jeton ${use.name} au HSM, avec son propre quorum, puis tapez ${QUOTED_WORDS.done.fr}`,
      en: `Open token ${use.name} at the HSM, with its own quorum, then type ${QUOTED_WORDS.done.en}`,
    },
    expected: { fr: `${QUOTED_WORDS.done.fr} quand c'est fait`, en: `${QUOTED_WORDS.done.en} when it is done` },
    refusal: what,
    read: readDone,
  });
  if (!answer.ok) throw new StepStopped(noAnswerFailure(answer.error, what));
  const token = await world.tokens.open(use, null);
  await note('open-quorum', { token: use.name, by: 'hsm' });
  return token;
}

type SecretOf = (use: TokenUse, generation: number) => Promise<Result<Bytes, StepFailure>>;

/**
 * Opens a token with the PIN from its shares. If a re-sharing was interrupted between its two
 * markers, the token may have either PIN. The older PIN is tried first, which may cost one failed
 * login, and then the newer one.
 */
async function openByShares(context: QuorumContext, use: TokenUse, secretOf: SecretOf): Promise<CeremonyToken> {
  const { world } = context;
  const { inForce, pending } = await sharingGenerations(world.files, use);
  const first = await tryGeneration(world.tokens.open, { use, secret: await secretOf(use, inForce) });
  if (!(first instanceof CeremonyTokenError)) return first;
  if (pending === null || first.reason !== 'pin-refused') throw first;
  await context.note('try-again', { token: use.name, kind: 'pin-refused', detail: inBothLanguages(first.words) });
  const second = await tryGeneration(world.tokens.open, { use, secret: await secretOf(use, pending) });
  if (second instanceof CeremonyTokenError) throw second;
  const path = inForcePath(use, pending);
  await world.files.create(path, markerContent(pending));
  const marks = await markerFacts(world.files, [{ path, generation: pending }]);
  if (!marks.ok) throw new StepStopped(marks.error);
  await context.note('settle-quorum', { token: use.name, generation: pending, files: marks.value });
  return second;
}

async function tryGeneration(
  open: (use: TokenUse, pin: Bytes | null) => Promise<CeremonyToken>,
  { use, secret }: { readonly use: TokenUse; readonly secret: Result<Bytes, StepFailure> },
): Promise<CeremonyToken | CeremonyTokenError> {
  if (!secret.ok) throw new StepStopped(secret.error);
  const pin = derivePin(secret.value);
  try {
    return await open(use, pin);
  } catch (thrown) {
    if (thrown instanceof CeremonyTokenError) return thrown;
    throw thrown;
  } finally {
    pin.fill(0);
    secret.value.fill(0);
  }
}

async function openGeneration(
  context: QuorumContext,
  use: TokenUse,
  generation: number,
): Promise<Result<Bytes, StepFailure>> {
  const set = await setAt(context, use, generation);
  if (!set.ok) return set;
  const retired = new Map<string, number>();
  for (let earlier = 1; earlier < generation; earlier += 1) {
    // Earlier sets are not compared with the plan, which does not name their holders. They are read
    // to recognise a share that was replaced.
    const bytes = await context.world.files.read(setPath(use, earlier));
    const old = bytes === null ? null : readSet(bytes);
    if (old !== null) retired.set(old.set, earlier);
  }
  return openShares(context, { set: set.value, folder: setFolder(use, generation), retired });
}

const NOT_A_SET = { fr: "set.json n'est pas un jeu de parts", en: 'set.json is not a share set' };
const ANOTHER_TOKEN = { fr: "set.json est celui d'un autre jeton", en: 'set.json belongs to another token' };
const NOT_AS_PLANNED = {
  fr: 'le nombre ou les porteurs des parts diffèrent de ceux du plan',
  en: 'the number or the holders of the shares differ from the plan',
};

async function setAt(
  { world, plan }: QuorumContext,
  use: TokenUse,
  generation: number,
): Promise<Result<ShareSet, StepFailure>> {
  const bytes = await world.files.read(setPath(use, generation));
  if (bytes === null) return missingFile(setPath(use, generation));
  const set = readSet(bytes);
  const unfit = (detail: typeof NOT_A_SET) => err({ kind: 'quorum-unfit' as const, token: use.name, detail });
  if (set === null) return unfit(NOT_A_SET);
  if (set.token !== use.name || set.generation !== generation) return unfit(ANOTHER_TOKEN);
  const planned = plannedSharing(plan, use.name, generation);
  return planned === null || isSharedAs(set, planned) ? ok(set) : unfit(NOT_AS_PLANNED);
}
