/** `pfcng nodes`: the nodes on this database, and whether they are alive. */
import type { Command } from 'commander';
import { renderNodes, type ShownNode } from '../http/api/render-nodes.js';
import { SECOND_MS } from '../kernel/duration.js';
import { RUNS_SHOWN_MAX } from '../operations/nodes/list-runs.js';
import { fail, say, sayTable } from '../terminal/say.js';
import { type Records, unreadable, withRecords } from './common/records.js';

export function registerNodes(program: Command): void {
  program
    .command('nodes')
    .description('the nodes on this database, their processes, and when each was last heard of')
    .option('--json', 'print them as JSON')
    .action(({ json }: { readonly json?: boolean }) => withRecords((records) => show(records, json === true)));
}

const COLUMNS = ['NODE', 'STATE', 'ROLES', 'HOST', 'VERSION', 'STARTED', 'LAST HEARTBEAT', 'CLOCK OFFSET'];

async function show({ store }: Records, json: boolean): Promise<void> {
  const runs = await store.read((reads) => reads.runs(RUNS_SHOWN_MAX));
  if (!runs.ok) return fail([unreadable(runs.error.detail)]);
  const nodes = renderNodes(runs.value);
  if (json) return say(JSON.stringify({ nodes }));
  sayTable(COLUMNS, nodes.flatMap(rowsOf));
}

/** Live runs, or the last one of a node that has none. */
function rowsOf({ name, runs }: ShownNode): readonly (readonly string[])[] {
  const live = runs.filter(({ state }) => state === 'live');
  return (live.length > 0 ? live : runs.slice(0, 1)).map(
    ({ state, roles, host, version, startedAt, seenAt, clockOffsetMs }) => [
      name,
      state,
      roles.join(','),
      host,
      version,
      startedAt,
      seenAt,
      `${(clockOffsetMs / SECOND_MS).toFixed(1)} s`,
    ],
  );
}
