import './lib/node-version.mjs';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './lib/root.mjs';
import { say } from './lib/say.mjs';

/**
 * `npm run new:lint -- e_name LIST` writes the file of a lint rule and adds the rule to a list. The
 * new rule finds no fault and cites no source, so that the tests of the lint that name it fail, and
 * no others, until it is written and test/vectors/lint describes what breaks it.
 */

/** For each file of lists: its lists, each with the type that its rules check. */
const FILES = {
  'certificate/lists/standards.ts': {
    ANY_RULES: 'AnySubject',
    ISSUED_RULES: 'IssuedSubject',
    ANY_END_ENTITY_RULES: 'AnySubject',
    ANY_AUTHORITY_RULES: 'AnySubject',
  },
  'certificate/lists/platform.ts': {
    COMMON_RULES: 'CertificateSubject',
    CERTIFICATE_RULES: 'LintSubject',
    AUTHORITY_RULES: 'AuthoritySubject',
    LINK_RULES: 'LinkSubject',
  },
  'crl/lists.ts': {
    CRL_HEADER_RULES: 'CrlHeaderSubject',
    CRL_ENTRY_RULES: 'CrlEntrySubject',
    CRL_END_RULES: 'CrlEndSubject',
    CRL_EXTENDED_RULES: 'ExtendedCrl',
    OWN_CRL_ENTRY_RULES: 'CrlEntrySubject',
    OWN_CRL_EXTENDED_RULES: 'ExtendedCrl',
  },
  'ocsp/lists.ts': {
    OCSP_RESPONSE_RULES: 'OcspSubject',
    OCSP_SINGLE_RULES: 'OcspSingleSubject',
    OWN_OCSP_RESPONSE_RULES: 'OcspSubject',
    OWN_OCSP_SINGLE_RULES: 'OcspSingleSubject',
  },
};
const LISTS = Object.entries(FILES).flatMap(([listFile, lists]) =>
  Object.entries(lists).map(([list, subject]) => ({ listFile, list, subject })),
);

const [name = '', list = ''] = process.argv.slice(2);
const place = LISTS.find((known) => known.list === list);
const names = LISTS.map((known) => known.list).join(', ');
if (!/^[ew]_[a-z0-9_]+$/.test(name) || place === undefined) {
  say(`usage: npm run new:lint -- e_name LIST: a new name, and one of ${names}`);
  process.exit(2);
}
const { listFile, subject } = place;
const room = listFile.split('/')[0] ?? '';
const file = join(ROOT, 'src/lint', room, 'rules', `${name}.ts`);
if (existsSync(file)) {
  say(`src/lint/${room}/rules/${name}.ts exists already`);
  process.exit(2);
}

const today = new Date().toISOString().slice(0, 10);
const imports =
  room === 'certificate'
    ? `import type { ${subject}, Rule } from '../../rule.js';`
    : `import type { Rule } from '../../rule.js';\nimport type { ${subject} } from '../subjects.js';`;
writeFileSync(
  file,
  `/** "The sentence of the standard." */
${imports}

export const ${name}: Rule<${subject}> = {
  name: '${name}',
  citation: '',
  effective: '${today}',
  check: () => null,
};
`,
);
const rules = join(ROOT, 'src/lint', listFile);
const text = readFileSync(rules, 'utf8');
const begins = text.indexOf(`const ${list}:`);
const ends = text.indexOf('];', text.indexOf('= [', begins));
const listed = `${text.slice(0, ends)}  ${name},\n${text.slice(ends)}`;
const firstImport = listed.indexOf('\nimport ') + 1;
const fromRules = listFile === `${room}/lists.ts` ? './rules' : '../rules';
const line = `import { ${name} } from '${fromRules}/${name}.js';\n`;
writeFileSync(rules, `${listed.slice(0, firstImport)}${line}${listed.slice(firstImport)}`);
execFileSync('npx', ['biome', 'check', '--write', rules, file], { cwd: ROOT, stdio: 'inherit' });
say(`src/lint/${room}/rules/${name}.ts: write the sentence, its source, the day it came into force, and the check`);
say('test/vectors/lint: describe what breaks this rule and no other, then run npm test -- test/unit/lint');
if (room === 'certificate')
  say('src/lint/published: name the rule at its clause in standards.ts, and in zlint-*.ts where zlint has the same');
