/** The pages of `ops/`, which are part of the package. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { absent } from '../kernel/errors.js';
import { packageRoot } from './package-root.js';

const NAME = /^(?:README|[a-z][a-z0-9-]{0,60})$/;

/** Reads `ops/NAME.md`; null: there is no such page. */
export async function readRunbook(name: string): Promise<string | null> {
  if (!NAME.test(name)) return null;
  return readFile(join(packageRoot(), 'ops', `${name}.md`), 'utf8').catch(absent);
}
