/**
 * Names that look like others (Unicode technical standard 39). Without these rules somebody gets a
 * certificate whose name people read as that of another person.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { foreignCharacter } from '../../../src/lint/reading/scripts.js';
import { lookAlikeViolations } from '../../../src/policy/rules/look-alikes.js';
import { isRefusedCharacter } from '../../../src/policy/rules/text.js';
import { SCRIPTS, type Script } from '../../../src/policy/scripts.js';
import { POLICIES, testPolicy } from './fixtures.js';

const { nameScripts } = testPolicy().environment;
const rulesOf = (text: string, scripts: readonly Script[] = nameScripts): readonly string[] =>
  lookAlikeViolations('/x', text, scripts).map(({ rule }) => rule);
const messageOf = (text: string, scripts: readonly Script[] = nameScripts): string =>
  lookAlikeViolations('/x', text, scripts)[0]?.message.en ?? '';

/** Letters of each script that is tried here; all are old enough for every version of Unicode. */
const LETTERS: Readonly<Partial<Record<Script, string>>> = {
  Latin: 'aeoiEÉçñßłœ',
  Cyrillic: 'аеоѕіЖдя',
  Greek: 'αοΟΑΒνρω',
  Hebrew: 'אבגסו',
  Arabic: 'ابتسه',
  Armenian: 'օհաԱ',
  Georgian: 'აბგ',
  Han: '山田口一',
  Hangul: '가나다',
  Hiragana: 'あかへ',
  Katakana: 'アカヘ',
};
const TRIED = Object.keys(LETTERS) as readonly Script[];
const wordIn = (script: Script): fc.Arbitrary<string> =>
  fc.array(fc.constantFrom(...(LETTERS[script] ?? '')), { minLength: 1, maxLength: 6 }).map((all) => all.join(''));
const pair = fc.tuple(fc.constantFrom(...TRIED), fc.constantFrom(...TRIED));
const ASIAN: readonly Script[] = ['Han', 'Hangul', 'Hiragana', 'Katakana'];
const goTogether = (one: Script, other: Script): boolean =>
  one === other ||
  (ASIAN.includes(one) &&
    ASIAN.includes(other) &&
    (one === 'Han' || other === 'Han' || (one !== 'Hangul' && other !== 'Hangul')));

