/** `ops/lint-rules.md`, made from the rules themselves: `npm run lint-table` writes it, a test holds it to them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { STRICT_DER } from '../../src/lint/certificate/lint.js';
import { AUTHORITY_RULES, CERTIFICATE_RULES, COMMON_RULES } from '../../src/lint/certificate/lists/platform.js';
import {
  ANY_AUTHORITY_RULES,
  ANY_END_ENTITY_RULES,
  ANY_RULES,
  ISSUED_RULES,
} from '../../src/lint/certificate/lists/standards.js';
import { ANY_CRL_RULES, CRL_DER, CRL_ENTRY_FORM, CRL_SIZE, OWN_CRL_RULES } from '../../src/lint/crl/lists.js';
import { ANY_OCSP_RULES, OCSP_DER, OCSP_SIZE, OWN_OCSP_RULES } from '../../src/lint/ocsp/lists.js';
import type { RuleSource } from '../../src/lint/rule.js';
import { packageRoot } from '../../src/package/package-root.js';

const HEAD = `# The rules of the lint

Made by \`npm run lint-table\` from the rules themselves; a test holds the two together.

Nothing is signed that does not pass all rules that apply to it: the service holds every certificate, list and OCSP answer
to them before it asks for a signature, and the signer holds what arrives at its socket to them once more. \`e_\`: a standard
or the policy is broken; \`w_\`: advised against. Both block. \`e_cps_\` are the platform's own and the sector's. The day is from
when the source asks for it: rules apply to whatever is about to be signed, whatever its date. \`pfcng lint\` holds files to
them, \`pfcng relint\` the database.
`;

/** What no file of a rule can say, because there is nothing to look at. */
const SENTENCES: ReadonlyMap<string, string> = new Map([
  [STRICT_DER.name, 'The certificate is DER throughout, and has the structure of X.509.'],
  [CRL_DER.name, 'The list is DER throughout, and has the structure of X.509.'],
  [CRL_SIZE.name, 'No list is longer than what is streamed and kept.'],
  [CRL_ENTRY_FORM.name, 'An entry is a serial number, a date, and optional extensions, none of them twice.'],
  [OCSP_DER.name, 'The answer is DER throughout, and has the structure of RFC 6960.'],
  [OCSP_SIZE.name, 'No answer is longer than what a signer takes.'],
]);

/** The comment at the head of a rule's file, as one line. */
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

const cell = (text: string): string => text.replaceAll('|', '\\|');

function section(title: string, rules: readonly RuleSource[], folder = 'certificate/rules'): string {
  const rows = [...rules]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(
      ({ name, citation, effective }) =>
        `| \`${name}\` | ${cell(sentenceOf(folder, name))} | ${cell(citation)} | ${effective} |`,
    );
  return [`## ${title}`, '', '| Rule | What it says | Source | From |', '| --- | --- | --- | --- |', ...rows, ''].join(
    '\n',
  );
}

/** Rules of lists and answers, whichever part of them they look at. */
const flat = (rules: Readonly<Record<string, readonly RuleSource[]>>): readonly RuleSource[] =>
  Object.values(rules).flat();

/** Without the layout of the formatter. */
export function lintTable(): string {
  const common: ReadonlySet<string> = new Set(COMMON_RULES.map(({ name }) => name));
  const any: ReadonlySet<string> = new Set(
    [...ANY_RULES, ...ANY_END_ENTITY_RULES, ...ANY_AUTHORITY_RULES, ...ISSUED_RULES].map(({ name }) => name),
  );
  const own = (rules: readonly RuleSource[]) => rules.filter(({ name }) => !any.has(name) && !common.has(name));
  return [
    HEAD,
    section('Any certificate', [STRICT_DER, ...ANY_RULES]),
    section('Any certificate beside its issuer', ISSUED_RULES),
    section('Any certificate of an end entity or a responder', ANY_END_ENTITY_RULES),
    section('Any certificate of an authority', ANY_AUTHORITY_RULES),
    section(
      'Every certificate of this platform',
      COMMON_RULES.filter(({ name }) => !any.has(name)),
    ),
    section('End entities and OCSP responders of this platform', own(CERTIFICATE_RULES)),
    section('Authorities of this platform', own(AUTHORITY_RULES)),
    section('Any revocation list', [CRL_DER, CRL_SIZE, CRL_ENTRY_FORM, ...flat(ANY_CRL_RULES)], 'crl/rules'),
    section('Revocation lists of this platform', flat(OWN_CRL_RULES), 'crl/rules'),
    section('Any OCSP answer', [OCSP_DER, OCSP_SIZE, ...flat(ANY_OCSP_RULES)], 'ocsp/rules'),
    section('OCSP answers of this platform', flat(OWN_OCSP_RULES), 'ocsp/rules'),
  ].join('\n');
}

/** What the formatter does not change: words and bars. */
export function withoutLayout(markdown: string): string {
  return markdown.replace(/-{3,}/g, '---').replace(/ +/g, ' ').trim();
}
