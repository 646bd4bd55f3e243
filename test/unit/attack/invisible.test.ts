/** Names that are invisible, or that look like another name. */
import assert from 'node:assert/strict';
import { textViolations } from '../../../src/policy/rules/text.js';

const DRAWN_AS_NOTHING = {
  'Hangul filler': '\u3164',
  'Hangul choseong filler': '\u115f',
  'halfwidth Hangul filler': '\uffa0',
  'empty Braille cell': '\u2800',
  'Khmer inherent vowel': 'A\u17b4',
  'combining grapheme joiner': 'A\u034fB',
  'variation selector': 'A\ufe0f',
  'Mongolian vowel separator': 'A\u180eB',
  'tag character': 'A\u{e0041}',
  'soft hyphen': 'A\u00adB',
} as const;

describe('a text in a certificate', () => {
  for (const [name, text] of Object.entries(DRAWN_AS_NOTHING)) {
    it(`has no ${name}`, () => {
      const rules = textViolations('/holder/surname', text, 64).map(({ rule }) => rule);
      assert.ok(rules.includes('text-characters'), rules.join());
    });
  }

  it('contains no replacement character', () => {
    for (const text of ['A\ufffc', 'A\ufffd']) assert.equal(textViolations('/x', text, 64)[0]?.rule, 'text-characters');
  });

  it('may be in any script', () => {
    for (const text of ['Anne-Zoé', "D'HÉROUVILLE", 'Œuvre', '山田', 'Ελένη', 'Дарья', '박서준'])
      assert.deepEqual(textViolations('/x', text, 64), []);
  });
});
