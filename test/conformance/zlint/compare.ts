/**
 * The differences between zlint and our lint for one certificate, where the table says that a rule
 * checks the same as a lint. Lints and rules that were not in force at the certificate's notBefore
 * are ignored, and so are lints of a policy that does not apply.
 */
import { STRICT_DER } from '../../../src/lint/certificate/lint.js';
import { ANY_AUTHORITY_RULES, ANY_END_ENTITY_RULES, ANY_RULES } from '../../../src/lint/certificate/lists/standards.js';
import { ZLINT_LINTS } from '../../../src/lint/published/zlint.js';
import { MAIL_LINTS } from '../../../src/lint/published/zlint-mail.js';
import { SERVERS_LINTS } from '../../../src/lint/published/zlint-servers.js';
import type { RuleName } from '../../../src/lint/rule.js';
import { isFinding, type LintResult, type ZlintSays } from './judge.js';

/** The linter that reports it, and its lint or rule. */
export type Difference = { readonly by: 'zlint' | 'ours'; readonly what: string };

/** Our rules of public standards, each with the day from which its source requires it. */
const OF_ANY: ReadonlyMap<string, string> = new Map(
  [STRICT_DER, ...ANY_RULES, ...ANY_AUTHORITY_RULES, ...ANY_END_ENTITY_RULES].map(({ name, effective }) => [
    name,
    effective,
  ]),
);
const RULES_OF: ReadonlyMap<string, readonly RuleName[]> = new Map(
  ZLINT_LINTS.flatMap((row) => ('sameAs' in row ? row.lints.map((lint) => [lint, row.sameAs] as const) : [])),
);
const LINTS_OF = new Map<string, string[]>();
for (const [lint, rules] of RULES_OF)
  for (const rule of rules) LINTS_OF.set(rule, [...(LINTS_OF.get(rule) ?? []), lint]);
const OF_A_POLICY: ReadonlySet<string> = new Set([...SERVERS_LINTS, ...MAIL_LINTS].flatMap(({ lints }) => lints));

export type OurSays = {
  /** Our rules that it violates, as a certificate of any issuer. */
  readonly found: ReadonlySet<string>;
  /** The day of its notBefore, `YYYY-MM-DD`; null when it cannot be read. */
  readonly begins: string | null;
};

export function differences({ found, begins }: OurSays, zlint: ZlintSays): readonly Difference[] {
  if ('cannotRead' in zlint) return found.has(STRICT_DER.name) ? [] : [{ by: 'zlint', what: 'cannot read it' }];
  const { results } = zlint;
  const broken = [...results].filter(([lint, result]) => isFinding(result) && RULES_OF.has(lint)).map(([lint]) => lint);
  const saidByUs = (lint: string): boolean => RULES_OF.get(lint)?.some((rule) => found.has(rule)) === true;
  // Nothing more can be compared when the certificate is not DER.
  const theirs = found.has(STRICT_DER.name) ? [] : broken.filter((lint) => !saidByUs(lint));
  const ours = [...found].filter((rule) => {
    const lints = LINTS_OF.get(rule) ?? [];
    const effective = OF_ANY.get(rule);
    if (effective === undefined || lints.length === 0 || lints.some((lint) => broken.includes(lint))) return false;
    if (begins !== null && begins < effective) return false;
    return !lints.every((lint) => saysNothing(lint, results.get(lint)));
  });
  return [
    ...theirs.map((what) => ({ by: 'zlint' as const, what })),
    ...ours.map((what) => ({ by: 'ours' as const, what })),
  ];
}

function saysNothing(lint: string, result: string | undefined): boolean {
  return result === 'NE' || (result === 'NA' && OF_A_POLICY.has(lint));
}

/** The rules that it violates by the word of both linters. */
export function agreed(found: ReadonlySet<string>, results: ReadonlyMap<string, LintResult>): readonly string[] {
  return [...found].filter((rule) => LINTS_OF.get(rule)?.some((lint) => isFinding(results.get(lint))));
}
