/** The violations that a client gets: the path, and in words what is expected. */
import assert from 'node:assert/strict';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { EXAMPLES } from '../../../src/http/api/document/examples.js';
import { COMPONENTS, REQUEST_COMPONENTS } from '../../../src/http/api/schemas/components.js';
import { QUERIES } from '../../../src/http/api/schemas/queries.js';
import { validateBody, validateQuery } from '../../../src/http/api/validate.js';
import { LIMITS } from '../../../src/kernel/limits.js';
import { VALUE_RULES } from '../../../src/texts/api-rules.js';

const BODY = EXAMPLES.CertificateRequest?.organisation?.value ?? {};
const PROFESSIONAL = EXAMPLES.CardRequest?.cps?.value.holder as object;

function saidOf(checked: ReturnType<typeof validateBody>): readonly string[] {
  return checked.ok ? [] : checked.error.violations.map(({ pointer, message }) => `${pointer}: ${message.en}`);
}
const saidOfBody = (body: object) => saidOf(validateBody('CertificateRequest', { ...BODY, ...body }));
const saidOfQuery = (query: Readonly<Record<string, unknown>>) => saidOf(validateQuery('search', query));

/** Members of schemas by which nothing is judged. */
const NOTES = ['properties', 'items', 'description', 'examples', 'x-expected', '$ref', 'default'];

type Keyword = { readonly keyword: string; readonly schema: object };

/** The keywords by which Ajv judges values, each with the schema that it stands in. */
function keywordsOf(schema: unknown): readonly Keyword[] {
  if (Array.isArray(schema)) return schema.flatMap(keywordsOf);
  if (typeof schema !== 'object' || schema === null) return [];
  const own = Object.keys(schema).flatMap((keyword) => (NOTES.includes(keyword) ? [] : [{ keyword, schema }]));
  const {
    properties = {},
    items,
    oneOf,
    anyOf,
  }: { properties?: object; items?: unknown; oneOf?: unknown; anyOf?: unknown } = schema;
  return [...own, ...[...Object.values(properties), items, oneOf, anyOf].flatMap(keywordsOf)];
}

describe('the schemas of bodies and queries', () => {
  for (const [name, schema] of [...Object.entries(COMPONENTS), ...Object.entries(QUERIES)])
    it(`${name} is a valid schema`, () => {
      const ajv = new Ajv2020({ discriminator: true });
      assert.equal(ajv.validateSchema(schema), true, JSON.stringify(ajv.errors));
      assert.equal(ajv.validateSchema({ ...schema, type: 'thing' }), false, 'and it can fail');
    });
});

describe('a violation of a schema', () => {
  it('lists the kinds of holder for a wrong and for a missing kind', () => {
    const kinds = 'one of professional, staff, organisation, server';
    assert.deepEqual(saidOfBody({ holder: { kind: 'wizard' } }), [`/holder/kind: must be ${kinds}`]);
    assert.deepEqual(saidOfBody({ holder: {} }), [`/holder/kind: is required: ${kinds}`]);
  });

  it('of a value that may also be null is that of the value', () => {
    const saidOfDates = (suspendsAt: unknown) => saidOf(validateBody('CampaignDates', { suspendsAt }));
    assert.deepEqual(
      saidOfDates('tomorrow').map((said) => said.replace(/:.*/, '')),
      ['/suspendsAt'],
    );
    assert.ok(saidOfDates(7).length > 0);
    assert.deepEqual(saidOfDates(null), []);
  });

  it('describes the expected text, and never shows the pattern', () => {
    const holder = { ...PROFESSIONAL, profession: 'médecin' };
    assert.deepEqual(saidOfBody({ holder }), ['/holder/profession: must be two digits, a TRE_G15 code, e.g. 10']);
    assert.deepEqual(saidOfQuery({ serialNumber: 'word' }), [
      '?/serialNumber: must be a serial number in hexadecimal (colons, spaces, 0x and leading zeros are allowed) or in decimal',
    ]);
    assert.deepEqual(saidOfBody({ validity: { notAfter: '2027-02-30' } }), [
      '/validity/notAfter: must be an RFC 3339 time in UTC, e.g. 2026-03-01T10:00:00Z',
    ]);
  });

  it('lists the members of the object for an unknown one', () => {
    assert.deepEqual(saidOfBody({ subject: 'CN=me' }), [
      '/subject: unknown member; the members are profile, csr, holder, card, identity, keyOrigin, container, validity',
    ]);
  });

  it('states the only value that a member may have', () => {
    const saidOfAbandonment = (written: unknown) => saidOf(validateBody('CardUpdateAbandonment', { written }));
    assert.deepEqual(saidOfAbandonment(false), []);
    for (const written of [true, 'no', null])
      assert.ok(saidOfAbandonment(written).includes('/written: must be false'), String(written));
  });

  it('has words for every keyword that the schemas of requests use', () => {
    const worded = new Set([...Object.keys(VALUE_RULES), 'additionalProperties', 'required', 'discriminator', 'anyOf']);
    for (const { keyword, schema } of REQUEST_COMPONENTS.flatMap((name) => keywordsOf(COMPONENTS[name])))
      assert.ok(
        worded.has(keyword) || 'x-expected' in schema || 'discriminator' in schema,
        `${keyword} of ${JSON.stringify(schema)}`,
      );
  });

  it('of a call without parameters names each of those that are sent', () => {
    assert.deepEqual(validateQuery(null, {}), { ok: true, value: {} });
    assert.deepEqual(saidOf(validateQuery(null, { dryRun: 'true' })), [
      '?/dryRun: unknown parameter; this operation has none',
    ]);
  });

  it('reports an empty or too long text, and a parameter that is given twice', () => {
    assert.deepEqual(saidOfBody({ csr: '' }), ['/csr: is empty']);
    assert.deepEqual(saidOfBody({ profile: 'x'.repeat(65) }), ['/profile: has more than 64 characters']);
    assert.deepEqual(saidOfQuery({ ca: ['a', 'b'] }), ['?/ca: must be given only once']);
  });

  it('states the range of page sizes for a limit outside of it', () => {
    for (const limit of ['1', '50', String(LIMITS.searchPageSizeMax)])
      assert.deepEqual(validateQuery('search', { limit }), { ok: true, value: { limit } });
    for (const limit of ['0', '-1', '01', '1.5', '1e2', 'ten', '', String(LIMITS.searchPageSizeMax + 1)])
      assert.deepEqual(saidOfQuery({ limit }), [
        `?/limit: must be a whole number from 1 to ${LIMITS.searchPageSizeMax}`,
      ]);
  });
});
