import { guardsOf, type Mutants } from './mutant.js';

/** Guards of what a request by EST or CMP may say. */
const sources = guardsOf('src/policy/enrolment/sources.ts', 'test/unit/policy/enrolment/sources.test.ts');
const issuing = 'test/unit/issuance/enrolment.test.ts';

export const ENROLMENT: Mutants = {
  'enrolment/complete-sources': sources('A request cannot contradict a registration or a record.', {
    find: 'if (differing.length > 0) return refuse(differing);',
    replace: '',
    title: 'that differs, by name',
  }),
  'enrolment/holder-from-request': sources('An account names holders only where the policy says so.', {
    find: 'if (profile.enrolment?.fromRequest !== true)',
    replace: 'if (profile.enrolment === undefined)',
    title: 'name the holder of',
  }),
  'enrolment/planned-extensions': guardsOf('src/issuance/prepare.ts', issuing)(
    'A requested extension is what the profile gives.',
    {
      find: "if (differing.length > 0) return err({ kind: 'policy-violated', violations: differing });",
      replace: '',
      title: 'is refused with a purpose that the profile does not give',
    },
  ),
  'enrolment/owner-in-force': guardsOf(
    'src/operations/enrolment/issue-registered.ts',
    'test/integration/enrolment/enrol.test.ts',
  )('A registration has the rights that its account has now.', {
    find: "if (ended !== null) return err({ kind: 'not-permitted', ...ended });",
    replace: '',
    title: 'uses no registration by REST whose account has expired or is disabled',
  }),
  'enrolment/key-certified-already': guardsOf('src/operations/issuance/clashes.ts', issuing)(
    'EST and CMP certify a key once for a profile.',
    {
      find: "return protocol === 'est' || protocol === 'cmp';",
      replace: 'return protocol === null;',
      title: 'of the same profile is not certified again by',
    },
  ),
};
