/**
 * Every lint that zlint has, and what this lint has instead: rules that say the same, rules that
 * let its case never come up in a certificate of this platform, or the reason why it does not hold
 * here. Tests hold the table to the program itself and to what both say of the same certificates;
 * `npm run lint-table` writes it into ops/lint-zlint.md.
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
