/**
 * The order of the lists of one token: numbers rise, times do not go back, and lost entries raise
 * an alarm.
 */
import assert from 'node:assert/strict';
import type { CheckedCrl } from '../../../../hsm/signer/check-port.js';
import { type CrlStreams, createCrlStreams } from '../../../../hsm/signer/crl-stream.js';
import type { SignerAlarm } from '../../../../hsm/signer/journal-writer.js';
import type { LastCrl } from '../../../../hsm/signer/recover-journal.js';
import type { FrameContent } from '../../../../hsm/wire/frames.js';
import { parseInstant } from '../../../../src/kernel/clock.js';
import { LIMITS } from '../../../../src/kernel/limits.js';
import { ok } from '../../../../src/kernel/result.js';
import type { IssuerId } from '../../../../src/ports/signer.js';

const ISSUER = 'aci-fo-pp' as IssuerId;
const NOON = '2026-01-01T12:00:00Z';
const at = (text: string): number => parseInstant(text) ?? assert.fail(text);

const LAST: LastCrl = { number: 7n, sha256: '0'.repeat(64), thisUpdate: at(NOON), entries: 2_000 };
const NEXT: CheckedCrl = { number: '8', scope: 'full', base: null, thisUpdate: NOON, entries: 2_000, removals: 0 };

type ListRequest = {
  readonly crl?: Partial<CheckedCrl>;
  readonly last?: Partial<LastCrl> | null;
  /** The last delta list. */
  readonly delta?: Partial<LastCrl>;
  readonly now?: string;
};

/** Returns the answer to a list, with the alarms; `last` was the last signed list. */
function ask(asked: ListRequest): FrameContent & { readonly alarms: readonly SignerAlarm[] } {
  const answers: FrameContent[] = [];
  const alarms: SignerAlarm[] = [];
  const streams = streamsOf(asked, alarms);
  streams.begin(1, { issuer: ISSUER, key: KEY }, (answer) => answers.push(answer));
  streams.end(1);
  const [answer] = answers;
  assert.ok(answer !== undefined && answers.length === 1);
  return { ...answer, alarms };
}

const KEY = { keyType: 'p-256', sign: () => assert.fail('the core signs') } as const;

function streamsOf({ crl = {}, last = {}, delta, now = NOON }: ListRequest, alarms: SignerAlarm[]): CrlStreams {
  return createCrlStreams({
    checker: {
      certificate: () => assert.fail('a list is asked for'),
      responderCertificate: () => assert.fail('a list is asked for'),
      ocsp: () => assert.fail('a list is asked for'),
      cmpAnswer: () => assert.fail('a list is asked for'),
      crl: () => ({ push: () => ok(undefined), end: () => ok({ ...NEXT, ...crl }) }),
    },
    journal: {
      append: () => assert.fail('the core journals'),
      lastCrl: (_, scope) => {
        const of = scope === 'delta' ? delta : last;
        return of === null || of === undefined ? undefined : { ...LAST, ...of };
      },
      claimSerial: () => assert.fail('a list is asked for'),
      lastSeq: () => 1,
      close: () => Promise.resolve(),
    },
    journalWriter: { alarm: (alarm) => alarms.push(alarm) },
    clock: () => at(now),
    refuse: ({ sha256 }, _refusal, give) => {
      assert.match(sha256?.() ?? '', /^[0-9a-f]{64}$/);
      give();
    },
    journalAndSign: (_judged, id, answer) => Promise.resolve(answer({ type: 'signature', id })),
  });
}

describe('lists that stream through the signer', () => {
  it('are eight at a time, each opened once, and of limited length', () => {
    const answers: FrameContent[] = [];
    const streams = streamsOf({}, []);
    const begin = (id: number): void =>
      streams.begin(id, { issuer: ISSUER, key: KEY }, (answer) => answers.push(answer));
    for (let id = 1; id <= 9; id += 1) begin(id);
    begin(1);
    assert.deepEqual(
      answers.map(({ id, type, meta }) => [id, type, meta?.rule]),
      [
        [9, 'unavailable', undefined],
        [1, 'refused', 'crl-stream'],
      ],
    );
    // The chunk pretends to have a gigabyte.
    const chunk = Object.defineProperty(new Uint8Array(1), 'length', { value: LIMITS.crlBytesMax / 2 + 1 });
    streams.push(2, chunk);
    streams.push(2, chunk);
    assert.deepEqual(answers.at(-1)?.meta?.rule, 'tbs-too-long');
    streams.end(2);
    assert.equal(answers.length, 3, 'it was answered once');
    begin(9);
    assert.equal(answers.length, 3, 'there is room again');
  });
});

