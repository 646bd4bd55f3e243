/** Runs zlint on many certificates: one process for as many as it can read. */
import assert from 'node:assert/strict';
import { judge } from '../../support/service/judges.js';

/**
 * `pass`; `NA`: the lint does not apply to the certificate; `NE`: it was not in force then;
 * anything else is a finding.
 */
export type LintResult = 'pass' | 'NA' | 'NE' | 'info' | 'warn' | 'error' | 'fatal';
export type ZlintSays = { readonly results: ReadonlyMap<string, LintResult> } | { readonly cannotRead: string };

const FINDINGS: ReadonlySet<string> = new Set(['info', 'warn', 'error', 'fatal']);

export function isFinding(result: LintResult | undefined): boolean {
  return result !== undefined && FINDINGS.has(result);
}

/**
 * Reads PEM files in order. A line of output is a certificate that was read; the output ends at the
 * first that cannot be read.
 */
export async function zlintOf(files: readonly string[]): Promise<readonly ZlintSays[]> {
  const said: ZlintSays[] = [];
  while (said.length < files.length) {
    const { bytes, output } = await judge('zlint', files.slice(said.length));
    const lines = bytes.toString('utf8').split('\n').filter(Boolean);
    for (const line of lines) {
      const results = JSON.parse(line) as Readonly<Record<string, { readonly result: LintResult }>>;
      said.push({ results: new Map(Object.entries(results).map(([lint, { result }]) => [lint, result])) });
    }
    if (said.length === files.length) break;
    const cannotRead = /level=fatal msg="(.*)"/.exec(output)?.[1];
    assert.ok(cannotRead, `${files[said.length]}: ${output.slice(-500)}`);
    said.push({ cannotRead });
  }
  return said;
}

export type ListedLint = { readonly name: string; readonly source: string; readonly description: string };

/** The lints that the program lists. */
export async function lintsOfZlint(): Promise<readonly ListedLint[]> {
  const { bytes, status, output } = await judge('zlint', ['-list-lints-json']);
  assert.equal(status, 0, output);
  const lines = bytes.toString('utf8').split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line) as ListedLint);
}
