import { guardsOf, type Mutants } from './mutant.js';

/** Guards of the decisions of officers about the policy of production. */
const folder = guardsOf('src/config/decision-folder.ts', 'test/unit/policy/decide/folder.test.ts');
const answers = guardsOf('src/policy/decide/answers.ts', 'test/unit/policy/decide/answers.test.ts');

export const POLICY_DECISIONS: Mutants = {
  'policy/changed-meanwhile': folder('A value that was changed since it was shown is not decided.', {
    find: 'if (moved.length > 0) return',
    replace: 'if (moved.length < 0) return',
    title: 'keeps what somebody else has changed since a place was shown',
  }),
  'policy/all-or-none': folder('Decisions that the policy rejects are not written.', {
    find: '  if (faults.length > 0) return err(faults);\n  const decided',
    replace: '  const decided',
    title: 'gets all decisions of one answer or none',
  }),
  'policy/unknown-answer': answers('An answer to no question is reported.', {
    find: '.filter((about) => !known.has(about))',
    replace: '.filter(() => false)',
    title: 'that are unknown or missing are named, all at once',
  }),
  'policy/reason': answers('An answer has a reason that can be written.', {
    find: 'if (fault !== null) return err(fault);',
    replace: '',
    title: 'have one form',
  }),
};
