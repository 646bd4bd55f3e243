/** `pfcng jobs`: the jobs that nodes share, when each is due, and whether it failed. */
import type { Command } from 'commander';
import { renderJobs, type ShownJob } from '../http/api/render-jobs.js';
import { readJobs } from '../operations/nodes/list-jobs.js';
import { fail, say, sayTable } from '../terminal/say.js';
import { type Records, unreadable, withRecords } from './common/records.js';

export function registerJobs(program: Command): void {
  program
    .command('jobs')
    .description('the jobs that nodes share: when each is due, its failures, and who works on it')
    .option('--json', 'print them as JSON')
    .action(({ json }: { readonly json?: boolean }) => withRecords((records) => show(records, json === true)));
}

const COLUMNS = ['JOB', 'ITEM', 'NEXT', 'LAST SUCCESS', 'FAILURES', 'NODE AT WORK', 'LAST ERROR'];

async function show({ store }: Records, json: boolean): Promise<void> {
  const found = await store.read(readJobs);
  if (!found.ok) return fail([unreadable(found.error.detail)]);
  const jobs = renderJobs(found.value);
  if (json) return say(JSON.stringify({ jobs }));
  sayTable(COLUMNS, jobs.map(rowOf));
}

function rowOf({ job, item, nextAt, lastSuccessAt, failures, holder, lastError }: ShownJob): readonly string[] {
  const node = holder === null ? '-' : (holder.node ?? holder.run);
  return [job, item === '' ? '-' : item, nextAt, lastSuccessAt ?? '-', String(failures), node, lastError ?? ''];
}
