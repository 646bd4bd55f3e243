import { guardsOf, type Mutants } from './mutant.js';

const CLOCKS = 'test/fault/nodes/clocks.test.ts';

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
  'nodes/clock-differs': guardsOf('src/operations/clock.ts', CLOCKS)(
    'A node whose clock differs from that of the database issues nothing.',
    {
      find: 'const offsetMs = Math.abs(offset) > CLOCK_OFF_MS_MAX ? offset : 0;',
      replace: 'const offsetMs = 0 * offset;',
      title: 'ahead of the others by more than a minute issues nothing, and the others go on',
    },
  ),
  'nodes/mark-of-database': guardsOf('src/operations/clock.ts', CLOCKS)(
    'The high-water mark is the time of the database, which no wrong clock of a node moves.',
    {
      find: 'const { now, mark } = database;\n  if (fault === null && (',
      replace: 'const { mark } = database;\n  const now = clock();\n  if ((',
      title: 'ahead of the others by more than a minute issues nothing, and the others go on',
    },
  ),
  'nodes/lease-of-database': guardsOf('src/compose/store.ts', CLOCKS)('A lease ends by the clock of the database.', {
    find: "const clock = chosen.kind === 'sqlite' ? systemClock : null;",
    replace: 'const clock = systemClock;',
    title: 'does not take a lease that is still held',
  }),
};
