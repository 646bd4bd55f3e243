/**
 * The document from which clients are written matches the service, and its examples are valid.
 */
import assert from 'node:assert/strict';
import { ANSWERED_LINES, EXAMPLES } from '../../../src/http/api/document/examples.js';
import { openApiDocument } from '../../../src/http/api/openapi.js';
import { PROBLEMS } from '../../../src/http/api/problems.js';
import { ROUTES } from '../../../src/http/api/routes.js';
import { COMPONENTS, type ComponentName, REQUEST_COMPONENTS } from '../../../src/http/api/schemas/components.js';
import { QUERIES } from '../../../src/http/api/schemas/queries.js';
import { proveApplication, vet } from '../../../src/issuance/prepare.js';
import { present } from '../../../src/kernel/assert.js';
import type { Card, CertificateOrder, Holder, Identity } from '../../../src/policy/model.js';
import { createDocumentJudge } from '../../support/validators.js';
import { NOW, testIssuer, testPolicy } from '../policy/fixtures.js';

const assertValid = await createDocumentJudge();

type Body = {
  readonly holder: Holder;
  readonly card?: Card;
  readonly identity?: Identity;
  readonly profile?: string;
  readonly csr?: string;
  readonly requests?: readonly CardRequestItem[];
};

type CardRequestItem = {
  readonly profile: string;
  readonly csr: string;
  readonly keyOrigin?: CertificateOrder['keyOrigin'];
};

function nodesOf(value: unknown): readonly object[] {
  if (typeof value !== 'object' || value === null) return [];
  return [value, ...Object.values(value).flatMap(nodesOf)];
}

describe('the OpenAPI document', () => {
  const policy = testPolicy();
  const document = openApiDocument({ version: '0.0.0', url: 'https://localhost' });

  it('has Idempotency-Key at each POST that creates something', () => {
    // These two change a delivery that is there, and send it in the background.
    const changes = ['replayDelivery', 'dropDelivery'];
    const creating = ROUTES.filter(({ method, success }) => method === 'post' && success.status !== 200);
    const without = creating.filter(({ idempotent }) => idempotent !== true).map(({ operationId }) => operationId);
    assert.deepEqual(without.sort(), changes.sort());
  });

  for (const [component, examples] of Object.entries(EXAMPLES))
    for (const [name, { value }] of Object.entries(examples)) {
      it(`has a valid example ${name} of a ${component}`, () => {
        assertValid(component as ComponentName, value);
      });

      if (component !== 'CardRequest' && component !== 'CertificateRequest') continue;
      it(`has an example ${name} of a ${component} that the policy allows`, async () => {
        const { holder, card = null, identity = null, requests, profile = '', csr = '' } = value as unknown as Body;
        for (const request of requests ?? [{ profile, csr } as CardRequestItem]) {
          const authority = present(policy.profiles.get(request.profile), request.profile).authority;
          const validity = { notBefore: null, notAfter: null };
          const { profile: id, keyOrigin = null } = request;
          const order = { profile: id, holder, card, identity, keyOrigin, validity };
          const context = { policy, issuer: testIssuer(policy, authority), now: NOW };
          const proven = await proveApplication({ order, csr: request.csr, pointer: '' }, context);
          const vetted = proven.ok ? vet(proven.value, context) : proven;
          assert.ok(vetted.ok, JSON.stringify(vetted));
        }
      });
    }

  it('has examples of answered lines that are valid, at the routes that answer so', () => {
    for (const [component, examples] of Object.entries(ANSWERED_LINES))
      for (const { value } of Object.values(examples)) assertValid(component as ComponentName, value);
    const { refused } = present(ANSWERED_LINES.OrderLine, 'results of an order');
    const shown = JSON.stringify(document.paths['/v1/orders/{id}/results']?.get);
    assert.ok(shown.includes(JSON.stringify(present(refused, 'an example').value)));
  });

  it('has the bodies of the routes among the components that are validated, and no other', () => {
    const bodies = ROUTES.flatMap(({ body }) => body ?? []);
    assert.deepEqual([...new Set(bodies)].sort(), [...REQUEST_COMPONENTS].sort());
  });

  it('has examples for every kind of holder', () => {
    const kinds = Object.values({ ...EXAMPLES.CardRequest, ...EXAMPLES.CertificateRequest }).map(
      ({ value }) => (value as unknown as Body).holder.kind,
    );
    assert.deepEqual([...new Set(kinds)].sort(), ['organisation', 'professional', 'server', 'staff']);
  });

  it('describes every pattern and format in words', () => {
    const nodes = nodesOf([COMPONENTS, QUERIES]);
    const bare = nodes.filter((node) => ('pattern' in node || 'format' in node) && !('x-expected' in node));
    assert.deepEqual(bare, []);
  });

  it('lists the roles of every route, and the status and the code of every failure', () => {
    for (const { path, method, failures } of ROUTES) {
      const operation = document.paths[path]?.[method] as {
        readonly 'x-roles': readonly string[];
        readonly responses: Readonly<Record<string, object>>;
      };
      assert.ok(operation['x-roles'].length > 0, path);
      for (const kind of [...failures, 'client-certificate-required', 'not-permitted'] as const) {
        const { status, code } = PROBLEMS[kind];
        assert.ok(JSON.stringify(operation.responses[status]).includes(`"${code}"`), `${path} ${kind}`);
      }
    }
  });

  it('documents Retry-After for every status that clients retry', () => {
    const issue = document.paths['/v1/certificates']?.post as {
      readonly responses: Readonly<Record<string, { readonly headers?: object }>>;
    };
    const withHeader = Object.entries(issue.responses).flatMap(([status, { headers }]) =>
      'Retry-After' in (headers ?? {}) ? [status] : [],
    );
    assert.deepEqual(withHeader, ['409', '429', '503']);
  });

  it('documents the language of problem documents, for each route', () => {
    for (const { path, method } of ROUTES) {
      const operation = document.paths[path]?.[method];
      const { parameters, responses } = present(operation, path) as {
        readonly parameters: readonly object[];
        readonly responses: Readonly<Record<string, { readonly headers: object }>>;
      };
      assert.ok(parameters.some((one) => '$ref' in one && one.$ref === '#/components/parameters/AcceptLanguage'));
      const problems = Object.entries(responses).filter(([status]) => !status.startsWith('2'));
      for (const [, { headers }] of problems) assert.ok('Content-Language' in headers, path);
    }
    assert.equal(document.components.parameters.AcceptLanguage.name, 'Accept-Language');
  });

  it('explains how the ids of staff and structures pair', () => {
    assert.match(
      JSON.stringify(document.components),
      /1 → 0 ADELI, 3 → 1 FINESS, 4 → 2 SIREN, 5 → 3 SIRET, 6 → 4 RPPS/,
    );
  });
});
