/** `/openapi.json` from the table of routes and the schemas that validate: there is nothing else to keep in step. */

import { ROUTES, type Route } from './routes.js';
import { COMPONENTS, PAGE_QUERY, SEARCH_QUERY } from './schemas.js';

const reference = (name: string) => ({ $ref: `#/components/schemas/${name}` });

const PROBLEM_RESPONSE = {
  description: 'A problem document (RFC 9457).',
  content: { 'application/problem+json': { schema: reference('Problem') } },
};

export function openApiDocument({ version, url }: { readonly version: string; readonly url: string }) {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of ROUTES) paths[route.path] = { ...paths[route.path], [route.method]: operationOf(route) };
  return {
    openapi: '3.1.0',
    info: {
      title: 'PFCNG',
      version,
      summary: 'Certificates of the French health sector: issue, read, suspend, revoke.',
      description: 'Mutual TLS: the client certificate of an account. Errors are RFC 9457 problem documents.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url }],
    security: [{ clientCertificate: [] }],
    paths,
    components: { schemas: COMPONENTS, securitySchemes: { clientCertificate: { type: 'mutualTLS' } } },
  };
}

function operationOf(route: Route) {
  const { operationId, summary, success, body } = route;
  return {
    operationId,
    summary,
    parameters: parametersOf(route),
    ...(body === null ? {} : { requestBody: requestBodyOf(body) }),
    responses: {
      [success.status]: {
        description: 'Done.',
        content: { 'application/json': { schema: reference(success.component) } },
      },
      default: PROBLEM_RESPONSE,
    },
  };
}

function requestBodyOf(component: string) {
  return { required: component !== 'Empty', content: { 'application/json': { schema: reference(component) } } };
}

function parametersOf({ method, path, query }: Route) {
  const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
    description: 'Percent-encoded where it contains a slash.',
  }));
  const schema = query === 'search' ? SEARCH_QUERY : query === 'page' ? PAGE_QUERY : null;
  const searched = Object.entries(schema?.properties ?? {}).map(([name, value]) => ({
    name,
    in: 'query',
    schema: value,
  }));
  const idempotency =
    method === 'post' && /certificates$/.test(path)
      ? [{ name: 'Idempotency-Key', in: 'header', schema: { type: 'string', minLength: 1, maxLength: 128 } }]
      : [];
  return [...named, ...searched, ...idempotency];
}
