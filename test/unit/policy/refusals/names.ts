/** Orders with a code that is in no list, or with a name that looks like another one. */
import { AUTH, CPE, ORG, type Refusal } from './requests.js';

export const NAME_REFUSALS: readonly Refusal[] = [
  {
    title: 'a profession that is not in the nomenclature',
    of: AUTH,
    holder: { profession: '11' },
    expect: ['/holder/profession profession-code'],
  },
  {
    title: 'a profession whose code is not used any more',
    of: AUTH,
    holder: { profession: '35', title: 'Aide-soignant' },
    expect: ['/holder/profession profession-code'],
  },
  {
    title: 'the title of another profession',
    of: AUTH,
    holder: { profession: '60', title: 'MEDECIN' },
    expect: ['/holder/title profession-title'],
  },
  {
    title: 'a FINESS number of Corsica with a wrong key',
    of: ORG,
    structure: { id: '12A0000155' },
    expect: ['/holder/structure/id structure-id-key'],
  },
  {
    title: 'a FINESS number of no department',
    of: ORG,
    structure: { id: '1960000006' },
    expect: ['/holder/structure/id structure-id-form'],
  },
  {
    title: 'a department under the number of another one',
    of: CPE,
    structure: { department: 'Paris (69)' },
    expect: ['/holder/structure/department department-form'],
  },
  {
    title: 'a department with a letter that its name does not have',
    of: CPE,
    structure: { department: 'Paris ø (75)' },
    expect: ['/holder/structure/department department-form'],
  },
  {
    title: 'a department whose number is not used any more',
    of: CPE,
    structure: { department: 'Corse (20)' },
    expect: ['/holder/structure/department department-form'],
  },
  {
    title: 'a Cyrillic letter in a Latin word',
    of: AUTH,
    holder: { surname: 'DUP\u041eNT' },
    expect: ['/holder/surname text-scripts-mixed'],
  },
  {
    title: 'two scripts on the sides of a hyphen',
    of: CPE,
    holder: { givenName: 'Jean-\u041f\u043e\u043b\u044c' },
    expect: ['/holder/givenName text-scripts-mixed'],
  },
  {
    title: 'a digit of another script in a word',
    of: ORG,
    holder: { application: 'INSI\u0663' },
    expect: ['/holder/application text-scripts-mixed'],
  },
  {
    title: 'a word in a script that the environment does not allow',
    of: CPE,
    holder: { pseudonym: '\u0531\u0532', givenName: undefined, surname: undefined },
    expect: ['/holder/pseudonym text-script'],
  },
  {
    title: 'mathematical letters',
    of: AUTH,
    holder: { surname: '\u{1d403}\u{1d414}PONT' },
    expect: ['/holder/surname text-compatibility'],
  },
  {
    title: 'a ligature',
    of: CPE,
    structure: { name: 'O\ufb03ce' },
    expect: ['/holder/structure/name text-compatibility'],
  },
  {
    title: 'full-width letters',
    of: AUTH,
    holder: { title: '\uff29nfirmier' },
    expect: ['/holder/title text-compatibility'],
  },
  {
    title: 'a letter of phonetic notation',
    of: AUTH,
    holder: { surname: 'DUP\u1d0fNT' },
    expect: ['/holder/surname text-letters'],
  },
];
