/** `pfcng lint list`: prints the rules, and how they compare with standards and with zlint. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { STRICT_DER } from '../../lint/certificate/lint.js';
import { AUTHORITY_RULES, CERTIFICATE_RULES, COMMON_RULES, LINK_RULES } from '../../lint/certificate/lists/platform.js';
import {
  ANY_AUTHORITY_RULES,
  ANY_END_ENTITY_RULES,
  ANY_RULES,
  ISSUED_RULES,
} from '../../lint/certificate/lists/standards.js';
import { ANY_CRL_RULES, CRL_DER, CRL_ENTRY_FORM, CRL_SIZE, OWN_CRL_RULES } from '../../lint/crl/lists.js';
import { ANY_OCSP_RULES, OCSP_DER, OCSP_SIZE, OWN_OCSP_RULES } from '../../lint/ocsp/lists.js';
import { STANDARDS } from '../../lint/published/standards.js';
import { ZLINT_SECTIONS } from '../../lint/published/zlint.js';
import type { Lints } from '../../lint/published/zlint-rfc.js';
import type { RuleSource } from '../../lint/rule.js';
import { packageRoot } from '../../package/package-root.js';
import { type Listing, sayListings } from '../common/listing.js';

type ListOptions = { readonly standards?: boolean; readonly zlint?: boolean };

export function registerLintList(lint: Command): void {
  lint
    .command('list')
    .description('the rules: what each requires, its source, and the day from which the source requires it')
    .option('--standards', 'the clauses of standards about certificates, with the rules that check them')
    .option('--zlint', 'the lints of zlint, with the rules that check the same')
    .option('--json', 'print them as JSON')
    .action(({ standards, zlint }: ListOptions, command: Command) => {
      const listings = standards === true ? standardListings() : zlint === true ? zlintListings() : ruleListings();
      sayListings(listings, command);
    });
}

/** The sentences of the rules that have no file, because they report that nothing can be read. */
const SENTENCES: ReadonlyMap<string, string> = new Map([
  [STRICT_DER.name, 'The certificate is DER throughout, and has the structure of X.509.'],
  [CRL_DER.name, 'The CRL is DER throughout, and has the structure of X.509.'],
  [CRL_SIZE.name, 'No CRL is longer than the limit for streaming and storing it.'],
  [CRL_ENTRY_FORM.name, 'An entry is a serial number, a date, and optional extensions without duplicates.'],
  [OCSP_DER.name, 'The response is DER throughout, and has the structure of RFC 6960.'],
  [OCSP_SIZE.name, 'No response is longer than the limit of a signer.'],
]);

/**
 * The comment at the head of a rule's file, as one line. The package has the sources of the rules
 * for this purpose.
 */
function sentenceOf(folder: string, name: string): string {
  const said = SENTENCES.get(name);
  if (said !== undefined) return said;
  const source = readFileSync(join(packageRoot(), 'src/lint', folder, `${name}.ts`), 'utf8');
  const comment = /^\/\*\*([\s\S]*?)\*\//.exec(source)?.[1] ?? '';
  return comment
    .replace(/\n \* ?/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

function section(title: string, rules: readonly RuleSource[], folder = 'certificate/rules'): Listing {
  const rows = [...rules]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, citation, effective }) => ({
      rule: name,
      from: effective,
      source: citation,
      requires: sentenceOf(folder, name),
    }));
  return { title, rows };
}

/** All rules for CRLs or OCSP responses, whichever part they check. */
const flat = (rules: Readonly<Record<string, readonly RuleSource[]>>): readonly RuleSource[] =>
  Object.values(rules).flat();

/**
 * Every rule: what it requires, its source, and the day from which the source requires it. `e_`:
 * a standard or the policy forbids it, `w_`: a standard advises against it; both block.
 */
function ruleListings(): readonly Listing[] {
  const common: ReadonlySet<string> = new Set(COMMON_RULES.map(({ name }) => name));
  const any: ReadonlySet<string> = new Set(
    [...ANY_RULES, ...ANY_END_ENTITY_RULES, ...ANY_AUTHORITY_RULES, ...ISSUED_RULES].map(({ name }) => name),
  );
  const own = (rules: readonly RuleSource[]) => rules.filter(({ name }) => !any.has(name) && !common.has(name));
  return [
    section('Any certificate', [STRICT_DER, ...ANY_RULES]),
    section('Any certificate, compared with its issuer', ISSUED_RULES),
    section('Any certificate of an end entity or responder', ANY_END_ENTITY_RULES),
    section('Any CA certificate', ANY_AUTHORITY_RULES),
    section(
      'Every certificate of this platform',
      COMMON_RULES.filter(({ name }) => !any.has(name)),
    ),
    section('End entities and OCSP responders of this platform', own(CERTIFICATE_RULES)),
    section('CAs of this platform', own(AUTHORITY_RULES)),
    section(
      'Link certificates of roots of this platform',
      own(LINK_RULES).filter(({ name }) => !AUTHORITY_RULES.some((rule) => rule.name === name)),
    ),
    section('Any CRL', [CRL_DER, CRL_SIZE, CRL_ENTRY_FORM, ...flat(ANY_CRL_RULES)], 'crl/rules'),
    section('CRLs of this platform', flat(OWN_CRL_RULES), 'crl/rules'),
    section('Any OCSP response', [OCSP_DER, OCSP_SIZE, ...flat(ANY_OCSP_RULES)], 'ocsp/rules'),
    section('OCSP responses of this platform', flat(OWN_OCSP_RULES), 'ocsp/rules'),
  ];
}

/** The rules for CRLs and OCSP responses cite their clauses themselves. */
function standardListings(): readonly Listing[] {
  return STANDARDS.map(({ title, clauses }) => ({
    title,
    rows: clauses.map(({ clause, requirement, rules, note = '' }) => ({ clause, requirement, rules, note })),
  }));
}

/** Whether our rules check the same as a lint, prevent its case, or do not need it, and why. */
function zlintListings(): readonly Listing[] {
  return ZLINT_SECTIONS.map(({ title, lints }) => ({ title, rows: lints.map(zlintRow) }));
}

function zlintRow(row: Lints): Listing['rows'][number] {
  const { lints } = row;
  if ('sameAs' in row) return { verdict: 'checked', lints, rules: row.sameAs, why: '' };
  if ('excludedBy' in row) return { verdict: 'prevented', lints, rules: row.excludedBy, why: row.why };
  return { verdict: 'not applicable', lints, rules: [], why: row.why };
}
