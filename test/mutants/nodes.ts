import { guardsOf, type Mutants } from './mutant.js';

/** Guards of several nodes on one database. */
export const NODES: Mutants = {
  'nodes/id-made-once': guardsOf('src/compose/node.ts', 'test/unit/compose/node.test.ts')(
    'Processes that make the id of a node at the same time agree on it.',
    {
      find: 'linkSync(complete, file);',
      replace: 'replaceFile(file, JSON.stringify({ id }), { part: complete, mode: 0o644 }), linkSync;',
      title: 'is that of the first process, where two make it at the same time',
    },
  ),
};
