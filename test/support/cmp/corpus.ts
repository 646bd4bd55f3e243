/** CMP messages that others made (`test/vectors/cmp/README.md`), by the names of their files. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bytes } from '../../../src/kernel/bytes.js';
import { packageRoot } from '../../../src/package/package-root.js';

const FOLDER = join(packageRoot(), 'test/vectors/cmp');

export function readCorpus(): ReadonlyMap<string, Bytes> {
  const names = readdirSync(FOLDER).filter((name) => name.endsWith('.der'));
  return new Map(names.map((name) => [name, new Uint8Array(readFileSync(join(FOLDER, name)))]));
}
