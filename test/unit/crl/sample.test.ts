/** The entries that a CRL must have for the watched certificates. */
import assert from 'node:assert/strict';
import { sampleFault, watchedOf } from '../../../src/operations/crl/sample.js';
import type { CrlSample, RevokedEntry } from '../../../src/ports/store/crls.js';

const entry = (serial: string, reason: RevokedEntry['reason']): RevokedEntry => ({
  serial,
  at: 0,
  reason,
  invalidityDate: null,
});
const SAMPLE: CrlSample = {
  listed: [entry('01', 'keyCompromise'), entry('02', 'certificateHold'), entry('03', 'unspecified')],
  unlisted: ['04', '05'],
  newest: { serial: '02', change: 9 },
};
const WHOLE = new Map([
  ['01', 1],
  ['02', 6],
  ['03', 0],
]);
const without = (serial: string) => new Map([...WHOLE].filter(([one]) => one !== serial));
const faultOf = (found: ReadonlyMap<string, number>, baseChange: number | null) =>
  sampleFault(SAMPLE, { baseChange, found });

describe('the sample that a CRL is compared with', () => {
  it('is watched completely', () => {
    assert.deepEqual(watchedOf(SAMPLE), ['01', '02', '03', '04', '05']);
  });

  it('is on a full CRL with its reasons, except certificates that are good', () => {
    assert.equal(faultOf(WHOLE, null), null);
    assert.match(faultOf(without('01'), null) ?? '', /^01: keyCompromise in the database, nothing on the list/);
    assert.match(faultOf(new Map(WHOLE).set('03', 4), null) ?? '', /^03/);
    assert.match(faultOf(new Map(WHOLE).set('04', 1), null) ?? '', /^04 is on the list by mistake/);
    assert.match(faultOf(new Map(WHOLE).set('05', 8), null) ?? '', /^05/, 'a full list removes nothing');
  });

  it('may be missing on a delta CRL if its base has it, except the last change', () => {
    assert.equal(faultOf(new Map([['02', 6]]), 8), null);
    assert.equal(
      faultOf(
        new Map([
          ['02', 6],
          ['05', 8],
        ]),
        8,
      ),
      null,
      'released since',
    );
    assert.match(faultOf(new Map(), 8) ?? '', /^02/);
    assert.equal(faultOf(new Map(), 9), null, 'the base has it');
    assert.match(faultOf(new Map([['02', 8]]), 8) ?? '', /^02/, 'it is on hold, and not released');
    assert.match(
      faultOf(
        new Map([
          ['02', 6],
          ['04', 1],
        ]),
        8,
      ) ?? '',
      /^04/,
    );
  });
});