describe('a name', () => {
  it('of French people and organisations is accepted where Latin alone is allowed', () => {
    for (const text of [
      "PHARMACIE DE L'HÔTEL & CIE",
      'S.A.R.L. N° 2 (ANNEXE) : L’ÉTOILE - SUD/OUEST, A+',
      'CABINET Nº 3',
      '«LES LILAS» – 3·4 #1 @ “X” !',
      'Anaïs Nguyễn-Łukasz Øyen İnci ığdır Þór ʻOkina',
    ])
      assert.deepEqual(rulesOf(text.normalize('NFC'), ['Latin']), [], text);
  });

  it('may have whole words in each script that the environment allows, and in no other', () => {
    const words = fc
      .array(fc.constantFrom(...TRIED), { minLength: 1, maxLength: 4 })
      .chain((scripts) => fc.tuple(...scripts.map(wordIn)).map((all) => ({ scripts, text: all.join(' ') })));
    fc.assert(
      fc.property(words, ({ scripts, text }) => {
        assert.deepEqual(rulesOf(text, TRIED), []);
        const foreign = scripts.filter((script) => script !== 'Latin');
        assert.deepEqual(rulesOf(text, ['Latin']), foreign.length === 0 ? [] : ['text-script']);
      }),
    );
  });

  it('with two scripts in one word is rejected with the character that does not belong to it', () => {
    const mixed = pair
      .filter(([one, other]) => !goTogether(one, other))
      .chain((scripts) => fc.tuple(...scripts.map(wordIn), fc.constantFrom('', '-', "'", '.', '1')));
    fc.assert(
      fc.property(mixed, ([before = '', after = '', joiner = '']) => {
        const text = `DUPONT ${before}${joiner}${after}`;
        assert.deepEqual(rulesOf(text, TRIED), ['text-scripts-mixed']);
        const [odd = ''] = after;
        const code = (odd.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
        assert.ok(messageOf(text, TRIED).startsWith(`has ${odd} (U+${code}, `), messageOf(text, TRIED));
      }),
    );
  });

  it('in Japanese or Korean mixes the scripts that are written together', () => {
    const together = pair
      .filter(([one, other]) => ASIAN.includes(one) && ASIAN.includes(other) && goTogether(one, other))
      .chain((scripts) => fc.tuple(...scripts.map(wordIn)));
    fc.assert(fc.property(together, (words) => assert.deepEqual(rulesOf(words.join(''), TRIED), [])));
    assert.deepEqual(rulesOf('山あ', ['Latin', 'Han']), ['text-script']);
  });

  it('with any compatibility form is rejected with that character, and with what it stands for', () => {
    let count = 0;
    for (let code = 0x80; code <= 0x10ffff; code += 1) {
      const character = String.fromCodePoint(code);
      const form = character.normalize('NFKC');
      if (form === character.normalize('NFC') || character === 'º' || isRefusedCharacter(character)) continue;
      count += 1;
      const said = messageOf(`A${character}`);
      const at = code.toString(16).toUpperCase().padStart(4, '0');
      assert.ok(said.includes(`(U+${at}, `) && said.endsWith(`write ${JSON.stringify(form)}`), said);
    }
    assert.ok(count > 2_000, `${count} characters`);
  });

  it('with a mark that is not seen on its letter, or makes another letter of it, is rejected', () => {
    for (const text of ['Mari\u0307e', 'j\u0307', 'i\u0323\u0307', '\u0131\u0307', 'e\u0301\u0301', 'n\u0303\u0303'])
      assert.deepEqual(rulesOf(text.normalize('NFC')), ['text-letters'], text);
    for (const text of ['S\u006f\u0338rensen', 'l\u0335', 'd\u0336', '\u0131\u0337', 'a\u0301\u0334'])
      assert.deepEqual(rulesOf(text.normalize('NFC')), ['text-letters'], text);
    assert.equal(messageOf('Mari\u0307e'), 'has \u0307 (U+0307, mark), which names are not written with');
    for (const text of ['\u0130nci', 'z\u0307', 'o\u0323\u0301', 'e\u0302\u0301', 'm\u0327', 'i\u0301\u0323'])
      assert.deepEqual(rulesOf(text.normalize('NFC')), [], text);
  });

  it('has a message that a person can act on', () => {
    assert.equal(
      messageOf('DUP\u043eNT'),
      'has \u043e (U+043E, Cyrillic letter) in one word with D (U+0044, Latin letter)',
    );
    assert.equal(messageOf('\u{1d400}nne'), 'has \u{1d400} (U+1D400, letter), a compatibility form: write "A"');
    assert.equal(messageOf('\ufb01n'), 'has \ufb01 (U+FB01, Latin letter), a compatibility form: write "fi"');
    assert.equal(messageOf('\uff21nne'), 'has \uff21 (U+FF21, Latin letter), a compatibility form: write "A"');
    assert.equal(messageOf('D\u1d1cPONT'), 'has \u1d1c (U+1D1C, Latin letter), which names are not written with');
    assert.equal(
      messageOf('\u0414\u0430\u0440\u044c\u044f', ['Latin']),
      'has \u0414 (U+0414, Cyrillic letter): names are written in Latin',
    );
  });

  it('is judged by the lint in the same way, although the two share no code', () => {
    const alphabet = fc.constantFrom(
      ...TRIED.flatMap((script) => [...(LETTERS[script] ?? '')]),
      ' ',
      '-',
      '7',
      '\u0663',
    );
    const texts = fc.array(alphabet, { maxLength: 8 }).map((all) => all.join(''));
    const scripts = fc
      .subarray([...SCRIPTS])
      .map((some): readonly Script[] => [...new Set<Script>(['Latin', ...some])]);
    fc.assert(
      fc.property(texts, scripts, (text, allowed) => {
        const isForeign = text.split(' ').some((word) => foreignCharacter(word, allowed) !== null);
        assert.equal(rulesOf(text, allowed).length > 0, isForeign, JSON.stringify([text, allowed]));
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('the list of scripts', () => {
  it('is that of the schema, and Node knows each of them', () => {
    const schema = JSON.parse(readFileSync(join(POLICIES, 'schemas/environment.schema.json'), 'utf8'));
    assert.deepEqual(schema.properties.nameScripts.items.enum, SCRIPTS);
    for (const script of SCRIPTS) assert.ok(new RegExp(`\\p{Script_Extensions=${script}}`, 'u'));
  });
});
