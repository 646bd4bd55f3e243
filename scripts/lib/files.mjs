import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT } from './root.mjs';

/**
 * Every file below a folder of the checkout, sorted, as paths from its root with `/`. An absent
 * folder has none.
 * @param {string} folder
 * @returns {string[]}
 */
export function filesUnder(folder) {
  const absolute = join(ROOT, folder);
  if (!existsSync(absolute)) return [];
  return readdirSync(absolute, { withFileTypes: true })
    .flatMap((entry) => {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) return filesUnder(path);
      return entry.isFile() ? [path] : [];
    })
    .sort();
}

/**
 * One digest over names and contents; contents and not times, because a checkout of another branch
 * may keep times.
 * @param {readonly string[]} paths from the root; absent ones count as absent
 * @param {readonly string[]} facts anything else that the result depends on
 */
export function digestOf(paths, facts = []) {
  const hash = createHash('sha256');
  for (const fact of facts) hash.update(`fact ${fact}\0`);
  for (const path of paths) {
    const content = existsSync(join(ROOT, path)) ? readFileSync(join(ROOT, path)) : Buffer.alloc(0);
    hash.update(`file ${path} ${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

/** @param {string} path from the root */
export function readStamp(path) {
  return existsSync(join(ROOT, path)) ? readFileSync(join(ROOT, path), 'utf8').trim() : null;
}

/** @param {string} path from the root @param {string} digest */
export function writeStamp(path, digest) {
  mkdirSync(dirname(join(ROOT, path)), { recursive: true });
  writeFileSync(join(ROOT, path), `${digest}\n`);
}
