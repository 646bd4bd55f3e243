/** `ops/lint-standards.md`, made from the table of clauses: `npm run lint-table` writes it, a test holds it to the table. */
import { STANDARDS } from '../vectors/lint/standards.js';

const HEAD = `# What standards ask, and which rules see to it

Made by \`npm run lint-table\` from \`test/vectors/lint/standards.ts\`. Clause by clause, what a machine can see in a certificate,
and the rules of [the lint](lint-rules.md) that look at it. Lists and OCSP answers have rules of their own there.
`;

/** Without the layout of the formatter. */
export function standardsTable(): string {
  const sections = STANDARDS.flatMap(({ title, clauses }) => [
    `## ${title}`,
    '',
    '| Clause | What it asks | Rules | |',
    '| --- | --- | --- | --- |',
    ...clauses.map(
      ({ clause, asks, rules, note = '' }) =>
        `| ${clause} | ${asks} | ${rules.map((rule) => `\`${rule}\``).join(', ')} | ${note} |`,
    ),
    '',
  ]);
  return [HEAD, ...sections].join('\n');
}
