import { guardsOf, type Mutants } from './mutant.js';

/** Guards of policy files and of the decisions of officers about the policy of production. */
const folder = guardsOf('src/cli/policy/decision-folder.ts', 'test/unit/policy/decide/folder.test.ts');
const environment = guardsOf('src/policy/checks/environment.ts', 'test/unit/policy/load.test.ts');
const answers = guardsOf('src/policy/decide/answers.ts', 'test/unit/policy/decide/answers.test.ts');

export const POLICY_DECISIONS: Mutants = {
  'policy/changed-meanwhile': folder('A value that was changed since it was shown is not decided.', {
    find: 'if (changed.length > 0) return',
    replace: 'if (changed.length < 0) return',
    title: 'keeps what somebody else has changed since a member was shown',
  }),
  'policy/all-or-none': folder('Decisions that the policy rejects are not written.', {
    find: '    if (faults.length > 0) return err(faults);\n    const decided',
    replace: '    const decided',
    title: 'gets all decisions of one answer or none',
  }),
  'policy/one-writer': folder('Two commands do not write decisions at once.', {
    find: 'acquireLock(join(folder, WORK_FOLDER),',
    replace: 'acquireLock(join(folder, WORK_FOLDER, "own"),',
    title: 'is written by one command at a time',
  }),
  'policy/files-elsewhere': folder('No file is written if one of them cannot be replaced.', {
    find: 'if (faults.length > 0) return err(faults);\n  try',
    replace: 'try',
    title: 'gets no decision if one of its files is a link that leads out of it',
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
  'policy/policy-identifier': environment('A policy that no certificate can name is not loaded.', {
    find: 'if (!isObjectIdentifier(policyOid)) return [faultIn(',
    replace: "if (policyOid === '') return [faultIn(",
    title: 'which no certificate can name',
  }),
  'policy/excepted-key-usage': environment('An exception allows no type of key that its profiles cannot certify.', {
    find: 'const message = keyUsageFault(profile, keyType);',
    replace: 'const message = keyUsageFault(profile, profile.keyTypes[0] ?? keyType);',
    title: 'an exception for a key type that is left without a key usage',
  }),
  'policy/no-lint-exception': guardsOf('src/lint/exceptions.ts', 'test/unit/lint/exceptions.test.ts')(
    'No exception gives a certificate the rights of another.',
    {
      find: '!RULES_WITHOUT_EXCEPTIONS.has(rule) &&',
      replace: "rule !== '' &&",
      title: 'has no effect for rules without exceptions',
    },
  ),
  'policy/no-purpose-exception': guardsOf('src/lint/exceptions.ts', 'test/unit/lint/exceptions.test.ts')(
    'No exception gives a certificate the purpose of a CA.',
    {
      find: "  'e_cps_extended_key_usage_is_that_of_profile',\n",
      replace: '',
      title: 'a responder, or a signer of CRLs or CMP, even with exceptions for all rules',
    },
  ),
};