describe('the number of a list', () => {
  it('may leave a gap for numbers that were reserved and never signed', () => {
    assert.equal(ask({ crl: { number: '50008' } }).type, 'signature');
  });

  it('does not leap so far that no higher number is left', () => {
    for (const number of ['1000008', String(Number.MAX_SAFE_INTEGER), '9'.repeat(50)]) {
      const answer = ask({ crl: { number } });
      assert.equal(answer.type, 'refused');
      assert.equal(answer.meta?.rule, 'crl-number-leaps');
    }
  });

  it('has digits only, at most fifty', () => {
    for (const number of ['x', '-8', '0x8', '', '9'.repeat(51)])
      assert.equal(ask({ crl: { number } }).meta?.rule, 'crl-number');
  });

  it('can be any for the first list of a token, because another system may have made lists before', () => {
    assert.equal(ask({ crl: { number: '31000000' }, last: null }).type, 'signature');
  });
});

describe('the thisUpdate of a list', () => {
  it('is not a second before that of the last list, but may be the same', () => {
    const answer = ask({ crl: { thisUpdate: '2026-01-01T11:59:59Z' } });
    assert.equal(answer.meta?.rule, 'crl-this-update-goes-back');
    assert.equal(ask({}).type, 'signature');
  });

  it('is the present time when the last one is in the future, so that a wrong clock does not stop revocation', () => {
    const wrong = { last: { thisUpdate: at('2026-01-02T00:00:00Z') } };
    assert.equal(ask(wrong).type, 'signature');
    const answer = ask({ ...wrong, crl: { thisUpdate: '2026-01-01T11:54:59Z' } });
    assert.equal(answer.meta?.rule, 'crl-this-update-goes-back');
  });
});

describe('a list that lost many entries', () => {
  const alarmed = (before: number | null, entries: number): boolean => {
    const answer = ask({ crl: { entries }, last: before === null ? null : { entries: before } });
    assert.equal(answer.type, 'signature', 'no reason to refuse: certificates end');
    assert.ok(answer.alarms.every(({ alarm, subject }) => alarm === 'crl-shrank' && subject === ISSUER));
    return answer.alarms.length === 1;
  };

  it('is signed, with an alarm if it lost more than a tenth and more than a hundred', () => {
    assert.equal(alarmed(2_000, 1_799), true);
    assert.equal(alarmed(2_000, 1_800), false, 'a tenth');
    assert.equal(alarmed(200, 99), true);
    assert.equal(alarmed(200, 100), false, 'a hundred');
  });

  it('raises no alarm when the list before is unknown or was shorter', () => {
    assert.equal(alarmed(null, 0), false);
    assert.equal(alarmed(10, 5_000), false);
  });
});

describe('a delta list', () => {
  const LATER = '2026-01-01T13:00:00Z';
  const delta = (crl: Partial<CheckedCrl>): Partial<CheckedCrl> => ({ scope: 'delta', base: 1, entries: 3, ...crl });
  const ruleOf = (asked: ListRequest): unknown => {
    const answer = ask({ now: LATER, ...asked });
    return answer.type === 'signature' ? 'signed' : answer.meta?.rule;
  };

  it('shares the number of the full list of the same time, and of no other time', () => {
    assert.equal(ruleOf({ crl: delta({ number: '7' }) }), 'signed');
    assert.equal(ruleOf({ crl: delta({ number: '7', thisUpdate: LATER }) }), 'crl-number-not-rising');
    assert.equal(ruleOf({ crl: delta({ number: '6' }) }), 'crl-number-not-rising');
  });

  it('has each number once, whatever the time of the full list', () => {
    const before = { number: 7n, sha256: '1'.repeat(64) };
    assert.equal(ruleOf({ crl: delta({ number: '7' }), delta: before }), 'crl-number-not-rising');
    assert.equal(ruleOf({ crl: delta({ number: '8' }), delta: before }), 'signed');
  });

  it('and its full list have one rising sequence: a full list is not below a delta', () => {
    const after = { number: 9n, sha256: '1'.repeat(64), thisUpdate: at(LATER) };
    assert.equal(ruleOf({ crl: { number: '8' }, delta: after }), 'crl-number-not-rising');
    assert.equal(ruleOf({ crl: { number: '9' }, delta: after }), 'crl-number-not-rising');
    assert.equal(ruleOf({ crl: { number: '9', thisUpdate: LATER }, delta: after }), 'signed');
    assert.equal(ruleOf({ crl: { number: '10' }, delta: after }), 'crl-this-update-goes-back');
    assert.equal(ruleOf({ crl: { number: '10', thisUpdate: LATER }, delta: after }), 'signed');
  });

  it('that removes many entries of the full list is signed, with an alarm', () => {
    const alarms = (removals: number) => ask({ crl: delta({ number: '8', removals }), delta: {} }).alarms.length;
    assert.equal(alarms(200), 0);
    assert.equal(alarms(201), 1);
  });
});
