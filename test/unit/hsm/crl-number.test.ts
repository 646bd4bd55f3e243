/** The numbers of the lists that one token signs: rising, and never so far that no number is left above. */
import assert from 'node:assert/strict';
import { createCrlDesk } from '../../../hsm/crl-desk.js';
import type { FrameContent } from '../../../hsm/frames.js';
import { ok } from '../../../src/kernel/result.js';
import type { IssuerId } from '../../../src/ports/signer.js';

const ISSUER = 'aci-fo-pp' as IssuerId;

/** What the desk answers to a list of `number` when `last` was the last that was signed. */
function ask(number: string, last: bigint | null): FrameContent {
  const answers: FrameContent[] = [];
  const desk = createCrlDesk({
    judge: {
      certificate: () => assert.fail('a list is asked for'),
      ocsp: () => assert.fail('a list is asked for'),
      crl: () => ({ push: () => ok(undefined), end: () => ok({ number, thisUpdate: '2026-01-01T00:00:00Z' }) }),
    },
    journal: {
      append: () => assert.fail('the core journals'),
      lastCrl: () => (last === null ? undefined : { number: last, sha256: '0'.repeat(64) }),
      lastSeq: () => 1,
      close: () => Promise.resolve(),
    },
    journalAndSign: (_judged, id, answer) => Promise.resolve(answer({ type: 'signature', id })),
  });
  const key = { keyType: 'p-256', sign: () => assert.fail('the core signs') } as const;
  desk.begin(1, { issuer: ISSUER, key }, (answer) => answers.push(answer));
  desk.end(1);
  const [answer] = answers;
  assert.ok(answer !== undefined && answers.length === 1);
  return answer;
}

describe('the number of a list', () => {
  it('may follow the last one with a gap, as reservations that were never signed leave it', () => {
    assert.equal(ask('50008', 7n).type, 'signature');
  });

  it('does not leap so far that the lists of an issuer end with it', () => {
    for (const number of ['1000008', String(Number.MAX_SAFE_INTEGER), '9'.repeat(50)]) {
      const answer = ask(number, 7n);
      assert.equal(answer.type, 'refused');
      assert.equal(answer.meta?.rule, 'crl-number-leaps');
    }
  });

  it('is free for the first list of a token: another system may have numbered the ones before', () => {
    assert.equal(ask('31000000', null).type, 'signature');
  });
});
