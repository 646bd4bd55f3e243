/** How a person types this command in another folder. */
import { relative } from 'node:path';
import { packageRoot } from '../../package/package-root.js';

/** Outside of the checkout a bare `npx pfcng` would ask the registry for a package of that name, and run what it gets. */
export function ownCommandIn(folder: string, root = packageRoot()): string {
  const isInside = !relative(root, folder).startsWith('..');
  return isInside ? 'npx pfcng' : `npx --prefix ${root} pfcng`;
}
