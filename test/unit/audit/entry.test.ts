/**
 * The form of audit entries and their catalogue. Without it, an entry could have any content and
 * size: two shapes for one type, or what nobody may keep.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { makeEntry, readEntry } from '../../../src/audit/entry.js';
import { AUDIT_EVENTS, AUDIT_TYPES, type AuditEvent } from '../../../src/audit/events.js';
import { AssertionFailed } from '../../../src/kernel/assert.js';
import { utf8 } from '../../../src/kernel/bytes.js';
import { anyEvent } from '../../support/audit/any-event.js';
import { AUDIT_ORIGIN, event, ISSUER, idOf, NOW } from '../../support/db/records.js';

const REQUEST = '01890000-0000-7000-8000-000000000000';

function entryOf(one: AuditEvent): string {
  return new TextDecoder().decode(makeEntry(7, one, AUDIT_ORIGIN).bytes);
}

describe('an audit entry', () => {
  it('is canonical JSON of one form, with its number, node and request', () => {
    const wrong = {
      at: NOW,
      type: 'clock.wrong',
      actor: 'system',
      details: { behindMs: 61_000, offsetMs: -1 },
    } as const;
    const written = (request: string): string =>
      '{"actor":"system","at":"2026-03-01T10:00:00.000Z","details":{"behindMs":61000,"offsetMs":-1},"form":1,' +
      `"node":"00000000000000aa","outcome":"failure","request":${request},"seq":7,"type":"clock.wrong"}`;
    assert.equal(entryOf(wrong), written('null'));
    assert.equal(entryOf({ ...wrong, requestId: REQUEST }), written(`"${REQUEST}"`));
  });

  it('is searched by what its bytes say, whatever its type is', () => {
    fc.assert(
      fc.property(anyEvent, (one) => {
        const { bytes, keys } = makeEntry(7, one, AUDIT_ORIGIN);
        assert.deepEqual(readEntry(bytes), { seq: 7, keys });
        assert.deepEqual([keys.type, keys.outcome], [one.type, AUDIT_EVENTS[one.type].outcome]);
      }),
    );
    for (const other of ['{"seq":7}', '{"form":1}', 'null', '[]']) assert.equal(readEntry(utf8(other)), null);
    assert.equal(readEntry(Uint8Array.of(0xff)), null);
  });

  it('names the certificate, the account or the key that it is about', () => {
    const subjectOf = (one: AuditEvent) => makeEntry(1, one, AUDIT_ORIGIN).keys.subjectId;
    const spkiSha256 = 'ab'.repeat(32);
    const key = { spkiSha256, officers: ['officer-1'], login: 'root', reason: 'leaked' };
    assert.equal(subjectOf(event(3)), idOf(3));
    assert.equal(subjectOf({ at: NOW, type: 'key.blocked', actor: 'account:officer-1', details: key }), spkiSha256);
    assert.equal(
      subjectOf({ at: NOW, type: 'clock.right', actor: 'system', details: { behindMs: 0, offsetMs: 0 } }),
      null,
    );
  });

  it('has at most 16 KiB, whatever its type is and however long its lists are', () => {
    const types = new Set<string>();
    fc.assert(
      fc.property(anyEvent, (one) => {
        types.add(one.type);
        assert.ok(makeEntry(Number.MAX_SAFE_INTEGER, one, AUDIT_ORIGIN).bytes.length <= 16 * 1024);
      }),
      { numRuns: 2_000 },
    );
    assert.deepEqual([...types].sort(), [...AUDIT_TYPES].sort());
  });

  const OUT_OF_BOUNDS: readonly (readonly [string, RegExp, () => object])[] = [
    ['a member that is unknown', /: note$/, () => ({ ...event().details, note: 'x' })],
    ['a member that is missing', /: serial$/, () => ({ ...event().details, serial: undefined })],
    ['a text that is too long', /: profile$/, () => ({ ...event().details, profile: 'p'.repeat(129) })],
    [
      'a text that is too long in code points',
      /: profile$/,
      () => ({ ...event().details, profile: '\u{1f511}'.repeat(129) }),
    ],
    ['a control character', /: profile$/, () => ({ ...event().details, profile: 'a\nb' })],
    ['a surrogate that is alone', /: profile$/, () => ({ ...event().details, profile: '\ud800' })],
    ['an id of another form', /: id$/, () => ({ ...event().details, id: '810002813839' })],
    ['a digest of another form', /: signatureSha256$/, () => ({ ...event().details, signatureSha256: 'AB' })],
  ];
  for (const [what, message, details] of OUT_OF_BOUNDS) {
    it(`is not made with ${what}, and the refusal does not repeat the value`, () => {
      const one = { ...event(), details: details() } as AuditEvent;
      assert.throws(
        () => makeEntry(1, one, AUDIT_ORIGIN),
        (error) => error instanceof AssertionFailed && message.test(error.message),
      );
    });
  }

  it('is not made with an actor or a request id that is out of bounds', () => {
    assert.throws(() => makeEntry(1, { ...event(), actor: 'a'.repeat(129) }, AUDIT_ORIGIN), /the actor/);
    assert.throws(() => makeEntry(1, { ...event(), requestId: 'a b' }, AUDIT_ORIGIN), /the request id/);
  });

  it('keeps a long list as the number of its items and their digest', () => {
    const credentials = Array.from({ length: 100 }, () => ({ issuer: ISSUER, spkiSha256: 'ab'.repeat(32) }));
    const scope = { profiles: ['*'], structures: ['*'], domains: ['*'], holders: ['*'] };
    const limits = { perDay: null, perHour: null, inFlight: null };
    const conditions = { limits, networks: [], expiresAt: null, structure: null };
    const details = { account: 'cards', roles: ['officer'], scope, credentials, ...conditions };
    const text = entryOf({ at: NOW, type: 'account.added', actor: 'system', details });
    const written = JSON.parse(text) as { readonly details: { readonly credentials: { readonly count: number } } };
    assert.deepEqual(Object.keys(written.details.credentials), ['count', 'sha256']);
    assert.equal(written.details.credentials.count, 100);
  });
});
