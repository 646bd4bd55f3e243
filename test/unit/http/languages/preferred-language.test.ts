import assert from 'node:assert/strict';
import { preferredLanguage } from '../../../../src/http/server/preferred-language.js';

describe('the language that a client prefers', () => {
  const cases: readonly (readonly [header: string, language: 'fr' | 'en'])[] = [
    ['', 'fr'],
    ['en', 'en'],
    ['en-GB,en;q=0.9', 'en'],
    ['de', 'fr'],
    ['de, en;q=0.5', 'en'],
    ['fr;q=0.4, en;q=0.7', 'en'],
    ['en;q=0.4, fr-FR;q=0.7', 'fr'],
    ['en;q=0', 'fr'],
    ['en;q=x', 'fr'],
    ['*', 'fr'],
    [`${'de,'.repeat(20)}en`, 'fr'],
  ];
  for (const [header, language] of cases)
    it(`is ${language} for "${header.slice(0, 40)}"`, () => {
      assert.equal(preferredLanguage(header, 'fr'), language);
    });
});
