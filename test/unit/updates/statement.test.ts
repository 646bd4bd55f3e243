/**
 * The statements of cards: without these tests, two texts could mean the same to the service and
 * not to the card, or a statement could count for another card, installation, time or request.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  type CardStatement,
  readStatement,
  signedOctetsOf,
  statementFaults,
  statementText,
  textOfSignedOctets,
} from '../../../src/updates/statement.js';
import {
  BEGIN,
  CARD,
  CERTIFICATE,
  CONFIRM,
  canonicalText,
  expectedOf,
  octetsOf,
  REQUESTS,
  REVOKE,
  STATED_AT,
  sha256Of,
  UPDATE,
} from '../../support/updates/statements.js';

const MINUTE_MS = 60_000;

function ruleOf(text: string): string {
  const read = readStatement(text);
  return read.ok ? 'accepted' : read.error.rule;
}

const hex = fc.stringMatching(/^[0-9a-f]{64}$/);
const uuid = fc.uuid();
const head = fc.record({
  form: fc.constant('pfcng-card-statement-1' as const),
  environment: fc.constantFrom('development', 'production'),
  platform: hex,
  card: fc.stringMatching(/^[0-9]{10}\/[0-9]{10}$/),
  at: fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true }).map((at) => at.toISOString()),
});
const onCard = fc.array(hex, { maxLength: 64 });
const requests = fc.array(
  fc.record(
    { csrSha256: hex, profile: fc.constantFrom('fort/cps-authentication', 'standard/cpe-signature') },
    { noNullPrototype: true },
  ),
  { minLength: 1, maxLength: 8 },
);
const verbs = fc.oneof(
  fc.record({ verb: fc.constant('begin' as const), requests, onCard }),
  fc.record({ verb: fc.constantFrom('confirm' as const, 'abandon' as const), update: uuid, onCard }),
  fc.record(
    {
      verb: fc.constant('revoke' as const),
      reason: fc.constantFrom('keyCompromise', 'cessationOfOperation', 'unspecified', 'superseded'),
      certificate: uuid,
    },
    { requiredKeys: ['verb', 'reason'] },
  ),
);
const statements = fc.tuple(head, verbs).map(([one, other]) => ({ ...one, ...other }) as CardStatement);

describe('a statement of a card', () => {
  it('has the signed octets of the test vector', () => {
    const text =
      '{"at":"2027-03-01T10:00:00Z","card":"8025000001/2600301752","environment":"development",' +
      `"form":"pfcng-card-statement-1","platform":"${'1'.repeat(64)}","reason":"keyCompromise","verb":"revoke"}`;
    assert.equal(statementText(REVOKE), text);
    const expected = '3344635ff85eb9c25398f5026e3c2862308ca048fa9d99d09b3a8319588ed919';
    assert.equal(sha256Of(signedOctetsOf(REVOKE)), expected);
    assert.equal(sha256Of(octetsOf(text)), expected);
    assert.deepEqual(readStatement(text), { ok: true, value: REVOKE });
  });

  it('is read back from its own text and from its signed octets, whatever it says', () => {
    fc.assert(
      fc.property(statements, (statement) => {
        const text = canonicalText(statement);
        if (Buffer.byteLength(text) > 8_192) return;
        assert.deepEqual(readStatement(text), { ok: true, value: statement });
        assert.equal(statementText(statement), text);
        assert.deepEqual(Buffer.from(signedOctetsOf(statement)), octetsOf(text));
        assert.equal(textOfSignedOctets(octetsOf(text)), text);
      }),
    );
  });

  it('is refused in any other spelling of the same members', () => {
    const text = canonicalText(REVOKE);
    for (const other of [
      text.replace(',', ', '),
      ` ${text}`,
      `${text}\n`,
      `\ufeff${text}`,
      JSON.stringify(REVOKE),
      text.replace('keyCompromise', 'key\\u0043ompromise'),
      text.replace('2600301752"', '2600301752","card":"8025000001/2600301752"'),
      text.replace('8025000001/', '8025000001\\/'),
    ])
      assert.equal(ruleOf(other), 'statement-canonical', other);
    for (const other of ['', 'null!', '{', text.slice(0, -1), text.repeat(2)])
      assert.equal(ruleOf(other), 'statement-canonical', other);
  });

  it('is refused when it is longer than 8 KiB, or nested as deep as 8 KiB can be', () => {
    assert.equal(ruleOf(' '.repeat(8_193)), 'statement-canonical');
    assert.equal(ruleOf('é'.repeat(4_097)), 'statement-canonical');
    assert.equal(ruleOf(`${'['.repeat(4_096)}${']'.repeat(4_096)}`), 'statement-members');
    const deep = { ...CONFIRM, onCard: [JSON.parse(`${'['.repeat(3_000)}${']'.repeat(3_000)}`)] };
    assert.equal(ruleOf(JSON.stringify(deep)), 'statement-members');
  });

  it('is refused without a member, with another one, and with a value of another form', () => {
    for (const statement of [BEGIN, CONFIRM, REVOKE])
      for (const name of Object.keys(statement)) {
        const { [name as keyof CardStatement]: _, ...rest } = statement;
        assert.equal(ruleOf(canonicalText(rest)), 'statement-members', `without ${name}`);
        for (const value of [null, 1, true, 'x'.repeat(65), '', {}, [1], { toString: 'x' }])
          assert.equal(ruleOf(canonicalText({ ...statement, [name]: value })), 'statement-members', name);
      }
    for (const more of [{ x: 1 }, { update: UPDATE }, { requests: REQUESTS }, { onCard: [] }, { constructor: 'x' }])
      assert.equal(ruleOf(canonicalText({ ...REVOKE, ...more })), 'statement-members');
    assert.equal(ruleOf('{"__proto__":{"verb":"revoke"}}'), 'statement-members');
    for (const text of ['null', '[]', '"x"', '7', 'true', '{}']) assert.equal(ruleOf(text), 'statement-members', text);
    const [first] = REQUESTS;
    for (const requests of [[], Array(9).fill(first), [{ ...first, x: 1 }], [{ profile: first?.profile }], [[first]]])
      assert.equal(ruleOf(canonicalText({ ...BEGIN, requests })), 'statement-members');
    assert.equal(ruleOf(canonicalText({ ...CONFIRM, onCard: Array(65).fill('c'.repeat(64)) })), 'statement-members');
    for (const reason of ['certificateHold', 'privilegeWithdrawn', 'affiliationChanged', 'toString'])
      assert.equal(ruleOf(canonicalText({ ...REVOKE, reason })), 'statement-members', reason);
    for (const at of ['2027-02-30T10:00:00Z', '2027-03-01T10:00:00+01:00', '1788000000', '2027-03-01'])
      assert.equal(ruleOf(canonicalText({ ...REVOKE, at })), 'statement-members', at);
  });

  it('never throws, whatever the text is', () => {
    fc.assert(fc.property(fc.oneof(fc.json(), fc.string({ unit: 'binary' })), (text) => void readStatement(text)));
    fc.assert(
      fc.property(statements, fc.nat(), fc.string({ maxLength: 3 }), (statement, at, other) => {
        const text = canonicalText(statement);
        const from = at % text.length;
        const changed = text.slice(0, from) + other + text.slice(from + other.length);
        const read = readStatement(changed);
        // Whatever is accepted says exactly what its text says.
        if (read.ok) assert.equal(statementText(read.value), changed);
      }),
    );
  });

  it('is not in octets with another prefix, or in octets that are not UTF-8', () => {
    const octets = octetsOf(canonicalText(REVOKE));
    for (let at = 0; at < 24; at += 1) {
      const changed = Buffer.from(octets);
      changed[at] = (changed[at] ?? 0) ^ 1;
      assert.equal(textOfSignedOctets(changed), null);
    }
    assert.equal(textOfSignedOctets(octets.subarray(0, 23)), null);
    assert.equal(textOfSignedOctets(Buffer.concat([octets, Buffer.of(0xff)])), null);
    assert.equal(textOfSignedOctets(new Uint8Array(0)), null);
  });

  it('counts for its request, and breaks exactly the rule of what differs', () => {
    const rulesOf = (statement: CardStatement, changes: Partial<ReturnType<typeof expectedOf>>): readonly string[] =>
      statementFaults(statement, { ...expectedOf(statement), ...changes }).map(({ rule }) => rule);
    for (const statement of [BEGIN, CONFIRM, REVOKE]) {
      assert.deepEqual(rulesOf(statement, {}), []);
      assert.deepEqual(rulesOf(statement, { environment: 'production' }), ['statement-environment']);
      assert.deepEqual(rulesOf(statement, { platform: '2'.repeat(64) }), ['statement-platform']);
      assert.deepEqual(rulesOf(statement, { platform: null }), ['statement-platform']);
      assert.deepEqual(rulesOf(statement, { card: `${CARD}1` }), ['statement-card']);
      for (const off of [15 * MINUTE_MS, -15 * MINUTE_MS])
        assert.deepEqual(rulesOf(statement, { now: STATED_AT + off }), []);
      for (const off of [15 * MINUTE_MS + 1, -15 * MINUTE_MS - 1])
        assert.deepEqual(rulesOf(statement, { now: STATED_AT + off }), ['statement-time']);
      assert.deepEqual(rulesOf(statement, { environment: 'production', card: 'x', now: 0 }), [
        'statement-environment',
        'statement-card',
        'statement-time',
      ]);
    }
    assert.deepEqual(rulesOf(CONFIRM, { asked: { verb: 'abandon', update: UPDATE } }), ['statement-members']);
    assert.deepEqual(rulesOf(CONFIRM, { asked: { verb: 'confirm', update: CERTIFICATE } }), ['statement-members']);
    assert.deepEqual(rulesOf(BEGIN, { asked: { verb: 'begin', requests: [...REQUESTS].reverse() } }), [
      'statement-requests',
    ]);
    assert.deepEqual(rulesOf(BEGIN, { asked: { verb: 'begin', requests: REQUESTS.slice(0, 1) } }), [
      'statement-requests',
    ]);
    const asked = { verb: 'revoke', reason: 'keyCompromise', certificate: null } as const;
    assert.deepEqual(rulesOf(REVOKE, { asked: { ...asked, reason: 'unspecified' } }), ['statement-members']);
    assert.deepEqual(rulesOf(REVOKE, { asked: { ...asked, certificate: CERTIFICATE } }), ['statement-members']);
    assert.deepEqual(rulesOf({ ...REVOKE, certificate: CERTIFICATE }, { asked }), ['statement-members']);
  });
});
