/**
 * The page about development and production names every value of the policy in which they differ.
 * Without this test, an integrator would meet a difference in production first.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isObject } from '../../../src/kernel/json.js';
import { packageRoot } from '../../../src/package/package-root.js';

const NOT_POLICY: readonly string[] = ['$schema', 'sources', 'notes'];

function valuesOf(value: unknown, path: string): readonly (readonly [string, string])[] {
  if (!isObject(value)) return [[path, JSON.stringify(value)]];
  return Object.entries(value).flatMap(([name, member]) =>
    path === '' && NOT_POLICY.includes(name) ? [] : valuesOf(member, path === '' ? name : `${path}/${name}`),
  );
}

function environment(name: string): ReadonlyMap<string, string> {
  const text = readFileSync(join(packageRoot(), 'policies/environments', `${name}.json`), 'utf8');
  return new Map(valuesOf(JSON.parse(text), ''));
}

describe('ops/development-and-production.md', () => {
  it('names every value in which the delivered environments differ', () => {
    const [development, production] = [environment('development'), environment('production')];
    const names = new Set([...development.keys(), ...production.keys()]);
    const different = [...names].filter((name) => development.get(name) !== production.get(name));
    assert.ok(different.length > 10, `${different.length}`);
    const page = readFileSync(join(packageRoot(), 'ops/development-and-production.md'), 'utf8');
    assert.deepEqual(
      different.filter((name) => !page.includes(`\`${name}\``)),
      [],
    );
  });
});
