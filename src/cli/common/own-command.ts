/** How a person calls this program in another folder. */
import { relative } from 'node:path';
import { packageRoot } from '../../package/package-root.js';

/**
 * Outside of the checkout a bare `npx pfcng` would fetch a package of that name from the registry
 * and run it.
 */
export function ownCommandIn(folder: string, root = packageRoot()): string {
  const isInside = !relative(root, folder).startsWith('..');
  return isInside ? 'npx pfcng' : `npx --prefix ${root} pfcng`;
}
