/**
 * Requests at the limits of their schemas: strings of maximal length, dates at both ends of the
 * calendar. What the schemas accept must have a place in the audit log, whose entries are bounded
 * too. A search with `expiresBefore=9999-12-31T23:59:59Z` was once answered with 500.
 * PFCNG_LIMIT_REQUESTS is how many requests are sent to each route.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ROLES, type Role } from '../../../../src/access/roles.js';
import type { Route } from '../../../../src/http/api/route.js';
import { ROUTES } from '../../../../src/http/api/routes.js';
import { COMPONENTS } from '../../../../src/http/api/schemas/components.js';
import { QUERIES } from '../../../../src/http/api/schemas/queries.js';
import { registrationBody } from '../../../support/enrolment/registration-routes.js';
import type { IssuedCertificate } from '../../../support/service/client.js';
import { makeCsr, makeKey } from '../../../support/service/csr.js';
import { describeService, type RunningService } from '../../../support/service/describe-service.js';
import { type Body, bodyOf, cardBody, IDENTITY } from '../../../support/service/orders.js';

const RUNS_PER_ROUTE = Number(process.env.PFCNG_LIMIT_REQUESTS ?? 6);

/** A JSON Schema, as far as those of requests use it. */
type Schema = {
  readonly $ref?: string;
  readonly const?: string;
  readonly enum?: readonly string[];
  readonly oneOf?: readonly Schema[];
  readonly type?: string;
  readonly format?: string;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxItems?: number;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
};

const DATES = [
  '0000-01-01T00:00:00Z',
  '1969-12-31T23:59:59Z',
  '9999-12-31T23:59:59Z',
  '9999-12-31T23:59:59.999999999Z',
];
/** Characters of one to four octets in UTF-8, and some that are not printable. */
const CHARACTERS = ['a', '9', '*', '/', 'é', '医', '\u{1f3e5}', ' ', '\n', '\u007f', '\u0000'];
const LENGTH_MAX = 512;
const ITEMS_MAX = 60;

/** Values at the limits of a schema. Members of `usual` may stay as they are. */
function atLimits(schema: Schema, usual: unknown = undefined): fc.Arbitrary<unknown> {
  const limits = limitsOf(schema, usual);
  return usual === undefined ? limits : fc.oneof(fc.constant(usual), limits);
}

function limitsOf(schema: Schema, usual: unknown): fc.Arbitrary<unknown> {
  const { $ref, oneOf, items, maxItems = 1, minimum = 0, maximum = 1 } = schema;
  if ($ref !== undefined)
    return limitsOf(COMPONENTS[$ref.split('/').at(-1) as keyof typeof COMPONENTS] as Schema, usual);
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  if (oneOf !== undefined) return fc.oneof(...oneOf.map((one) => limitsOf(one, usual)));
  if (items !== undefined)
    return fc.array(limitsOf(items, undefined), { maxLength: Math.min(maxItems, ITEMS_MAX), size: 'max' });
  if (schema.type === 'integer') return fc.constantFrom(minimum, maximum);
  return schema.type === 'object' ? objectsOf(schema, usual) : stringsOf(schema);
}

function objectsOf({ properties = {}, required = [] }: Schema, usual: unknown): fc.Arbitrary<unknown> {
  const before = (usual ?? {}) as Readonly<Record<string, unknown>>;
  const members = Object.entries(properties).map(([name, one]) => [name, atLimits(one, before[name])] as const);
  return fc.record(Object.fromEntries(members), { requiredKeys: [...required] });
}

function stringsOf({ format, pattern, maxLength = LENGTH_MAX }: Schema): fc.Arbitrary<string> {
  if (format === 'date-time') return fc.constantFrom(...DATES);
  const length = Math.min(maxLength, LENGTH_MAX);
  const longest = CHARACTERS.map((one) => one.repeat(length));
  const form = new RegExp(pattern ?? '', 'u');
  const fitting = longest.filter((text) => form.test(text));
  return fitting.length > 0 ? fc.constantFrom(...fitting) : fc.stringMatching(form, { size: 'max' });
}

