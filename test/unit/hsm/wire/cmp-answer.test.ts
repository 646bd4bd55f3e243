/**
 * What a CMP key signs. A reader that accepted more would let a stolen service have requests,
 * certificates or answers in the name of another CA signed.
 */
import assert from 'node:assert/strict';
import { readCmpAnswer } from '../../../../hsm/wire/cmp-answer.js';
import { isOneDerSequence } from '../../../../hsm/wire/platform-purposes.js';
import { generalizedTime, integer, octetString, oid, seq } from '../../../../src/asn1/der-writer.js';
import { OID } from '../../../../src/asn1/oids.js';
import { type Bytes, concat } from '../../../../src/kernel/bytes.js';
import { MINUTE_MS } from '../../../../src/kernel/duration.js';
import { encodeName } from '../../../../src/x509/certificate/name-writer.js';
import { type PartFacts, protectedPart } from '../../../support/cmp/protected-part.js';
import { goodCertificate } from '../../../support/lint/fixtures.js';

const named = (value: string): Bytes => encodeName([[{ type: OID.commonName, form: 'utf8String', value }]]);
const NOW = Date.UTC(2026, 10, 29);
const SENDER = named('TEST CMP A');
const SECOND_SENDER = named('TEST CMP B');
const part = (change: Partial<PartFacts> = {}): Bytes => protectedPart({ sender: SENDER, at: NOW, ...change });
const ruleOf = (bytes: Bytes): string | null => {
  const read = readCmpAnswer(bytes, { senders: [SENDER, SECOND_SENDER], now: NOW });
  return read.ok ? null : read.error.rule;
};

const ANSWERS = [1, 3, 8, 12, 19, 22, 23, 26];
const OTHERS = [0, 2, 4, 5, 6, 7, 9, 10, 11, 13, 14, 15, 16, 17, 18, 21, 24, 25, 27, 30];

describe('the reader of what a CMP key signs', () => {
  it('accepts every kind of answer, in the name of each certificate of the key', () => {
    for (const bodyTag of ANSWERS) assert.equal(ruleOf(part({ bodyTag })), null, `${bodyTag}`);
    assert.equal(ruleOf(part({ sender: SECOND_SENDER, version: 3 })), null);
  });

  it('refuses the body of every request, and of what is not an answer', () => {
    for (const bodyTag of OTHERS) assert.equal(ruleOf(part({ bodyTag })), 'cmp-body', `${bodyTag}`);
  });

  it('accepts nested answers, and refuses a request among them, a second nesting and an empty one', () => {
    const nested = (...bodyTags: readonly number[]): Bytes =>
      part({ bodyTag: 20, body: seq(...bodyTags.map((bodyTag) => part({ bodyTag }))) });
    assert.equal(ruleOf(nested(...ANSWERS)), null);
    for (const bodyTag of [...OTHERS, 20]) assert.equal(ruleOf(nested(19, bodyTag)), 'cmp-body', `${bodyTag}`);
    assert.equal(ruleOf(nested()), 'cmp-form');
    for (const body of [Uint8Array.of(5, 0), octetString(part()), seq(seq()), seq(octetString(part()))])
      assert.equal(ruleOf(part({ bodyTag: 20, body })), 'cmp-form');
  });

  it('refuses another sender', () => {
    assert.equal(ruleOf(part({ sender: named('TEST CMP C') })), 'cmp-sender');
    assert.equal(ruleOf(part({ sender: seq() })), 'cmp-sender');
  });

  it('refuses a messageTime that is more than five minutes away, or missing', () => {
    for (const sign of [-1, 1]) {
      assert.equal(ruleOf(part({ at: NOW + sign * 5 * MINUTE_MS })), null);
      assert.equal(ruleOf(part({ at: NOW + sign * (5 * MINUTE_MS + 1_000) })), 'cmp-time');
    }
    assert.equal(ruleOf(part({ members: { 0: null } })), 'cmp-form');
  });

  it('refuses another version', () => {
    for (const version of [0, 1, 4]) assert.equal(ruleOf(part({ version })), 'cmp-version');
  });

  it('refuses another algorithm, parameters, and none', () => {
    assert.equal(ruleOf(part({ members: { 1: seq(oid(OID.ecdsaWithSha384)) } })), 'cmp-algorithm');
    assert.equal(ruleOf(part({ members: { 1: seq(oid(OID.ecdsaWithSha256), Uint8Array.of(5, 0)) } })), 'cmp-form');
    assert.equal(ruleOf(part({ members: { 1: null } })), 'cmp-form');
  });

  it('refuses a header with other members, and a member with two values', () => {
    assert.equal(ruleOf(part({ members: { 9: octetString(new Uint8Array(1)) } })), 'cmp-form');
    assert.equal(ruleOf(part({ members: { 2: concat([integer(1), integer(2)]) } })), 'cmp-form');
    assert.equal(ruleOf(part({ body: new Uint8Array(0) })), 'cmp-form');
    assert.equal(ruleOf(part({ members: { 0: concat([generalizedTime(NOW), generalizedTime(NOW)]) } })), 'cmp-form');
  });

  it('refuses octets after the part, a part without a body, and one with something after it', () => {
    assert.equal(ruleOf(concat([part(), Uint8Array.of(0)])), 'cmp-form');
    assert.equal(ruleOf(part().subarray(0, -1)), 'cmp-form');
    const inner = part().subarray(part().indexOf(0x30, 1));
    assert.equal(ruleOf(seq(inner, integer(1))), 'cmp-form');
    assert.equal(ruleOf(new Uint8Array(0)), 'cmp-form');
  });

  it('refuses a TBSCertificate, also one of its own certificate', () => {
    const { tbs } = goodCertificate('fort/cmp-pp');
    assert.ok(isOneDerSequence(tbs));
    assert.equal(ruleOf(tbs), 'cmp-form');
  });
});
