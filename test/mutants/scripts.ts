import { guardsOf, type Mutants } from './mutant.js';

/** Guards of the npm commands. */
export const SCRIPTS: Mutants = {
  'scripts/compiler-ends': guardsOf('scripts/lib/bundle.mjs', 'test/unit/scripts/bundle.test.ts')(
    '`npm start` leaves no compiler running while it serves.',
    { find: 'void esbuild.stop();', replace: '', title: 'ends with the compilation' },
  ),
};
