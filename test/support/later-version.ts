/** Another version of this program, whose schema has one level more. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { changedTree } from './tree-copy.js';

/** The level changes the table that every request uses. */
const LATER_LEVEL = `{ kind: 'expand', steps: [
  { kind: 'transaction', run: async (trx) => void (await trx.raw('alter table certificates add column note text')) },
  { kind: 'index', name: 'certificates_note', on: 'certificates (note, id)' },
] }`;

/** Copies the checkout into a new folder as the version 0.1.1. */
export async function laterVersion(tree: string): Promise<void> {
  await changedTree(tree, {
    file: 'src/db/schema/levels.ts',
    find: 'LATER_LEVELS: readonly SchemaLevel[] = []',
    replace: `LATER_LEVELS: readonly SchemaLevel[] = [${LATER_LEVEL}]`,
  });
  const description = join(tree, 'package.json');
  const members = JSON.parse(readFileSync(description, 'utf8')) as object;
  writeFileSync(description, JSON.stringify({ ...members, version: LATER }));
}

export const LATER = '0.1.1';
