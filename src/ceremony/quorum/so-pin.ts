/**
 * Describes the PIN of a token's security officer (PKCS#11 Usage Guide v2.40, 2.4), which can reset
 * the user PIN. Unless it is destroyed, it is shared among a quorum of its own, as if it were the
 * PIN of another token whose name ends in `-so`.
 */
import type { CeremonyStep, PlanFile, Sharing, TokenUse } from '../plan/model.js';
import { plainName } from '../plan/presence.js';
import type { CeremonyFiles } from '../world.js';
import { sharingInForce } from './in-force.js';
import { readSet } from './share-set.js';

/**
 * Returns the security officer's PIN in the form of a token of its own, for the functions about
 * shares.
 */
export function soPinUse(use: TokenUse): TokenUse {
  const path = 'path' in use.pin ? use.pin.path.replace(/-shares$/, '-so-shares') : use.folder;
  return { ...use, name: soPinName(use.name), pin: { kind: 'quorum', path } };
}

function soPinName(token: string): string {
  return `${token}-so`;
}

/**
 * The generation of the first shares of the security officer's PIN, which are made when the token
 * is initialised.
 */
export const SO_GENERATION = 1;

/**
 * Returns the sharing that the plan states for a generation of the SO PIN. `null`: the plan does
 * not state it. `undefined`: the name is not that of an SO PIN of a token of the plan.
 */
function soSharingOf(
  { tokens, steps }: Pick<PlanFile, 'tokens' | 'steps'>,
  name: string,
  generation: number,
): Sharing | null | undefined {
  const token = tokens.find((one) => soPinName(one.name) === name)?.name;
  if (token === undefined) return undefined;
  const stated = steps.flatMap((step) => ('token' in step && step.token === token ? sharingsOf(step) : []));
  return stated.find((one) => one.generation === generation)?.sharing ?? anyGeneration(stated);
}

/** `generation` is null if the plan does not state which generation is in force. */
type StatedSharing = { readonly generation: number | null; readonly sharing: Sharing };

function sharingsOf(step: CeremonyStep): readonly StatedSharing[] {
  if (step.do === 'initialise-token')
    return step.soPin === undefined || step.soPin === 'destroyed'
      ? []
      : [{ generation: SO_GENERATION, sharing: step.soPin }];
  if (step.do === 'reshare-so-pin')
    return [
      { generation: step.generation, sharing: step.quorum },
      { generation: step.generation - 1, sharing: step.soQuorum },
    ];
  // The step uses the sharing in force, whose generation the plan does not state.
  if (step.do === 'reshare-quorum' && step.soQuorum !== undefined)
    return [{ generation: null, sharing: step.soQuorum }];
  return [];
}

function anyGeneration(stated: readonly StatedSharing[]): Sharing | null {
  return stated.find(({ generation }) => generation === null)?.sharing ?? null;
}

/**
 * Returns the first of `holders` who has a share of `use` in the set in force. `null`: none of them
 * has.
 */
export async function findShareHolder(
  files: Pick<CeremonyFiles, 'read'>,
  use: TokenUse,
  { holders }: Sharing,
): Promise<string | null> {
  const inForce = await sharingInForce(files, use);
  const set = inForce === null ? null : readSet(inForce.set);
  const names = (set?.members ?? []).map(({ holder }) => plainName(holder));
  return holders.find(({ name }) => names.includes(plainName(name)))?.name ?? null;
}

/**
 * Determines who has the shares of a token according to the plan. A ceremony compares share sets
 * with this before it opens them, and `verify` compares the holders that opened a token.
 */

/**
 * Returns the sharing that the plan states for a generation: that of the step that makes it or, for
 * the generation in force at the beginning, the quorum of the plan. `null`: the plan does not state
 * it.
 */
export function plannedSharing(
  plan: Pick<PlanFile, 'quorum' | 'tokens' | 'steps'>,
  token: string,
  generation: number,
): Sharing | null {
  const so = soSharingOf(plan, token, generation);
  if (so !== undefined) return so;
  const resharings = plan.steps.flatMap((step) => (step.do === 'reshare-quorum' && step.token === token ? [step] : []));
  const made = resharings.find((step) => step.generation === generation);
  if (made !== undefined) return made.quorum;
  const first = Math.min(...resharings.map((step) => step.generation));
  // The quorum of the plan is that of the generation before its first re-sharing; it states no
  // older one.
  if (resharings.length > 0 && generation !== first - 1) return null;
  return plan.quorum.kind === 'shares' ? plan.quorum : null;
}
