import { guardsOf, type Mutants } from './mutant.js';

const lookAlikes = guardsOf('src/policy/rules/look-alikes.ts', 'test/unit/policy/look-alikes.test.ts');
const refusals = 'test/unit/policy/rules.test.ts';
const servers = 'test/unit/policy/server-names.test.ts';

/** Guards of names, codes and server names in requests. */
export const NAMES: Mutants = {
  'names/one-script': lookAlikes('A word is in one script.', {
    find: 'left = left.filter((pattern) => pattern.test(character));',
    replace: 'left = left.filter(() => true);',
    title: 'with two scripts in one word is rejected',
  }),
  'names/compatibility': lookAlikes('A compatibility form is refused.', {
    find: "character.normalize('NFKC') !== character;",
    replace: "character.normalize('NFC') !== character;",
    title: 'with any compatibility form is rejected',
  }),
  'names/unseen-mark': lookAlikes('No mark is unseen, or makes another letter.', {
    find: "return UNSEEN_MARK.exec(text.normalize('NFD'))?.[0];",
    replace: 'return text.length < 0 ? text : undefined;',
    title: 'with a mark that is not seen on its letter',
  }),
  'names/corsica': guardsOf('src/policy/identifiers/national-numbers.ts', 'test/unit/policy/identifiers.test.ts')(
    'The letters of Corsica count in check digits.',
    {
      find: "text.replace('A', '1').replace('B', '2')",
      replace: "text.replace('A', '0').replace('B', '0')",
      title: 'A counts as 1 and B as 2',
    },
  ),
  'names/special-use': guardsOf('src/policy/rules/server-names.ts', servers)('Nobody owns a special-use name.', {
    find: 'if (policy.environment.specialUseNames.includes(reserved.code)) return [];',
    replace: 'if (reserved.code.length > 0) return [];',
    title: 'is in no special-use domain',
  }),
  'names/domain-look-alike': guardsOf('src/policy/rules/server-names.ts', servers)(
    'The name of a server looks like no other one.',
    {
      find: 'lookAlikeDomain(pointer, name, environment.nameScripts)',
      replace: 'lookAlikeDomain(pointer, name, []).slice(0, 0)',
      title: 'looks like no other one where it is shown in letters that are not ASCII',
    },
  ),
  'names/domain-symbols': guardsOf('src/policy/identifiers/domain-name.ts', servers)('No label has a symbol.', {
    find: ' && SHOWN.test(shownDomain(name))',
    replace: ' && SHOWN.test(name)',
    title: 'looks like no other one where it is shown in letters that are not ASCII',
  }),
  'names/public-suffix': guardsOf('src/policy/identifiers/public-suffix.ts', servers)('Nobody owns a public suffix.', {
    find: "publicSuffix === name ? 'public-suffix'",
    replace: "publicSuffix === '' ? 'public-suffix'",
    title: 'is no public suffix',
  }),
  'names/department-letters': guardsOf('src/policy/rules/nomenclatures.ts', refusals)(
    'A department has no letter besides those of its name.',
    {
      find: 'const DEPARTMENT = /^([A-Za-z][A-Za-z\\p{M}',
      replace: 'const DEPARTMENT = /^(\\p{L}[\\p{L}\\p{M}',
      title: 'a department with a letter that its name does not have',
    },
  ),
  'names/dotless-i': guardsOf(
    'src/x509/certificate/name-comparison.ts',
    'test/unit/policy/enrolment/subject-inverse.test.ts',
  )('A dotless i is not equal to an i.', {
    find: 'replace(/[^ı]+/gu,',
    replace: 'replace(/.+/gsu,',
    title: 'keep accents, a dotless i and spaces between words apart',
  }),
  'names/profession': guardsOf('src/policy/rules/nomenclatures.ts', refusals)('A profession is of its nomenclature.', {
    find: 'const found = findCode(list, profession);',
    replace: 'const found = findCode(list, profession) ?? { code: profession, label: title };',
    title: 'a profession that is not in the nomenclature',
  }),
};
