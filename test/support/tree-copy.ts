import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { packageRoot } from '../../src/package/package-root.js';

/** Copies the checkout and its build into a new folder: see scripts/lib/tree-copy.mjs. */
export async function copyOfTree(folder: string): Promise<void> {
  const script = pathToFileURL(join(packageRoot(), 'scripts/lib/tree-copy.mjs')).href;
  const { copyTree } = (await import(script)) as { readonly copyTree: (folder: string) => void };
  copyTree(folder);
}
