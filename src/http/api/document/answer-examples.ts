/**
 * Makes examples of answers from their schemas, so that no example is missing or wrong. A value
 * comes from the schema itself, from `VALUES` by the name of the member, or from an "e.g." in the
 * description.
 */
import { isObject, type Json } from '../../../kernel/json.js';
import { COMPONENTS } from '../schemas/components.js';

type Schema = Readonly<Record<string, unknown>>;

const ID = '0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11';
const SHA256 = '9d2c41b07f5e6a3388c1d0e4b7a95f62c3d8e1f04a7b6950d21c8e3f7a6b5d40';
const INSTANT = '2026-03-01T10:00:00Z';

/** Example values by the name of the member. A value is used only where the schema allows it. */
const VALUES: Readonly<Record<string, Json>> = {
  id: ID,
  ca: 'aci-fo-pp',
  issuer: 'aci-fo-pp',
  profile: 'fort/cps-authentication',
  serialNumber: '4f1c09a2d37be86510c4729f6b03d8e1',
  status: 'issued',
  certificate: '-----BEGIN CERTIFICATE-----\nMIIE...\n-----END CERTIFICATE-----\n',
  chain: '-----BEGIN CERTIFICATE-----\nMIIF...\n-----END CERTIFICATE-----\n',
  notAfter: '2029-03-01T10:00:00Z',
  nextUpdate: '2026-03-08T10:00:00Z',
  expiresAt: '2026-03-31T10:00:00Z',
  day: '2026-03-01',
  week: '2026-03-02',
  card: '8025000001/2600301752',
  tokenId: '8025000001/2600301752',
  holder: '810002813839',
  idNat: '810002813839',
  structure: '10B0057881',
  givenName: 'Amélie',
  surname: 'DOCTEUR',
  profession: '10',
  title: 'Médecin',
  name: 'card-management',
  account: 'card-management',
  actor: 'account:card-management',
  requestedBy: 'officer-1',
  sha256: SHA256,
  spkiSha256: SHA256,
  leafHash: SHA256,
  chainHash: SHA256,
  previousChainHash: SHA256,
  type: 'certificate.issued',
  url: 'http://igc.example.org/CRL/ACI-FO-PP.crl',
  subject: 'CN=AC IGC-SANTE FORT PERSONNES, O=ASIP-SANTE, C=FR',
  keyType: 'p-256',
  requestId: ID,
};

/** Members that are null in most answers. */
const USUALLY_NULL: ReadonlySet<string> = new Set([
  'broken',
  'failure',
  'keyOrigin',
  'nextCursor',
  'problem',
  'reason',
  'renews',
  'revocation',
  'revokedAt',
]);

/** Makes an example of the component. Optional members are left out. */
export function exampleOf(component: keyof typeof COMPONENTS): Json {
  return exampleValue(COMPONENTS[component], component);
}

function exampleValue(schema: Schema, name: string): Json {
  if (typeof schema.$ref === 'string') return exampleValue(referenced(schema.$ref), name);
  if (schema.const !== undefined) return schema.const as Json;
  for (const combined of ['anyOf', 'oneOf'] as const)
    if (Array.isArray(schema[combined])) return branchOf(schema, schema[combined] as readonly Schema[], name);
  if (schema.type === 'object' || isObject(schema.properties)) return objectOf(schema);
  if (schema.type === 'array') return [exampleValue((schema.items ?? {}) as Schema, singular(name))];
  return scalarOf(schema, name);
}

function referenced(reference: string): Schema {
  const components: Readonly<Record<string, Schema>> = COMPONENTS;
  return components[reference.slice(reference.lastIndexOf('/') + 1)] ?? {};
}

/**
 * Returns the name by which an example of an item of a list is chosen: `certificate` for an item of
 * `certificates`.
 */
function singular(name: string): string {
  return name.endsWith('s') ? name.slice(0, -1) : name;
}

function branchOf(schema: Schema, branches: readonly Schema[], name: string): Json {
  const isNullable = branches.some(({ type }) => type === 'null');
  if (isNullable && USUALLY_NULL.has(name)) return null;
  const [first = {}] = branches.filter(({ type }) => type !== 'null');
  // The alternatives of an object may only say which members are required together, so its
  // properties are added.
  const members = objectOf({ ...schema, oneOf: undefined, anyOf: undefined });
  const chosen = exampleValue(
    first.type === undefined && first.$ref === undefined ? { ...first, type: schema.type } : first,
    name,
  );
  return isObject(chosen) && isObject(schema.properties) ? { ...(members as object), ...chosen } : chosen;
}

function objectOf(schema: Schema): Json {
  const properties = (schema.properties ?? {}) as Readonly<Record<string, Schema>>;
  const named = (schema.required ?? Object.keys(properties)) as readonly string[];
  const needed = named.length > 0 ? named : Object.keys(properties).slice(0, Number(schema.minProperties ?? 0));
  const members = needed.map((member): [string, Json] => [member, exampleValue(properties[member] ?? {}, member)]);
  if (members.length > 0 || !isObject(schema.additionalProperties)) return Object.fromEntries(members);
  const names = isObject(schema.propertyNames) ? schema.propertyNames.enum : null;
  const [first = 'fort/cps-authentication'] = Array.isArray(names) ? (names as readonly string[]) : [];
  return { [first]: exampleValue(schema.additionalProperties as Schema, first) };
}

function scalarOf(schema: Schema, name: string): Json {
  const known = VALUES[name];
  if (Array.isArray(schema.examples)) return schema.examples[0] as Json;
  if (Array.isArray(schema.enum)) return (schema.enum.includes(known) ? known : schema.enum[0]) as Json;
  if (schema.type === 'null') return null;
  if (schema.type === 'boolean') return true;
  if (schema.type === 'integer' || schema.type === 'number') return Math.max(1, Number(schema.minimum ?? 1));
  if (schema.type !== 'string') return {};
  if (schema.format === 'date-time') return typeof known === 'string' && known.endsWith('Z') ? known : INSTANT;
  if (fits(schema, known)) return known as string;
  const [, given = ''] = /e\.g\. ([^\s,;]+[^\s,;.:])/.exec(String(schema.description ?? '')) ?? [];
  const candidates = [given, ID, SHA256, '2026-03-01', 'P7D', '1', 'a'];
  return candidates.find((value) => value !== '' && fits(schema, value)) ?? name;
}

function fits({ pattern, minLength, maxLength }: Schema, value: Json | undefined): boolean {
  if (typeof value !== 'string') return false;
  if (typeof pattern === 'string' && !new RegExp(pattern, 'u').test(value)) return false;
  return value.length >= Number(minLength ?? 0) && value.length <= Number(maxLength ?? value.length);
}
