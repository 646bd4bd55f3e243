/**
 * Production as an installation has it: a copy of the policies in which officers have decided what
 * the package assumes.
 */
import assert from 'node:assert/strict';
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readOpenPolicy, writeDecisions } from '../../../src/cli/policy/decision-folder.js';
import { packageRoot } from '../../../src/package/package-root.js';
import { decideByAnswers } from '../../../src/policy/decide/answers.js';
import type { Choice } from '../../../src/policy/decide/decision.js';
import { HIERARCHIES } from '../../../src/policy/model.js';

export const PRODUCTION = 'environments/production.json';

/** Every file that production reads. */
export function productionFiles(): readonly string[] {
  const policies = join(packageRoot(), 'policies');
  return [
    PRODUCTION,
    ...HIERARCHIES.flatMap((hierarchy) => [
      `${hierarchy}/hierarchy.json`,
      ...['authorities', 'profiles'].flatMap((folder) =>
        readdirSync(join(policies, hierarchy, folder)).map((name) => `${hierarchy}/${folder}/${name}`),
      ),
    ]),
    'card-generations.json',
  ];
}

/**
 * Decides each assumption with the value that it has. The policy identifier is only an example
 * there, and gets a value.
 */
export async function decidePolicy(policies: string): Promise<void> {
  const open = readOpenPolicy(policies);
  assert.ok(open.ok, JSON.stringify(open));
  const keep = { choice: { kind: 'keep' }, reason: 'as proposed by the developers' } as const;
  const answers = new Map<string, { readonly choice: Choice; readonly reason: string }>(
    open.value.questions.map(({ name }) => [name, keep]),
  );
  answers.set('environment/policyOid', { ...keep, choice: { kind: 'change', value: '1.2.250.1.213.1.7.1.1' } });
  const decisions = decideByAnswers(open.value.questions, answers, {
    at: '2026-09-01T08:30:00Z',
    by: 'the policy committee',
  });
  assert.ok(decisions.ok, JSON.stringify(decisions));
  const written = await writeDecisions(policies, decisions.value);
  assert.ok(written.ok, JSON.stringify(written));
}

/** Writes `folder/policies`, and `folder/production.json`, which PFCNG_CONFIG names. */
export async function makeProduction(folder: string): Promise<{ readonly policies: string; readonly config: string }> {
  const [policies, config] = [join(folder, 'policies'), join(folder, 'production.json')];
  cpSync(join(packageRoot(), 'policies'), policies, { recursive: true });
  await decidePolicy(policies);
  // The configuration of ops/systemd/pfcng.json, with the SoftHSM of this machine.
  const {
    signerSockets: _,
    pkcs11,
    ...shipped
  } = JSON.parse(readFileSync(join(packageRoot(), 'ops/systemd/pfcng.json'), 'utf8'));
  const { module: __, ...tokens } = pkcs11;
  writeFileSync(config, `${JSON.stringify({ ...shipped, policies, pkcs11: tokens })}\n`);
  return { policies, config };
}