describeService('requests at the limits of their schemas', { on: 'each' }, (running) => {
  for (const route of ROUTES.filter(({ body, query }) => body !== null || query !== null))
    it(`are written to the audit log: ${route.method.toUpperCase()} ${route.path}`, async () => {
      const { usual, path } = await usualRequest(running, route.path);
      // What is in a streamed body is looked at after the request.
      const isInQuery = route.body === null || route.kind === 'stream';
      const schema = isInQuery ? QUERIES[route.query ?? 'search'] : COMPONENTS[route.body];
      const client = running.shared.as(ACCOUNTS[roleFor(route)]);
      const property = fc.asyncProperty(atLimits(schema as Schema, usual()), async (sent) => {
        const method = route.method === 'get' ? 'GET' : 'POST';
        const headers = { 'idempotency-key': crypto.randomUUID() };
        const query = isInQuery ? `?${queryOf(sent as Readonly<Record<string, unknown>>)}` : '';
        const content = isInQuery ? {} : { body: sent };
        const line = route.kind === 'stream' ? { raw: '{}\n', type: 'application/x-ndjson' } : {};
        const { status, body } = await client.call(method, `${path}${query}`, { ...content, ...line, headers });
        assert.ok(status < 500, JSON.stringify(body));
      });
      await fc.assert(property, { numRuns: RUNS_PER_ROUTE, endOnFailure: true });
    });

  it('which has entries of searches to the last day of the year 9999', async () => {
    const found = await running.cards.call('GET', `/v1/certificates?expiresBefore=${DATES.at(-1)}&ca=aci-fo-pp`);
    assert.equal(found.status, 200);
    const { entries } = await running.officer.expect<{ readonly entries: readonly { readonly entry: Body }[] }>(
      'GET',
      '/v1/audit/entries?type=certificate.searched&limit=1',
    );
    const [newest = assert.fail('an entry')] = entries;
    assert.equal((newest.entry.details as Body).expiresBefore, '9999-12-31T23:59:59.999Z');
  });
});

const ACCOUNTS = {
  'card-management': 'card-management',
  'registration-office': 'no-rights',
  ra: 'no-rights',
  'card-bureau': 'no-rights',
  portal: 'no-rights',
  officer: 'officer-1',
  auditor: 'auditor',
  support: 'support',
  operator: 'operator',
} as const;

function roleFor({ action }: Route): Role {
  const role = (Object.keys(ROLES) as Role[]).find((one) => ROLES[one].includes(action));
  return role ?? assert.fail(`no role permits ${action}`);
}

function queryOf(members: Readonly<Record<string, unknown>>): string {
  return new URLSearchParams(Object.entries(members).map(([name, value]) => [name, String(value)])).toString();
}

/** A request of the route that succeeds, and its path, on a certificate that was just issued. */
async function usualRequest(running: RunningService, path: string) {
  const body = bodyOf('fort/cps-signature');
  const issued = await running.cards.expect<IssuedCertificate>('POST', '/v1/certificates', { body });
  const card = cardBody() as { readonly card: { readonly tokenId: string } };
  const id = path.startsWith('/v1/cas') ? issued.ca : path.startsWith('/v1/accounts') ? 'card-management' : issued.id;
  const tokenId = path.endsWith('/certificates') ? card.card.tokenId : String(issued.card?.tokenId);
  const parameters: Readonly<Record<string, string>> = { id, tokenId, idNat: String(issued.holder.idNat) };
  const usual = (): unknown => {
    if (path === '/v1/certificates') return { ...bodyOf('fort/cps-signature'), identity: IDENTITY };
    if (path.startsWith('/v1/cards') && path.endsWith('/certificates')) return card;
    if (path.endsWith('/registrations')) return registrationBody(['fort/cps-signature']);
    if (path.endsWith('/renewal')) return { csr: makeCsr(makeKey('p-256')), identity: IDENTITY };
    return path.endsWith('/revocation') ? { reason: 'superseded' } : undefined;
  };
  return { usual, path: path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(parameters[name] ?? '')) };
}
