import assert from 'node:assert/strict';
import { OID } from '../../../src/asn1/oids.js';
import { matchSubject } from '../../../src/lint/certificate/subject-shape.js';
import type { Profile, SubjectAttribute } from '../../../src/policy/model.js';
import type { Name } from '../../../src/x509/model.js';

type Type = SubjectAttribute['type'];

const profileOf = (...types: readonly Type[]): Pick<Profile, 'subject' | 'pseudonymSubject'> => ({
  subject: types.map((type) => [{ type, form: 'utf8String', value: { text: 'x' }, charactersMax: 64 }]),
  pseudonymSubject: null,
});
const nameOf = (...types: readonly Type[]): Name =>
  types.map((type) => [{ type: OID[type], form: 'utf8String', value: 'x' }]);

describe('the match of a subject with its profile', () => {
  it('is computed again for another profile and for another name', () => {
    const [titled, plain] = [profileOf('countryName', 'title'), profileOf('countryName')];
    const [long, short] = [nameOf('countryName', 'title'), nameOf('countryName')];
    const lengths = [
      matchSubject(titled, long),
      matchSubject(plain, long),
      matchSubject(plain, short),
      matchSubject(titled, short),
      matchSubject(titled, long),
    ].map((pairs) => pairs?.length);
    assert.deepEqual(lengths, [2, undefined, 1, undefined, 2]);
  });
});
