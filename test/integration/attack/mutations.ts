/**
 * Valid requests with mutations: of the DER of certification requests (signed again, so that the
 * code after the signature check is reached), of the JSON of bodies, and of the bytes of both.
 */
import { type KeyObject, sign } from 'node:crypto';
import fc from 'fast-check';
import { tlv } from '../../support/hsm/der.js';
import { csrDer, type HolderKey, makeKey, toPem } from '../../support/service/csr.js';
import { cardBody, nextNumber, orderOf, PROFILES, tokenId } from '../../support/service/orders.js';

export type MutatedRequest = {
  readonly path: string;
  readonly raw: Buffer;
  readonly type: string;
  readonly headers: Readonly<Record<string, string>>;
};

/** Places and values are taken modulo the available number. */
type Change = { readonly kind: (typeof KINDS)[number]; readonly at: number; readonly value: number };
const KINDS = ['flip', 'set', 'cut', 'insert', 'remove', 'repeat', 'tag', 'length', 'nest', 'high-tag'] as const;

const change: fc.Arbitrary<Change> = fc.record({ kind: fc.constantFrom(...KINDS), at: fc.nat(), value: fc.nat() });

function changed(octets: Buffer, { kind, at, value }: Change): Buffer {
  const place = octets.length === 0 ? 0 : at % octets.length;
  const [before, rest] = [octets.subarray(0, place), octets.subarray(place)];
  const some = (value % 40) + 1;
  switch (kind) {
    case 'flip':
      return Buffer.concat([before, Buffer.of((rest[0] ?? 0) ^ (1 << (value % 8))), rest.subarray(1)]);
    case 'set':
      return Buffer.concat([before, Buffer.of(value % 256), rest.subarray(1)]);
    case 'cut':
      return before;
    case 'insert':
      return Buffer.concat([before, Buffer.alloc(some, value % 256), rest]);
    case 'remove':
      return Buffer.concat([before, rest.subarray(some)]);
    case 'repeat':
      return Buffer.concat([before, rest.subarray(0, some), rest]);
    default:
      return atElement(octets, { kind, at, value });
  }
}

/** Mutations of DER: another tag, another length, nested elements. */
function atElement(octets: Buffer, { kind, at, value }: Change): Buffer {
  const places = elementsOf(octets);
  const place = places[at % Math.max(1, places.length)] ?? 0;
  const [before, rest] = [octets.subarray(0, place), octets.subarray(place)];
  const lengths = ['80', '00', '84ffffffff', '88ffffffffffffffff', '8100', '820001', 'ff', '7f'];
  switch (kind) {
    case 'tag':
      return Buffer.concat([before, Buffer.of(value % 256), rest.subarray(1)]);
    case 'length':
      return Buffer.concat([
        before,
        rest.subarray(0, 1),
        Buffer.from(lengths[value % lengths.length] ?? '', 'hex'),
        rest.subarray(2),
      ]);
    case 'nest': {
      let inner: Buffer = rest;
      for (let depth = 0; depth < value % 60; depth += 1) inner = tlv(0x30, inner);
      return Buffer.concat([before, inner]);
    }
    default:
      return Buffer.concat([before, Buffer.of(0x3f, 0xff, 0xff, 0xff, value % 128), rest.subarray(1)]);
  }
}

/** The positions of elements, as far as the lengths are valid. */
function elementsOf(octets: Buffer): readonly number[] {
  const places: number[] = [];
  const visit = (from: number, to: number): void => {
    for (let at = from; at + 2 <= to; ) {
      places.push(at);
      const first = octets[at + 1] ?? 0;
      const more = first < 0x80 ? 0 : first - 0x80;
      const length = octets.subarray(at + 2, at + 2 + Math.min(more, 3)).reduce((sum, octet) => sum * 256 + octet, 0);
      const content = at + 2 + more;
      const end = content + (more === 0 ? first : length);
      if (((octets[at] ?? 0) & 0x20) !== 0) visit(content, Math.min(to, end));
      at = end;
    }
  };
  visit(0, octets.length);
  return places;
}

export const changes = (maxLength: number): fc.Arbitrary<readonly Change[]> =>
  fc.array(change, { maxLength, size: 'max' });
/** Most of a request stays valid, so that the mutated part is reached. */
export const seldom = <Item>(list: fc.Arbitrary<readonly Item[]>): fc.Arbitrary<readonly Item[]> =>
  fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: list });
export const allOf = (octets: Buffer, list: readonly Change[]): Buffer => list.reduce(changed, octets);

const KEYS: readonly HolderKey[] = [makeKey('p-256'), makeKey('p-384'), makeKey('rsa-2048'), makeKey('rsa-1024')];
const ALGORITHMS = ['300a06082a8648ce3d040302', '300d06092a864886f70d01010b0500', '300a06082a8648ce3d040301', '3000'];

/** A mutated CertificationRequestInfo with a valid signature. */
function signedAgain(info: Buffer, privateKey: KeyObject, algorithm: number): Buffer {
  const identifier = Buffer.from(ALGORITHMS[algorithm] ?? '', 'hex');
  return tlv(0x30, info, identifier, tlv(0x03, Buffer.of(0), sign('sha256', info, privateKey)));
}

