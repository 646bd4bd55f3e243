/**
 * No process compiles a schema: the build generates the functions that check documents. Without
 * these tests, a generated function could accept what its schema rejects.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ValidateFunction } from 'ajv';
import fc from 'fast-check';
import { readPolicyFiles } from '../../../src/config/policy-files.js';
import { EXAMPLES } from '../../../src/http/api/document/examples.js';
import { packageRoot } from '../../../src/package/package-root.js';
import type { RawDocuments } from '../../../src/policy/load/documents.js';
import { compilerOf, type Validators, validators } from '../../support/validators.js';

type Json = null | boolean | number | string | Json[] | { [member: string]: Json };

const ROOT = packageRoot();
const fileUrl = (path: string): string => pathToFileURL(join(ROOT, path)).href;
const modules = await validators();

/** Every document of the package that has a schema, and others that lack most members. */
function documents(): readonly Json[] {
  const raw = readPolicyFiles(join(ROOT, 'policies'), 'production');
  assert.ok(raw.ok);
  const { environment, cardGenerations, ...lists }: RawDocuments = raw.value;
  const plans = join(ROOT, 'policies/ceremonies/development');
  const examples = Object.values(EXAMPLES).flatMap((named) => Object.values(named).map(({ value }) => value));
  return [
    {},
    { listen: { api: { port: 8443 } }, database: { kind: 'sqlite' }, pkcs11: { environment: { SOFTHSM2_CONF: 'x' } } },
    { holder: '801234567891', limit: 10, expiresBefore: '9999-12-31T23:59:59Z' },
    environment.body as Json,
    cardGenerations.body as Json,
    ...Object.values(lists).flatMap((list) => list.map(({ body }) => body as Json)),
    ...readdirSync(plans).map((name) => JSON.parse(readFileSync(join(plans, name), 'utf8')) as Json),
    ...(examples as Json[]),
  ];
}

type Change = { readonly path: readonly number[]; readonly how: 'set' | 'delete' | 'add'; readonly value: Json };

const value = fc.oneof(
  fc.constantFrom<Json>(null, true, 0, -1, 1e9, '', 'x'.repeat(300), '\u0000', '2027-02-30T00:00:00Z', [], {}, [[]]),
  fc.jsonValue({ maxDepth: 1 }) as fc.Arbitrary<Json>,
);
const change: fc.Arbitrary<Change> = fc.record({
  path: fc.array(fc.nat(40), { minLength: 1, maxLength: 6 }),
  how: fc.constantFrom('set', 'delete', 'add'),
  value,
});

/** Changes one member of the copy; numbers of the path are taken modulo the members there are. */
function spoil(copy: Json, { path: [at = 0, ...deeper], how, value }: Change): Json {
  if (typeof copy !== 'object' || copy === null) return how === 'delete' ? null : value;
  const names = Object.keys(copy);
  const name = names[at % Math.max(1, names.length)];
  const members = copy as Record<string, Json>;
  if (how === 'add' && (deeper.length === 0 || name === undefined)) members[`added${at}`] = value;
  else if (name === undefined) return value;
  else if (deeper.length > 0) members[name] = spoil(members[name] ?? null, { path: deeper, how, value });
  else if (how === 'delete') delete members[name];
  else members[name] = value;
  return copy;
}

/** What a validator says about a copy, and the copy with the defaults that it filled in. */
function verdictOf(validate: ValidateFunction, document: Json) {
  const copy = structuredClone(document);
  const isValid = validate(copy);
  return { isValid, errors: isValid ? [] : validate.errors, copy };
}

describe('the generated validators', () => {
  const all = documents();
  for (const wanted of modules) it(`of ${wanted.module} judge as their schemas do`, () => judgeAlike(wanted));

  async function judgeAlike(wanted: Validators): Promise<void> {
    const generated = (await import(fileUrl(wanted.module))) as Readonly<Record<string, object>>;
    const ajv = await compilerOf(wanted);
    for (const [exported, schema] of Object.entries(wanted.exports)) {
      const members = typeof schema === 'string' ? { '': schema } : schema;
      for (const [member, reference] of Object.entries(members)) {
        const found = member === '' ? generated[exported] : Reflect.get(generated[exported] ?? {}, member);
        const compiled = ajv.getSchema(reference);
        assert.ok(compiled !== undefined);
        alike(found as ValidateFunction, compiled as ValidateFunction);
      }
    }
  }

  function alike(generated: ValidateFunction, compiled: ValidateFunction): void {
    const valid = all.filter((document) => verdictOf(compiled, document).isValid);
    const property = fc.property(
      fc.constantFrom(...valid, ...all.slice(0, 3)),
      fc.array(change, { maxLength: 3 }),
      (document, changes) => {
        const spoiled = changes.reduce(spoil, structuredClone(document));
        assert.deepEqual(verdictOf(generated, spoiled), verdictOf(compiled, spoiled));
      },
    );
    fc.assert(property, { numRuns: 200 });
  }
});
