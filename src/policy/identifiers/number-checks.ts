import { memoize } from '../../kernel/memoize.js';
import { codeListOf } from '../code-lists.js';
import type { Policy } from '../model.js';
import type { NumberChecks } from './national-numbers.js';

/** How the environment checks national numbers. */
export const numberChecksOf = memoize(
  (policy: Policy): NumberChecks => ({
    luhnChecked: policy.environment.luhnChecked,
    testNumbers: policy.environment.mark === 'development',
    departments: codeListOf(policy, 'departments')
      .codes.filter(({ ended }) => ended === undefined)
      .map(({ code }) => code),
  }),
);
