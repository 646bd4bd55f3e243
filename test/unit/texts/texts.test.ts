/**
 * The texts of the API: without these checks, a rule could have an English sentence for its French
 * one, or lose a value in one of the languages. That no text is missing is checked by the compiler.
 */
import assert from 'node:assert/strict';
import { COMPONENTS } from '../../../src/http/api/schemas/components.js';
import { QUERIES } from '../../../src/http/api/schemas/queries.js';
import { type Bilingual, joinTexts } from '../../../src/kernel/bilingual.js';
import { RULES } from '../../../src/texts/all.js';
import { API_RULES, VALUE_RULES } from '../../../src/texts/api-rules.js';
import { KEY_RULES } from '../../../src/texts/key-rules.js';
import { PHRASES } from '../../../src/texts/phrases.js';
import { POLICY_RULES } from '../../../src/texts/policy-rules.js';
import { alternatives, fault, text, violation } from '../../../src/texts/text.js';
import { englishIn } from '../../support/english.js';

const TEXTS: Readonly<Record<string, Bilingual>> = { ...RULES, ...PHRASES };

function placesOf(template: string): readonly string[] {
  return [...template.matchAll(/\{(\w+)\}/g)].map(([, place = '']) => place).sort();
}

describe('a text', () => {
  for (const [id, { fr, en }] of Object.entries(TEXTS))
    it(`${id} is French in French, English in English, and has the same places`, () => {
      assert.ok(fr.trim() !== '' && en.trim() !== '');
      assert.deepEqual(englishIn(fr), [], fr);
      assert.doesNotMatch(en, /[àâçéèêëîïôûù](?!decin)/, en);
      assert.deepEqual([...new Set(placesOf(fr))], [...new Set(placesOf(en))]);
      const words = fr.replace(/\{\w+\}|[\w/.-]*\.\.\./g, '');
      assert.doesNotMatch(words, /[^\s/][;:?!](?=\s|$)/, 'French has a space before these signs');
    });

  it('is in one list only', () => {
    const lists = [POLICY_RULES, KEY_RULES, API_RULES, PHRASES].map((list) => Object.keys(list));
    assert.equal(new Set(lists.flat()).size, lists.flat().length);
  });

  it('has its values in their places, in the language of the text', () => {
    assert.deepEqual(text('list-of', { list: 'TRE_G15', date: { fr: '3 mai', en: '3 May' } }), {
      fr: 'TRE_G15 du 3 mai',
      en: 'TRE_G15 of 3 May',
    });
    assert.equal(text('allowed-methods', { methods: ['GET', 'POST'] }).fr, 'Méthodes admises : GET, POST.');
    assert.equal(text('body-bytes-max', { max: 0 }).en, 'The body may have at most 0 bytes.');
  });

  it('shows a value as it is, even if it looks like a place', () => {
    const shown = text('list-of', { list: '{date}$&', date: '{list}' });
    assert.equal(shown.en, '{date}$& of {list}');
  });

  it('about a rule has the name of the rule, without the case', () => {
    assert.equal(fault('profession-code/ended', { profession: '10', label: 'x', date: 'y' }).rule, 'profession-code');
    assert.deepEqual(violation('/csr', 'key-differs'), { pointer: '/csr', ...fault('key-differs') });
  });

  it('can be joined with others, and offer alternatives', () => {
    assert.deepEqual(alternatives(['cps', 'cpe']), { fr: 'cps ou cpe', en: 'cps or cpe' });
    const both = [text('letter'), text('mark')];
    assert.deepEqual(joinTexts(both, { fr: ' ; ', en: '; ' }), { fr: 'lettre ; diacritique', en: 'letter; mark' });
    assert.equal(joinTexts(both).en, 'lettermark');
  });
});

describe('the search for English words', () => {
  it('finds them in an English text, and not in names', () => {
    const english = Object.values(RULES).filter(({ en }) => englishIn(en).length > 0);
    assert.ok(english.length > 0.95 * Object.keys(RULES).length, `${english.length}`);
    assert.deepEqual(englishIn('Idempotency-Key : certificateHold, /holder/names, spkiSha256, key-of-one-holder'), []);
  });
});

describe('the schemas of requests', () => {
  it('use no keyword about a value that has no text', () => {
    const nodes = nodesOf([COMPONENTS, QUERIES]);
    const keywords = new Set(nodes.filter((node) => !('x-expected' in node)).flatMap((node) => Object.keys(node)));
    const limits = ['Length', 'Items', 'imum', 'Properties', 'pattern', 'format', 'multipleOf', 'type', 'enum'];
    const used = [...keywords].filter((keyword) => limits.some((limit) => keyword.endsWith(limit)));
    const without = used.filter((keyword) => !(keyword in VALUE_RULES) && keyword !== 'additionalProperties');
    assert.deepEqual(without, []);
    assert.ok(used.length >= 8, 'the search finds keywords');
  });
});

function nodesOf(value: unknown): readonly object[] {
  if (typeof value !== 'object' || value === null) return [];
  return [value, ...Object.values(value).flatMap(nodesOf)];
}
