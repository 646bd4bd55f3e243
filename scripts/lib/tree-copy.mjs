import { cpSync, lstatSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './root.mjs';

/**
 * Folders of the checkout that a build and its tests read. `dist` goes along, so that only changes
 * are compiled.
 */
const FOLDERS = ['src', 'hsm', 'test', 'scripts', 'ops', 'policies', 'dist', '.ci'];

/**
 * Copies the checkout with its build into `folder`, for what must not change the checkout itself:
 * a scaffolded file, a removed guard, another Node. `node_modules` is a link, because nothing
 * writes there and a copy would take seconds.
 * @param {string} folder which does not exist yet
 * @param {{ modules?: boolean }} options `modules: false`: without `node_modules` and without the
 * compiled loader
 */
export function copyTree(folder, { modules = true } = {}) {
  mkdirSync(folder, { recursive: true });
  const isCopied = (/** @type {string} */ path) => {
    const entry = lstatSync(path);
    if (!modules && path === join(ROOT, 'hsm/loader/build')) return false;
    return entry.isFile() || entry.isDirectory();
  };
  const files = readdirSync(ROOT, { withFileTypes: true }).filter((entry) => entry.isFile());
  for (const name of [...FOLDERS, ...files.map(({ name }) => name)])
    cpSync(join(ROOT, name), join(folder, name), { recursive: true, preserveTimestamps: true, filter: isCopied });
  if (modules) symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
}
