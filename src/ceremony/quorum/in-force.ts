/** Which sharing of a token's PIN opens it. */
import type { TokenUse } from '../plan.js';
import type { CeremonyFiles } from '../world.js';
import { changingPath, inForcePath, setPath } from './share-set.js';

/** `pending`: a generation whose PIN may be the token's, or not yet. */
export type Generations = { readonly inForce: number; readonly pending: number | null };

export async function generationsOf(files: Pick<CeremonyFiles, 'read'>, use: TokenUse): Promise<Generations> {
  const isThere = async (path: string): Promise<boolean> => (await files.read(path)) !== null;
  let inForce = 1;
  while (await isThere(inForcePath(use, inForce + 1))) inForce += 1;
  const next = inForce + 1;
  return { inForce, pending: (await isThere(changingPath(use, next))) ? next : null };
}

export function markOf(generation: number): Uint8Array {
  return new TextEncoder().encode(`{"generation":${generation}}\n`);
}

/** Its `set.json`, and which it is; null: there is none, or the PIN is not shared. */
export async function sharingInForce(
  files: Pick<CeremonyFiles, 'read'>,
  use: TokenUse,
): Promise<{ readonly generation: number; readonly set: Uint8Array } | null> {
  if (use.pin.kind !== 'quorum') return null;
  const { inForce } = await generationsOf(files, use);
  const set = await files.read(setPath(use, inForce));
  return set === null ? null : { generation: inForce, set };
}
