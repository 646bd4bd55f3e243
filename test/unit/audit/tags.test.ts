/**
 * Personal values in the audit log stand as tags. Without these tests, a member of an entry could
 * show the number of a professional, for as long as the log is kept.
 */
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { EMPTY_CHAIN, extendChain, verifyChain } from '../../../src/audit/chain.js';
import type { AuditOrigin } from '../../../src/audit/entry.js';
import { AUDIT_TYPES } from '../../../src/audit/events.js';
import { checkOfKey, everyTag, missingYears, type TagKeys, tagOfTime } from '../../../src/audit/tags.js';
import { anyEvent } from '../../support/audit/any-event.js';
import { PERSONAL } from '../../support/audit/any-values.js';
import { intent, intentEventOf } from '../../support/db/records.js';

const ENTRIES = 10_000;
const KEY = new Uint8Array(32).fill(1);
const OTHER_KEY = new Uint8Array(32).fill(2);
const IN_2026 = Date.UTC(2026, 11, 31, 23, 59, 59, 999);
const IDNAT = '810002813839';

function originWith(tagKeys: TagKeys): AuditOrigin {
  return { node: '00000000000000aa', tagKeys };
}

describe('personal values in the audit log', () => {
  it('are in none of 10,000 entries of all types', () => {
    const events = fc.sample(anyEvent, { numRuns: ENTRIES, seed: 43 });
    const entries = extendChain(EMPTY_CHAIN, events, originWith(new Map([['2026', KEY]])));
    assert.deepEqual([...new Set(events.map(({ type }) => type))].sort(), [...AUDIT_TYPES].sort());
    const found = entries.flatMap(({ bytes }) => {
      const text = Buffer.from(bytes).toString('utf8');
      return PERSONAL.filter((value) => text.includes(value)).map((value) => `${value} in ${text.slice(0, 2_000)}`);
    });
    assert.deepEqual(found.slice(0, 3), [], `${found.length} values`);
  });

  it('have the tags that anybody with the key can compute', () => {
    const expected = createHmac('sha256', KEY)
      .update(Buffer.from(`holder\0${IDNAT}`))
      .digest('hex');
    const keys = new Map([['2026', KEY]]);
    assert.deepEqual(tagOfTime(keys, IN_2026)('holder', IDNAT), { tag: expected, key: '2026' });
    assert.notEqual(tagOfTime(keys, IN_2026)('card', IDNAT).tag, expected, 'a tag says of which kind its value is');
    const [entry] = extendChain(EMPTY_CHAIN, [intentEventOf(intent(1))], originWith(keys));
    assert.equal(entry?.keys.holderTag, expected);
    assert.match(
      Buffer.from(entry?.bytes ?? []).toString(),
      new RegExp(`"holder":\\{"key":"2026","tag":"${expected}"\\}`),
    );
  });

  it('have the key of the year of the entry, or the newest one where there is none', () => {
    const keys = new Map([
      ['2026', KEY],
      ['2027', OTHER_KEY],
    ]);
    const yearAt = (at: number): string => tagOfTime(keys, at)('card', 'x').key;
    assert.deepEqual([yearAt(IN_2026), yearAt(IN_2026 + 1), yearAt(Date.UTC(2029, 0, 1))], ['2026', '2027', '2027']);
    assert.throws(() => tagOfTime(new Map(), IN_2026), /a key for tags/);
    assert.deepEqual(
      everyTag(keys, 'card', 'x'),
      [IN_2026, IN_2026 + 1].map((at) => tagOfTime(keys, at)('card', 'x').tag),
    );
  });

  it('cannot be found again when the key is destroyed, and the chain still verifies', async () => {
    const events = [...PERSONAL].map((holderId, at) => intentEventOf(intent(at, { holderId })));
    const entries = extendChain(EMPTY_CHAIN, events, originWith(new Map([['2026', KEY]])));
    const tags = new Set(entries.map(({ keys }) => keys.holderTag));
    const withoutKey = new Map([['2027', OTHER_KEY]]);
    const found = (keys: TagKeys) =>
      PERSONAL.filter((value) => everyTag(keys, 'holder', value).some((tag) => tags.has(tag)));
    assert.deepEqual(found(new Map([['2026', KEY]])), PERSONAL);
    assert.deepEqual(found(withoutKey), []);
    assert.ok((await verifyChain(entries)).ok);
  });

  it('need a key of the year, and from November on one of the next year', () => {
    const keys = new Map([['2026', KEY]]);
    assert.deepEqual(missingYears(keys, Date.UTC(2026, 9, 31, 23, 59, 59)), []);
    assert.deepEqual(missingYears(keys, Date.UTC(2026, 10, 1)), ['2027']);
    assert.deepEqual(missingYears(keys, Date.UTC(2027, 10, 1)), ['2027', '2028']);
  });

  it('have keys that are compared by a digest that is no tag', () => {
    assert.match(checkOfKey(KEY), /^[0-9a-f]{64}$/);
    assert.notEqual(checkOfKey(KEY), checkOfKey(OTHER_KEY));
  });
});