const request: fc.Arbitrary<string> = fc
  .record({
    // Sometimes a new key, so that harmless mutations lead to a certificate.
    key: fc.oneof(fc.constantFrom(...KEYS), fc.constant(null)),
    inside: seldom(changes(3)),
    algorithm: fc.oneof(
      { weight: 3, arbitrary: fc.constant(null) },
      { weight: 1, arbitrary: fc.nat(ALGORITHMS.length - 1) },
    ),
    outside: seldom(changes(2)),
    text: fc.oneof({ weight: 9, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: changes(2) }),
  })
  .map(({ key, inside, algorithm, outside, text }) => {
    const pair = key ?? makeKey('p-256');
    const good = csrDer(pair);
    // Inside the outer SEQUENCE, whose header has four bytes, or three for a length up to 255.
    const info = good.subarray((good[1] ?? 0) === 0x82 ? 4 : 3);
    const length = elementLength(info);
    const own = pair.publicKey.asymmetricKeyType === 'rsa' ? 1 : 0;
    const spoiled =
      inside.length === 0 && algorithm === null
        ? good
        : signedAgain(allOf(info.subarray(0, length), inside), pair.privateKey, algorithm ?? own);
    const pem = toPem('CERTIFICATE REQUEST', allOf(spoiled, outside));
    return allOf(Buffer.from(pem), text).toString('utf8');
  });

function elementLength(der: Buffer): number {
  const first = der[1] ?? 0;
  if (first < 0x80) return 2 + first;
  return 2 + (first - 0x80) + der.readUIntBE(2, first - 0x80);
}

/** JSON values, and names with a meaning in JavaScript. */
const value: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom<unknown>(
    null,
    true,
    -1,
    1e308,
    0.1,
    '',
    '\u0000',
    '\ud800',
    [],
    {},
    [[[[[[[[]]]]]]]],
    'x'.repeat(5_000),
  ),
  fc.constantFrom<unknown>('2026-13-45T99:99:99Z', '../../etc/passwd', "' OR 1=1 --", '__proto__', 'p'.repeat(64)),
  fc.string({ unit: 'binary' }),
);
const member = fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', 'toString', 'csr', 'profile', ''));

type Edit = {
  readonly at: number;
  readonly how: 'replace' | 'remove' | 'add';
  readonly member: string;
  readonly value: unknown;
};
const edits: fc.Arbitrary<readonly Edit[]> = fc.array(
  fc.record({
    at: fc.nat(),
    how: fc.constantFrom('replace' as const, 'remove' as const, 'add' as const),
    member,
    value,
  }),
  { maxLength: 3 },
);

type Place = { readonly parent: Record<string, unknown>; readonly name: string };

function placesIn(parent: Record<string, unknown>): readonly Place[] {
  return Object.keys(parent).flatMap((name) => {
    const child = parent[name];
    const inner = typeof child === 'object' && child !== null ? placesIn(child as Record<string, unknown>) : [];
    return [{ parent, name }, ...inner];
  });
}

function edited(body: unknown, list: readonly Edit[]): unknown {
  const root = { body: structuredClone(body) };
  for (const { at, how, member: name, value } of list) {
    // Without a copy, a value that was drawn twice could contain itself.
    const given = structuredClone(value);
    const places = placesIn(root);
    const place = places[at % Math.max(1, places.length)];
    if (place === undefined) continue;
    const inner = place.parent[place.name];
    if (how === 'remove') delete place.parent[place.name];
    else if (how === 'replace') place.parent[place.name] = given;
    else if (typeof inner === 'object' && inner !== null)
      Object.defineProperty(inner, name, { value: given, enumerable: true, configurable: true, writable: true });
  }
  return root.body;
}

const ROUTES = ['certificates', 'card', 'revocation', 'suspension', 'card-revocation'] as const;

export const spoiled: fc.Arbitrary<MutatedRequest> = fc
  .record({
    route: fc.constantFrom(...ROUTES, ...ROUTES.slice(0, 2), ...ROUTES.slice(0, 1)),
    profile: fc.constantFrom(...PROFILES),
    csr: request,
    edits: seldom(edits),
    text: fc.oneof({ weight: 9, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: changes(3) }),
    type: fc.oneof(
      { weight: 12, arbitrary: fc.constant('application/json') },
      {
        weight: 1,
        arbitrary: fc.constantFrom('text/plain', 'application/json; charset=utf-16', 'multipart/form-data'),
      },
    ),
    key: fc.oneof(
      { weight: 8, arbitrary: fc.constant(null) },
      { weight: 1, arbitrary: fc.string({ unit: 'grapheme-ascii', maxLength: 300 }) },
    ),
    id: fc.oneof(fc.uuid({ version: 7 }), fc.string({ unit: 'grapheme-ascii', maxLength: 60 })),
  })
  .map(({ route, profile, csr, edits: list, text, type, key, id }) => {
    const { path, body } = started(route, { profile, csr, id });
    const raw = allOf(Buffer.from(JSON.stringify(edited(body, list)) ?? ''), text);
    const headers: Record<string, string> = key === null ? {} : { 'idempotency-key': key.trim() };
    return { path, raw, type, headers };
  });

type Start = { readonly profile: (typeof PROFILES)[number]; readonly csr: string; readonly id: string };

function started(route: (typeof ROUTES)[number], { profile, csr, id }: Start) {
  const number = nextNumber();
  switch (route) {
    case 'certificates':
      return { path: '/v1/certificates', body: { ...orderOf(profile, number), csr } };
    case 'card': {
      const body = cardBody(number);
      const requests = (body.requests as readonly object[]).map((one, at) => (at === 0 ? { ...one, csr } : one));
      return { path: `/v1/cards/${encodeURIComponent(tokenId(number))}/certificates`, body: { ...body, requests } };
    }
    case 'card-revocation':
      return { path: `/v1/cards/${encodeURIComponent(id || '-')}/revocation`, body: { reason: 'keyCompromise' } };
    default: {
      const body = route === 'revocation' ? { reason: 'superseded', invalidityDate: '2026-01-01T00:00:00Z' } : {};
      return { path: `/v1/certificates/${encodeURIComponent(id || '-')}/${route}`, body };
    }
  }
}
