import './lib/node-version.mjs';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { prepare } from './lib/prepare.mjs';
import { ROOT } from './lib/root.mjs';

/** `npm run plan-schema`: writes the schema of ceremony plans from the kinds of their steps. */
await prepare({ purposes: ['run'], build: true });
const { planSchema } = await import(new URL('../dist/src/ceremony/plan/schema.js', import.meta.url).href);
const file = join(ROOT, 'policies', 'schemas', 'ceremony-plan.schema.json');
writeFileSync(file, `${JSON.stringify(planSchema())}\n`);
execFileSync('npx', ['biome', 'check', '--write', file], { cwd: ROOT, stdio: 'inherit' });
