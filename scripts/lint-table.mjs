import './lib/node-version.mjs';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { prepare } from './lib/prepare.mjs';
import { ROOT } from './lib/root.mjs';

/** `npm run lint-table`: writes `ops/lint-rules.md` from the rules. */
await prepare({ purposes: ['run'], build: true });
const { lintTable } = await import(new URL('../dist/test/support/lint-table.js', import.meta.url).href);
const file = join(ROOT, 'ops/lint-rules.md');
writeFileSync(file, lintTable());
execFileSync('npx', ['biome', 'check', '--write', file], { cwd: ROOT, stdio: 'inherit' });
