/**
 * Every lint of zlint, with our rules that check the same, stricter rules that exclude its case in
 * certificates of this platform, or the reason why it does not apply. Tests compare the table with
 * the program itself and with the findings of both for the same certificates; `npm run lint-table`
 * writes it to ops/lint-zlint.md.
 */
import type { RuleName } from '../../../src/lint/rule.js';
import { COMMUNITY_LINTS } from './community.js';
import { MAIL_LINTS } from './mail.js';
import { RFC_LINTS } from './rfc.js';
import { SERVERS_LINTS } from './servers.js';

export type Lints = {
  readonly lints: readonly string[];
} & (
  | { readonly sameAs: readonly RuleName[] }
  | { readonly excludedBy: readonly RuleName[]; readonly why: string }
  | { readonly why: string }
);

export const ZLINT_LINTS: readonly Lints[] = [...RFC_LINTS, ...COMMUNITY_LINTS, ...SERVERS_LINTS, ...MAIL_LINTS];
