/** A value that is longer than the profile allows is rejected and never shortened. */
import { attributeName, characters } from '../../reading/names.js';
import type { Rule } from '../../rule.js';
import { matchSubject } from '../subject-shape.js';

export const e_cps_subject_within_lengths_of_profile: Rule = {
  name: 'e_cps_subject_within_lengths_of_profile',
  citation: 'policy: subject of the profile',
  effective: '2026-01-01',
  check: ({ certificate, profile }) => {
    const long = matchSubject(profile, certificate.tbs.subject)?.find(
      ({ found, expected }) => characters(found.value) > expected.charactersMax,
    );
    return long === undefined
      ? null
      : `${attributeName(long.found.type)}: ${characters(long.found.value)} characters, at most ${long.expected.charactersMax}`;
  },
};
