/**
 * Makes `/openapi.json` from the table of routes, the schemas that validate requests, the table of
 * problems and the table of roles, so that the document always matches the service.
 */
import { ROLES, type Role } from '../../access/roles.js';
import { LANGUAGES } from '../../kernel/bilingual.js';
import { LIMITS } from '../../kernel/limits.js';
import { type Fault, fault, type Violation, violation } from '../../texts/text.js';
import { exampleOf } from './document/answer-examples.js';
import { ANSWERED_LINES, EXAMPLES } from './document/examples.js';
import { PROTOCOLS } from './document/protocols.js';
import { problemCodes, RULE_GROUPS, ruleTexts } from './document/rule-groups.js';
import { TAGS, type Tag, tagOf } from './document/tags.js';
import { type FailureKind, PROBLEMS, RETRY_AFTER_FAILURES } from './problems.js';
import type { Route } from './route.js';
import { ROUTES } from './routes.js';
import { COMPONENTS, mayBeEmpty } from './schemas/components.js';
import { QUERIES } from './schemas/queries.js';

/** NDJSON: one JSON document per line. The schema in the document describes one line. */
const NDJSON_TYPE = 'application/x-ndjson';
/** A CSV table (RFC 4180). */
const CSV = 'text/csv';

const reference = (name: string) => ({ $ref: `#/components/schemas/${name}` });

const REQUEST_ID = { 'X-Request-Id': { $ref: '#/components/headers/RequestId' } };
const PROBLEM_HEADERS = { ...REQUEST_ID, 'Content-Language': { $ref: '#/components/headers/ContentLanguage' } };

const DESCRIPTION = [
  'Clients authenticate with the client certificate of an account (mutual TLS); some calls also take a certificate that acts for',
  'itself. Errors are RFC 9457 problem documents with a stable `code`. If the input is wrong, `violations` lists every location (a',
  'JSON pointer into the body, `?/name` for the query, or the name of a header), the rule, and what is expected. Times are RFC 3339',
  'in UTC, serial numbers are lower-case hex, and slashes in path parameters are percent-encoded. `title`, `detail` and',
  '`violations[].message` follow Accept-Language (English or French); `code`, `rule` and `pointer` are the same in both languages.',
  '`x-rules` lists all rules with their texts, `x-protocols` the addresses of CMP and EST; /docs of the service is this document',
  'as pages.',
].join(' ');

export function openApiDocument({ version, url }: { readonly version: string; readonly url: string }) {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of ROUTES) paths[route.path] = { ...paths[route.path], [route.method]: operationOf(route) };
  return {
    openapi: '3.1.0',
    info: {
      title: 'PFCNG',
      version,
      summary: 'Certificates of the French health sector: issue, read, suspend, revoke.',
      description: DESCRIPTION,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url }],
    security: [{ clientCertificate: [] }],
    tags: TAGS.filter(hasRoutes).map(({ title, description }) => ({ name: title.en, description: description.en })),
    'x-rules': RULE_GROUPS.map((group) => ({ subject: group.title, codes: group.codes, rules: ruleTexts(group) })),
    'x-protocols': PROTOCOLS.map(({ title, description, id: _, ...protocol }) => ({
      name: title.en,
      description: description.en,
      ...protocol,
      calls: protocol.calls.map((call) => ({ ...call, purpose: call.purpose.en })),
    })),
    paths,
    components: {
      schemas: publishedSchemas(),
      headers: { RequestId: requestId, ContentLanguage: contentLanguage },
      parameters: { AcceptLanguage: acceptLanguage },
      examples: problemExamples(),
      securitySchemes: { clientCertificate: { type: 'mutualTLS' } },
    },
  };
}

/**
 * Removes the discriminators from the published schemas. OpenAPI allows a discriminator only
 * between named schemas; ours select between inline schemas, so that violations are clearer.
 * Clients do not need them, because each alternative has a member with a constant value.
 */
function publishedSchemas(): typeof COMPONENTS {
  const text = JSON.stringify(COMPONENTS, (key, value: unknown) => (key === 'discriminator' ? undefined : value));
  return JSON.parse(text) as typeof COMPONENTS;
}

function hasRoutes({ id }: Tag): boolean {
  return ROUTES.some(({ path }) => tagOf(path).id === id);
}

function operationOf(route: Route) {
  const { operationId, summary, description, success } = route;
  const roles = rolesOf(route);
  const allowed = `Allowed for accounts with one of these roles: ${roles.join(', ')}.${allowedForSelf(route)}`;
  return {
    operationId,
    tags: [tagOf(route.path).title.en],
    summary,
    description: description === undefined ? allowed : `${description} ${allowed}`,
    'x-roles': roles,
    parameters: parametersOf(route),
    ...requestBodyOf(route),
    responses: {
      [success.status]: { description: 'Success.', headers: REQUEST_ID, content: contentOf(success) },
      ...repeatedResponse(success),
      ...problemResponses(failuresOf(route)),
      default: {
        description: 'Any other problem document (RFC 9457).',
        headers: PROBLEM_HEADERS,
        content: { 'application/problem+json': { schema: reference('Problem'), examples: OTHER_PROBLEMS } },
      },
    },
  };
}

