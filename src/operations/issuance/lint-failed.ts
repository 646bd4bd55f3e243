/** What the lint has refused to let out of this service: one line of the log, and a count of each rule. A fault of ours. */
import type { LintFinding } from '../../ports/signer.js';
import type { World } from '../world.js';

export function lintFailed(
  { log, countFindings }: Pick<World, 'log' | 'countFindings'>,
  about: { readonly issuer: string; readonly profile?: string; readonly id?: string; readonly scope?: string },
  findings: readonly LintFinding[],
): void {
  log.error('lint.failed', { ...about, findings: findings.map(({ rule, detail }) => `${rule}: ${detail}`) });
  countFindings?.(findings.map(({ rule }) => rule));
}
