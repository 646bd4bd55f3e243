/**
 * What a reader and a generator of clients need of the OpenAPI document. Without these tests a
 * route could come without a tag or an example, and only an integrator would notice.
 */
import assert from 'node:assert/strict';
import { createConfig, lintFromString } from '@redocly/openapi-core';
import { exampleOf } from '../../../../src/http/api/document/answer-examples.js';
import { RULE_GROUPS } from '../../../../src/http/api/document/rule-groups.js';
import { TAGS, tagOf } from '../../../../src/http/api/document/tags.js';
import { openApiDocument, problemExamples } from '../../../../src/http/api/openapi.js';
import { ROUTES } from '../../../../src/http/api/routes.js';
import { COMPONENTS } from '../../../../src/http/api/schemas/components.js';
import { CMP_PATHS } from '../../../../src/http/cmp/paths.js';
import { membersOf, type Schema } from '../../../../src/http/docs/members.js';
import { estPaths } from '../../../../src/http/est/paths.js';
import { present } from '../../../../src/kernel/assert.js';
import { RULES } from '../../../../src/texts/all.js';
import { createDocumentJudge } from '../../../support/validators.js';

const assertValid = await createDocumentJudge();

describe('the OpenAPI document, as others read it', () => {
  // The linter warns of the host of the development environment, as it should.
  const document = openApiDocument({ version: '0.0.0', url: 'https://api.pfcng.test' });

  it('passes the strictest rules of a public linter, Redocly recommended-strict, without a warning', async () => {
    const config = await createConfig({ extends: ['recommended-strict'] });
    const found = await lintFromString({
      source: JSON.stringify(document),
      absoluteRef: '/openapi.json',
      config,
    });
    const shown = found.map(({ ruleId, message, location }) => `${ruleId}: ${message} ${location[0]?.pointer ?? ''}`);
    assert.deepEqual(shown.slice(0, 20), []);
  });

  it('names the addresses of CMP and EST, which it has no schemas for', () => {
    const named = document['x-protocols'].flatMap(({ calls }) => calls.map(({ method, path }) => `${method} ${path}`));
    for (const path of CMP_PATHS) assert.ok(named.includes(`POST ${path}`), path);
    for (const path of estPaths('cacerts')) assert.ok(named.includes(`GET ${path}`), path);
    for (const path of estPaths('simplereenroll')) assert.ok(named.includes(`POST ${path}`), path);
    assert.ok(document['x-protocols'].some(({ labels }) => labels.includes('getcacerts')));
  });

  it('has one tag for each route, and a description for each tag', () => {
    const described: readonly string[] = document.tags.map(({ name }) => name);
    assert.deepEqual(described, [...new Set(described)]);
    for (const { path, method } of ROUTES) {
      const { tags } = present(document.paths[path]?.[method], path) as { readonly tags: readonly string[] };
      assert.deepEqual(tags, [tagOf(path).title.en]);
      assert.ok(tags.every((tag) => described.includes(tag)));
    }
    const segments = TAGS.flatMap((tag): readonly string[] => tag.segments);
    assert.deepEqual(segments, [...new Set(segments)]);
  });

  for (const { operationId, success } of ROUTES)
    it(`has an example of the answer to ${operationId} that its schema allows`, () => {
      assertValid(success.component, exampleOf(success.component));
    });

  it('has an example of each problem, which the schema of problems allows', () => {
    for (const [code, { value }] of Object.entries(problemExamples())) {
      assertValid('Problem', value);
      assert.ok(code in document.components.examples);
    }
  });

  it('describes every member of every schema, and every parameter', () => {
    const silent = Object.entries<Schema>(COMPONENTS).flatMap(([name, schema]) =>
      membersOf(schema)
        .filter(({ description, refersTo, type }) => description === '' && refersTo === null && !type.startsWith('"'))
        .map((member) => `${name}.${member.name}`),
    );
    assert.deepEqual(silent, []);
    const parameters = Object.values(document.paths).flatMap((path) =>
      Object.values(path).flatMap((operation) => (operation as { readonly parameters: readonly Schema[] }).parameters),
    );
    assert.deepEqual(
      parameters.filter(({ $ref, description }) => $ref === undefined && !description),
      [],
    );
  });

  it('lists every rule of the texts', () => {
    const listed = new Set(RULE_GROUPS.flatMap(({ rules }) => Object.keys(rules)));
    assert.deepEqual(
      Object.keys(RULES).filter((rule) => !listed.has(rule)),
      [],
    );
    assert.ok(JSON.stringify(document['x-rules']).includes('id-nat-structure'));
  });
});
