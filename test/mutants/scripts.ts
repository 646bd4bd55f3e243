import { guardsOf, type Mutants } from './mutant.js';

/** Guards of the npm commands. */
export const SCRIPTS: Mutants = {
  'scripts/compiler-ends': guardsOf('scripts/lib/bundle.mjs', 'test/unit/scripts/bundle.test.ts')(
    '`npm start` leaves no compiler running while it serves.',
    { find: "process.env.ESBUILD_WORKER_THREADS = '0';", replace: '', title: 'ends with the compilation' },
  ),
  'scripts/validators-check-formats': guardsOf('scripts/lib/validators.mjs', 'test/unit/scripts/validators.test.ts')(
    'A generated validator checks what its schema says.',
    {
      find: "const formats = { 'date-time': (text) => parseInstant(text) !== null };",
      replace: "const formats = { 'date-time': () => parseInstant !== null };",
      title: 'judge as their schemas do',
    },
  ),
};
