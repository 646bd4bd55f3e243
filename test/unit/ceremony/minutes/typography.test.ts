/** Without this test a line of the minutes could end with `n°`, away from its number. */
import assert from 'node:assert/strict';
import { withFixedSpaces } from '../../../../src/ceremony/minutes/html.js';

describe('French typography', () => {
  it('keeps punctuation with the word before it, and n° and « with what follows', () => {
    const text = 'LCR n° 2 : tapez « oui » ; est-ce le bon dossier ?';
    const expected = 'LCR n°~2~: tapez «~oui~»~; est-ce le bon dossier~?';
    assert.equal(withFixedSpaces(text).replaceAll('\u00a0', '~'), expected);
  });
});
