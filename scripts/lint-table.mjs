import './lib/node-version.mjs';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { prepare } from './lib/prepare.mjs';
import { ROOT } from './lib/root.mjs';

/**
 * `npm run lint-table`: writes `ops/lint-rules.md` from the rules, `ops/lint-zlint.md` and
 * `ops/lint-standards.md` from their tables.
 */
await prepare({ purposes: ['run'], build: true });
const { lintTable } = await import(new URL('../dist/test/support/lint/rules-table.js', import.meta.url).href);
const { standardsTable } = await import(new URL('../dist/test/support/lint/standards-table.js', import.meta.url).href);
const { zlintTable } = await import(new URL('../dist/test/support/lint/zlint-table.js', import.meta.url).href);
for (const [name, text] of [
  ['ops/lint-rules.md', lintTable()],
  ['ops/lint-zlint.md', zlintTable()],
  ['ops/lint-standards.md', standardsTable()],
]) {
  const file = join(ROOT, name);
  writeFileSync(file, text);
  execFileSync('npx', ['biome', 'check', '--write', file], { cwd: ROOT, stdio: 'inherit' });
}
