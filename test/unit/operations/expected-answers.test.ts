/**
 * Answers that are protected before the database has committed. Without these tests an answer could
 * be sent that the database does not confirm, or the failure of an answer that is not sent could
 * end the process.
 */
import assert from 'node:assert/strict';
import { utf8 } from '../../../src/kernel/bytes.js';
import type { CmpAnswer } from '../../../src/operations/cmp/exchange.js';
import { createExpectedAnswer } from '../../../src/operations/cmp/protect.js';

const ANSWER: CmpAnswer = {
  bodyKind: 'cp',
  bodyContent: utf8('a certificate'),
  generalInfo: [{ oid: '1.3.6.1.5.5.7.4.13', value: utf8('null') }],
  senderNonce: utf8('own nonce'),
  recipNonce: utf8('nonce of the client'),
  authority: 'aci-el-org',
  extraCerts: [utf8('an issuing CA')],
  failInfo: null,
};

const OTHERS: Readonly<Record<string, Partial<CmpAnswer>>> = {
  'another kind of body': { bodyKind: 'error' },
  'another content': { bodyContent: utf8('another certificate') },
  'another value in generalInfo': { generalInfo: [{ oid: '1.3.6.1.5.5.7.4.13', value: null }] },
  'another type in generalInfo': { generalInfo: [{ oid: '1.3.6.1.5.5.7.4.14', value: utf8('null') }] },
  'no generalInfo': { generalInfo: [] },
  'another nonce of its own': { senderNonce: utf8('another nonce') },
  'another nonce of the client': { recipNonce: utf8('another nonce') },
  'no nonce of the client': { recipNonce: null },
  'another authority': { authority: null },
  'another chain': { extraCerts: [utf8('an issuing CA'), utf8('another CA')] },
  'a failInfo': { failInfo: 'systemFailure' },
};

describe('an answer that is protected before the commit', () => {
  /** The contents of the answers that were protected. */
  let contents: CmpAnswer[];
  const protect = (answer: CmpAnswer) => {
    contents.push(answer);
    return Promise.resolve(utf8(`protected ${contents.length}`));
  };
  beforeEach(() => {
    contents = [];
  });

  it('is sent if the message gets just this answer', async () => {
    const answer = createExpectedAnswer(protect);
    answer.expect(ANSWER);
    assert.equal(contents.length, 1);
    assert.deepEqual(await answer.protect(structuredClone(ANSWER)), utf8('protected 1'));
    assert.equal(contents.length, 1);
  });

  for (const [name, other] of Object.entries(OTHERS))
    it(`is not sent if the message gets an answer with ${name}`, async () => {
      const answer = createExpectedAnswer(protect);
      answer.expect(ANSWER);
      const actual = { ...ANSWER, ...other };
      assert.deepEqual(await answer.protect(actual), utf8('protected 2'));
      assert.equal(contents[1], actual);
    });

  it('is not made after the message was answered', async () => {
    const answer = createExpectedAnswer(protect);
    assert.deepEqual(await answer.protect({ ...ANSWER, bodyKind: 'pollRep' }), utf8('protected 1'));
    answer.expect(ANSWER);
    assert.equal(contents.length, 1);
  });

  it('may fail without an effect if it is not sent, and fails the message if it is', async () => {
    const fault = new Error('a bug');
    const answer = createExpectedAnswer((asked) => (asked.failInfo === null ? Promise.reject(fault) : protect(asked)));
    answer.expect(ANSWER);
    assert.deepEqual(await answer.protect({ ...ANSWER, failInfo: 'systemFailure' }), utf8('protected 1'));
    const sent = createExpectedAnswer(() => Promise.reject(fault));
    sent.expect(ANSWER);
    await assert.rejects(sent.protect(ANSWER), fault);
  });
});
