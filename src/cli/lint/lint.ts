/**
 * `pfcng lint`: checks any certificate, CRL, OCSP response or chain against the rules for it. It
 * changes nothing. A file whose name is `list` is named `./list`.
 */
import type { Command } from 'commander';
import { loadHome } from '../../compose/home.js';
import { readIssuers } from '../../compose/issuers.js';
import { inBothLanguages } from '../../kernel/bilingual.js';
import { escapeForTerminal, fail, say } from '../../terminal/say.js';
import type { Item } from './file.js';
import { authoritiesAmong, lintItem } from './item.js';
import { registerLintList } from './list.js';
import type { Knowledge, Report } from './report.js';
import { itemsOf } from './source.js';

type Options = { readonly issuer: readonly string[]; readonly profile?: string; readonly json?: boolean };

export function registerLint(program: Command): void {
  const command = program
    .command('lint <files...>')
    .description(
      'check certificates, CRLs and OCSP responses (PEM or DER) against the rules; exit code 1: a finding, or an unreadable file',
    )
    .option(
      '--issuer <files...>',
      'certificates of other authorities that issued what is in the files; ours are known',
      [],
    )
    .option('--profile <id>', 'the profile to check against (default: the one of its issuer with the fewest findings)')
    .option('--json', 'print the reports as JSON')
    .action(lint);
  registerLintList(command);
}

async function lint(files: readonly string[], { issuer, profile, json }: Options): Promise<void> {
  const read = files.map((file) => ({ file, items: itemsOf(file) }));
  const issuers = issuer.map((file) => ({ file, items: itemsOf(file) }));
  const known = knowledge(
    profile ?? null,
    [...read, ...issuers].flatMap(({ items }) => (items.ok ? items.value : [])),
  );
  if (profile !== undefined && known.policy?.profiles.has(profile) !== true)
    return fail([`--profile ${profile}: no such profile here`]);
  // A file that cannot be read is reported, and the others are checked all the same.
  for (const { file, items } of [...read, ...issuers]) if (!items.ok) fail([`${file}: ${items.error}`]);
  const reports: (Report & { readonly file: string })[] = [];
  for (const { file, items } of read)
    for (const item of items.ok ? items.value : []) reports.push({ file, ...(await lintItem(known, item)) });
  if (json === true) say(JSON.stringify(reports));
  else for (const report of reports) sayReport(report);
  if (reports.some(({ findings }) => findings.length > 0)) process.exitCode = 1;
}

/** Without a home folder, no authority is known. */
function knowledge(profile: string | null, items: readonly Item[]): Knowledge {
  const home = loadHome();
  const issuers = home.ok ? readIssuers(home.value) : null;
  return {
    policy: home.ok ? home.value.policy : null,
    own: issuers?.ok === true ? issuers.value.all() : [],
    given: authoritiesAmong(items),
    profile,
  };
}

const WHAT = {
  certificate: { fr: 'certificat', en: 'certificate' },
  crl: { fr: 'LCR', en: 'CRL' },
  'ocsp-response': { fr: 'réponse OCSP', en: 'OCSP response' },
} as const;

function sayReport({ file, kind, ruleSet, rules, findings }: Report & { readonly file: string }): void {
  const { fr, en } = WHAT[kind];
  const verdict =
    findings.length === 0
      ? { fr: `${rules} règles, aucune anomalie`, en: `${rules} rules, no finding` }
      : { fr: `${findings.length} anomalie(s)`, en: `${findings.length} finding(s)` };
  say(
    `${file}: ${inBothLanguages({ fr: `${fr} (${ruleSet}), ${verdict.fr}`, en: `${en} (${ruleSet}), ${verdict.en}` })}`,
  );
  for (const { rule, detail } of findings) say(`  ${rule}: ${escapeForTerminal(detail)}`);
}
