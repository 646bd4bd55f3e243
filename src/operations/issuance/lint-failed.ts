/** Logs and counts what the lint has refused. It is always a fault of ours. */
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
