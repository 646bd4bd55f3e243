import './lib/node-version.mjs';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './lib/root.mjs';
import { say } from './lib/say.mjs';

/**
 * `npm run new:lint -- e_name LIST`: a rule's file that says of every certificate that it was not written yet, and its place in a
 * list of `src/lint/rules.ts`. It stays red until the rule is written and a certificate that breaks it alone is described.
 */
/** Lists of `rules.ts`, and what their rules look at. */
const LISTS = {
  ANY_RULES: 'AnySubject',
  ISSUED_RULES: 'IssuedSubject',
  ANY_END_ENTITY_RULES: 'AnySubject',
  ANY_AUTHORITY_RULES: 'AnySubject',
  COMMON_RULES: 'CertificateSubject',
  CERTIFICATE_RULES: 'LintSubject',
  AUTHORITY_RULES: 'AuthoritySubject',
};

const [name = '', list = ''] = process.argv.slice(2);
const subject = Object.entries(LISTS).find(([known]) => known === list)?.[1];
const file = join(ROOT, 'src/lint/rules', `${name}.ts`);
if (!/^[ew]_[a-z0-9_]+$/.test(name) || subject === undefined || existsSync(file)) {
  say(`usage: npm run new:lint -- e_name LIST: a name that is not taken, and one of ${Object.keys(LISTS).join(', ')}`);
  process.exit(2);
}

const today = new Date().toISOString().slice(0, 10);
writeFileSync(
  file,
  `/** "The sentence of the standard." */
import type { ${subject}, Rule } from '../rule.js';

export const ${name}: Rule<${subject}> = {
  name: '${name}',
  citation: '',
  effective: '${today}',
  check: () => 'the rule is not written yet',
};
`,
);
const rules = join(ROOT, 'src/lint/rules.ts');
const text = readFileSync(rules, 'utf8');
const begins = text.indexOf(`export const ${list}:`);
const ends = text.indexOf('\n];', begins);
const listed = `${text.slice(0, ends)}\n  ${name},${text.slice(ends)}`;
const firstList = listed.indexOf('\n/** Of any certificate, whoever');
const line = `import { ${name} } from './rules/${name}.js';\n`;
writeFileSync(rules, `${listed.slice(0, firstList)}${line}${listed.slice(firstList)}`);
execFileSync('npx', ['biome', 'check', '--write', rules, file], { cwd: ROOT, stdio: 'inherit' });
say(`src/lint/rules/${name}.ts: write the sentence, its citation, its day and the check`);
say('test/vectors/lint: describe a certificate that breaks it and nothing else; npm test -- test/unit/lint');
say(
  'test/vectors/lint/standards.ts: name it where its standard asks for it; test/vectors/zlint: where zlint says the same',
);
say('npm run lint-table: lists it in ops/lint-rules.md and -standards.md');