function repeatedResponse(success: Route['success']) {
  if (success.repeated === undefined) return {};
  const description = 'The same again: nothing new was made.';
  return { [success.repeated]: { description, headers: REQUEST_ID, content: contentOf(success) } };
}

function contentOf({ component, lines, csv }: Route['success']) {
  const schema = reference(component);
  const example = exampleOf(component);
  if (!lines) return { 'application/json': { schema, example } };
  const line = { line: { summary: 'One line', value: example } };
  const examples = ANSWERED_LINES[component] ?? line;
  const table = csv ? { [CSV]: { schema: { type: 'string', description: 'The members are the columns.' } } } : {};
  return { [NDJSON_TYPE]: { schema, examples }, ...table };
}

function rolesOf(route: Route): readonly Role[] {
  const relayed = route.kind === 'json' ? route.relayed : undefined;
  const actions = [route.action, ...(relayed === undefined ? [] : [relayed])];
  return (Object.keys(ROLES) as Role[]).filter((role) => actions.some((action) => ROLES[role].includes(action)));
}

function allowedForSelf(route: Route): string {
  const self = route.kind === 'json' ? route.self : undefined;
  return self === undefined ? '' : ` A certificate whose profile lists ${self} may call it for itself.`;
}

/** The additional failures of a route that takes an Idempotency-Key. */
const IDEMPOTENCY_FAILURES: readonly FailureKind[] = ['invalid-request', 'in-progress', 'idempotency-mismatch'];

/**
 * Returns all failures of a route: those of its handler, and those of the steps before it
 * (`api.ts`).
 */
function failuresOf({ kind, method, failures, body, query, success, idempotent }: Route): readonly FailureKind[] {
  const any: readonly FailureKind[] = [
    'client-certificate-required',
    'not-permitted',
    'overloaded',
    'database-unavailable',
    'internal-error',
  ];
  const ofBody: readonly FailureKind[] = body === null ? [] : ['body-too-slow', 'too-large', 'unsupported-media-type'];
  // Only a GET without query parameters ignores what a query contains. Every other route checks its
  // query, so it can fail with body-malformed.
  const ofForm: readonly FailureKind[] = query === null && method === 'get' ? [] : ['body-malformed'];
  const ofExport: readonly FailureKind[] = kind === 'json' && success.lines === true ? ['quota-exceeded'] : [];
  const ofKey: readonly FailureKind[] = idempotent === true ? IDEMPOTENCY_FAILURES : [];
  return [...any, ...ofBody, ...ofForm, ...ofExport, ...ofKey, ...failures];
}

/** Makes one response for each HTTP status, with its problem codes and their titles. */
function problemResponses(failures: readonly FailureKind[]) {
  const statuses = [...new Set(failures.map((kind) => PROBLEMS[kind].status))].sort((one, other) => one - other);
  return Object.fromEntries(
    statuses.map((status) => [status, problemResponse(failures.filter((kind) => PROBLEMS[kind].status === status))]),
  );
}

function problemResponse(kinds: readonly FailureKind[]) {
  const titles = new Map(kinds.map((kind) => [PROBLEMS[kind].code, PROBLEMS[kind].title]));
  const codes = { type: 'object', properties: { code: { type: 'string', enum: [...titles.keys()] } } };
  const examples = exampleReferences([...titles.keys()]);
  const retried = kinds.filter((kind) => kind in RETRY_AFTER_FAILURES).map((kind) => PROBLEMS[kind].code);
  return {
    description: [...titles].map(([code, title]) => `\`${code}\`: ${title.en}.`).join(' '),
    headers: retried.length === 0 ? PROBLEM_HEADERS : { ...PROBLEM_HEADERS, 'Retry-After': retryAfter(retried) },
    content: { 'application/problem+json': { schema: { allOf: [reference('Problem'), codes] }, examples } },
  };
}

function exampleReferences(codes: readonly string[]) {
  return Object.fromEntries(codes.map((code) => [code, { $ref: `#/components/examples/${code}` }]));
}

/**
 * The problems that no route lists: of requests that fail before a route is reached, and of EST.
 */
const OTHER_PROBLEMS = exampleReferences(otherCodes());

function otherCodes(): readonly string[] {
  const known = new Set<string>(ROUTES.flatMap(failuresOf).map((kind) => PROBLEMS[kind].code));
  return problemCodes()
    .map(({ code }) => code)
    .filter((code) => !known.has(code));
}

/**
 * Makes an example problem document for each code, with a rule and a pointer where such problems
 * have them.
 */
export function problemExamples() {
  const shown = problemCodes().map(({ code, status, title }) => {
    const rule = EXAMPLE_RULES[code];
    const requestId = '0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11';
    const problem = { type: `urn:pfcng:problem:${code}`, title: title.en, status, code, requestId };
    const value = rule === undefined ? { ...problem, detail: title.en } : { ...problem, ...described(rule) };
    return [code, { summary: title.en, value }] as const;
  });
  return Object.fromEntries(shown);
}

