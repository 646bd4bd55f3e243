/**
 * The PIN of a token's security officer (PKCS#11 v2.40, 2.4), which can set the user's PIN anew. Where it is not destroyed it has a
 * quorum of its own, with shares as the user's PIN has them: as if it were the PIN of another token, whose name ends in `-so`.
 */
import type { PlanFile, Sharing, TokenUse } from '../plan.js';
import type { CeremonyFiles } from '../world.js';
import { plainName } from './plain-name.js';
import { readSet, setPath } from './share-set.js';

export function soPinUse(use: TokenUse): TokenUse {
  const path = 'path' in use.pin ? use.pin.path.replace(/-shares$/, '-so-shares') : use.folder;
  return { ...use, name: soPinName(use.name), pin: { kind: 'quorum', path } };
}

export function soPinName(token: string): string {
  return `${token}-so`;
}

/** Its shares are never made anew: they are of one generation. */
export const SO_GENERATION = 1;

/** As a step of the plan says; null: this is no such PIN of a token of the plan. */
export function soSharingOf({ steps }: Pick<PlanFile, 'steps'>, name: string): Sharing | null {
  for (const step of steps) {
    if (!('token' in step) || soPinName(step.token) !== name) continue;
    if (step.do === 'initialise-token' && step.soPin !== undefined && step.soPin !== 'destroyed') return step.soPin;
    if (step.do === 'reshare-quorum' && step.soQuorum !== undefined) return step.soQuorum;
  }
  return null;
}

/** Who of these holds a share of that PIN already, as its set says; null: nobody. */
export async function holderOfBoth(
  files: Pick<CeremonyFiles, 'read'>,
  use: TokenUse,
  { holders }: Sharing,
): Promise<string | null> {
  const bytes = await files.read(setPath(soPinUse(use), SO_GENERATION));
  const set = bytes === null ? null : readSet(bytes);
  const names = (set?.members ?? []).map(({ holder }) => plainName(holder));
  return holders.find(({ name }) => names.includes(plainName(name)))?.name ?? null;
}
