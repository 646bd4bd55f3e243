/**
 * The PIN of a token's security officer (PKCS#11 v2.40, 2.4), which can set the user's PIN anew. Where it is not destroyed it has a
 * quorum of its own, with shares as the user's PIN has them: as if it were the PIN of another token, whose name ends in `-so`.
 */
import type { CeremonyStep, PlanFile, Sharing, TokenUse } from '../plan/model.js';
import type { CeremonyFiles } from '../world.js';
import { sharingInForce } from './in-force.js';
import { plainName } from './plain-name.js';
import { readSet } from './share-set.js';

export function soPinUse(use: TokenUse): TokenUse {
  const path = 'path' in use.pin ? use.pin.path.replace(/-shares$/, '-so-shares') : use.folder;
  return { ...use, name: soPinName(use.name), pin: { kind: 'quorum', path } };
}

export function soPinName(token: string): string {
  return `${token}-so`;
}

/** Of the shares that are made with the token. */
export const SO_GENERATION = 1;

/**
 * How the plan says that a generation of its shares is shared; null: it says nothing of that one. undefined: this is no such PIN of a
 * token of the plan.
 */
export function soSharingOf(
  { tokens, steps }: Pick<PlanFile, 'tokens' | 'steps'>,
  name: string,
  generation: number,
): Sharing | null | undefined {
  const token = tokens.find((one) => soPinName(one.name) === name)?.name;
  if (token === undefined) return undefined;
  const said = steps.flatMap((step) => ('token' in step && step.token === token ? sharingsOf(step) : []));
  return said.find((one) => one.generation === generation)?.sharing ?? anyGeneration(said);
}

type Said = { readonly generation: number | null; readonly sharing: Sharing };

function sharingsOf(step: CeremonyStep): readonly Said[] {
  if (step.do === 'initialise-token')
    return step.soPin === undefined || step.soPin === 'destroyed'
      ? []
      : [{ generation: SO_GENERATION, sharing: step.soPin }];
  if (step.do === 'reshare-so-pin')
    return [
      { generation: step.generation, sharing: step.quorum },
      { generation: step.generation - 1, sharing: step.soQuorum },
    ];
  // Those who share it when the step is done, which plans do not count.
  if (step.do === 'reshare-quorum' && step.soQuorum !== undefined)
    return [{ generation: null, sharing: step.soQuorum }];
  return [];
}

function anyGeneration(said: readonly Said[]): Sharing | null {
  return said.find(({ generation }) => generation === null)?.sharing ?? null;
}

/** Who of these holds a share of `use` already, as its set in force says; null: nobody. */
export async function holderAmong(
  files: Pick<CeremonyFiles, 'read'>,
  use: TokenUse,
  { holders }: Sharing,
): Promise<string | null> {
  const inForce = await sharingInForce(files, use);
  const set = inForce === null ? null : readSet(inForce.set);
  const names = (set?.members ?? []).map(({ holder }) => plainName(holder));
  return holders.find(({ name }) => names.includes(plainName(name)))?.name ?? null;
}