function described({ pointer, ...broken }: Partial<Violation> & Fault) {
  const message = broken.message.en;
  if (pointer === undefined) return { rule: broken.rule, detail: message };
  return { detail: `${pointer}: ${message}`, violations: [{ pointer, rule: broken.rule, message }] };
}

const EXAMPLE_RULES: Readonly<Record<string, Fault | Violation>> = {
  'invalid-request': violation('/holder/surname', 'member-required'),
  'not-permitted': fault('role-permits', { action: 'issue' }),
  'state-conflict': fault('already-revoked'),
  'policy-violated': violation('/holder/idNat', 'rpps-key', { register: 'RPPS' }),
  'key-rejected': violation('/csr', 'key-of-one-holder'),
  'proof-of-possession-failed': violation('/csr', 'request-signature-verifies'),
};

const requestId = {
  schema: { type: 'string' },
  description: 'In every response. The log and the audit log name the request by it.',
} as const;

const contentLanguage = {
  schema: { type: 'string', enum: LANGUAGES },
  description: 'The language of the texts of the problem document.',
} as const;

const acceptLanguage = {
  name: 'Accept-Language',
  in: 'header',
  schema: { type: 'string' },
  description:
    'RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client ' +
    'accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself.',
} as const;

function retryAfter(codes: readonly string[]) {
  return {
    schema: { type: 'integer', minimum: 1 },
    description: `Seconds to wait before the request is retried. Present with ${[...new Set(codes)].join(', ')}.`,
  };
}

function requestBodyOf({ kind, body }: Route) {
  if (body === null) return {};
  const examples = EXAMPLES[body];
  const content = { schema: reference(body), ...(examples === undefined ? {} : { examples }) };
  if (kind === 'json')
    return { requestBody: { required: !mayBeEmpty(body), content: { 'application/json': content } } };
  const description =
    'Any number of JSON documents, each on a line of its own (NDJSON). The schema describes one line.';
  return { requestBody: { required: true, description, content: { [NDJSON_TYPE]: content } } };
}

const PATH_PARAMETERS: Readonly<Record<string, string>> = {
  tokenId: 'Token id of the card, its slash percent-encoded: 8025000001%2F2600301752.',
  spkiSha256: 'SHA-256 of the SubjectPublicKeyInfo, lower-case hex.',
  class: 'Name of a class of the campaign.',
  endpoint: 'Name of an endpoint of the configuration.',
  idNat: 'IdNat of the holder, its slash percent-encoded: 30B0057881%2FCPET0002.',
};

const IDEMPOTENCY_KEY = [
  `1 to ${LIMITS.idempotencyKeyCharactersMax} visible ASCII characters, e.g. a UUID; bare, or as a Structured Fields string in`,
  'double quotes. If the key and the bytes of the body are the same, nothing new is made: the response has the status of the',
  'first one and the current state of what that request made (a certificate may have been revoked since: check its status).',
  'With another body: 422 idempotency-mismatch. While the first request is being processed: 409 in-progress with Retry-After.',
  'The key of a rejected request can be used again. A key belongs to one account and one path. Without a key, a request that is',
  'sent twice is executed twice, unless the route says otherwise.',
].join(' ');

const STREAM_IDEMPOTENCY_KEY = [
  'Advised: 1 to 128 visible ASCII characters, e.g. a UUID. If the key was used before and Content-Digest is that of the first',
  'upload, the first order is answered before an octet of the body is read, also to Expect: 100-continue. Without Content-Digest',
  'the upload is read and compared, and stored once. With another body or other parameters, paused apart: 422',
  'idempotency-mismatch. While the first upload is being received: 409 in-progress. The key of an upload that was not accepted',
  'can be used again.',
].join(' ');

const CONTENT_DIGEST = {
  name: 'Content-Digest',
  in: 'header',
  description: [
    'Advised: the SHA-256 of the body (RFC 9530). An upload with another digest is refused (400 invalid-request, content-digest).',
    'Where each line is answered while the upload goes on, the answer breaks off instead, and what it has answered is stored.',
  ].join(' '),
  schema: { type: 'string', example: 'sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:' },
} as const;

function parametersOf({ kind, path, query, idempotent }: Route) {
  const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
    description: PATH_PARAMETERS[name] ?? 'From an earlier response.',
  }));
  const schema = query === null ? null : QUERIES[query];
  const required: readonly string[] = schema?.required ?? [];
  const searched = Object.entries(schema?.properties ?? {}).map(([name, value]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    description: 'description' in value ? value.description : '',
    schema: value,
  }));
  const schemaOfKey = { type: 'string', minLength: 1, maxLength: LIMITS.idempotencyKeyCharactersMax };
  const description = kind === 'stream' ? STREAM_IDEMPOTENCY_KEY : IDEMPOTENCY_KEY;
  const idempotency = idempotent ? [{ name: 'Idempotency-Key', in: 'header', description, schema: schemaOfKey }] : [];
  const digest = kind === 'stream' ? [CONTENT_DIGEST] : [];
  return [...named, ...searched, ...idempotency, ...digest, { $ref: '#/components/parameters/AcceptLanguage' }];
}
