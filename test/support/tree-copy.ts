import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { packageRoot } from '../../src/package/package-root.js';

type Change = { readonly file: string; readonly find: string; readonly replace: string };

/** Copies the checkout and its build into a new folder: see scripts/lib/tree-copy.mjs. */
export async function copyOfTree(folder: string): Promise<void> {
  const { copyTree } = (await script('lib/tree-copy.mjs')) as { readonly copyTree: (folder: string) => void };
  copyTree(folder);
}

/** Such a copy as another version of the program: see scripts/testing/changed-tree.mjs. */
export async function changedTree(folder: string, change: Change): Promise<void> {
  await copyOfTree(folder);
  const { changeTree } = (await script('testing/changed-tree.mjs')) as {
    readonly changeTree: (tree: string, change: Change) => void;
  };
  changeTree(folder, change);
}

function script(path: string): Promise<unknown> {
  return import(pathToFileURL(join(packageRoot(), 'scripts', path)).href);
}
