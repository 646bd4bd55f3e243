/** Versions of applets. Compared as texts, 1.10 would be before 1.9. */
import assert from 'node:assert/strict';
import { isBelowVersion } from '../../../src/kernel/versions.js';

describe('the version of an applet', () => {
  for (const [version, other, isBelow] of [
    ['1.9', '1.10', true],
    ['1.10', '1.9', false],
    ['1.10', '1.10.0', false],
    ['1.10', '1.10.1', true],
    ['2', '1.99.99', false],
    ['3.2.1', '3.2.1', false],
  ] as const)
    it(`${version} is ${isBelow ? '' : 'not '}below ${other}`, () => {
      assert.equal(isBelowVersion(version, other), isBelow);
    });
});
