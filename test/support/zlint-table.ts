/** `ops/lint-zlint.md`, made from the table of what zlint has: `npm run lint-table` writes it, a test holds it to the table. */
import { COMMUNITY_LINTS } from '../vectors/zlint/community.js';
import type { Lints } from '../vectors/zlint/lints.js';
import { MAIL_LINTS } from '../vectors/zlint/mail.js';
import { RFC_LINTS } from '../vectors/zlint/rfc.js';
import { SERVERS_LINTS } from '../vectors/zlint/servers.js';

const HEAD = `# What zlint has, and where it is here

Made by \`npm run lint-table\` from \`test/vectors/zlint\`. Every lint of zlint is in one of three tables of each set: where rules of
[this lint](lint-rules.md) say the same, \`npm test -- test/conformance/corpus.test.ts\` compares what both say of some five hundred
certificates that others made (\`test/conformance/zlint/differences.ts\` has the differences, each with its reason); where a rule keeps the
case from coming up, and where a lint does not hold here, the reason stands beside it. \`test/conformance/zlint.test.ts\` holds the tables
to the program itself, and a thousand certificates of a service to both.
`;

const code = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ');

function rows(title: string, columns: readonly string[], cells: readonly (readonly string[])[]): readonly string[] {
  if (cells.length === 0) return [];
  const line = (row: readonly string[]): string => `| ${row.join(' | ')} |`;
  return [`${title}:`, '', line(columns), line(columns.map(() => '---')), ...cells.map(line), ''];
}

function section(title: string, lints: readonly Lints[]): readonly string[] {
  const same: (readonly string[])[] = [];
  const barred: (readonly string[])[] = [];
  const not: (readonly string[])[] = [];
  for (const row of lints) {
    const names = code(row.lints);
    if ('sameAs' in row) same.push([names, code(row.sameAs)]);
    else if ('barredBy' in row) barred.push([names, code(row.barredBy), row.why]);
    else not.push([names, row.why]);
  }
  return [
    `## ${title}`,
    '',
    ...rows('Said here too', ['Lints of zlint', 'Rules'], same),
    ...rows('Kept from coming up', ['Lints of zlint', 'Rules', 'Why'], barred),
    ...rows('Not held to', ['Lints of zlint', 'Why'], not),
  ];
}

/** Without the layout of the formatter. */
export function zlintTable(): string {
  return [
    HEAD,
    ...section('RFC 5280, 3279, 5480, 5891, 8813', RFC_LINTS),
    ...section('The community, ETSI, Mozilla, Apple, extended validation', COMMUNITY_LINTS),
    ...section('CA/Browser Forum, servers of the web', SERVERS_LINTS),
    ...section('CA/Browser Forum, mail', MAIL_LINTS),
  ].join('\n');
}
