/**
 * Discards unfinished uploads that no process receives any more: those of ended runs, and those of
 * this process that it could not discard earlier, because the database was full or not available.
 * No lease is needed, because an upload can be discarded only once.
 */
import { SECOND_MS } from '../../kernel/duration.js';
import { discardUpload } from '../../operations/orders/discard.js';
import type { World } from '../../operations/world.js';
import type { Upload } from '../../ports/store/orders.js';
import type { RunJob } from '../job.js';

type UploadWorld = Pick<World, 'run' | 'store' | 'log' | 'underWay'>;

export const discardUploadsJob: RunJob<UploadWorld> = {
  name: 'uploads',
  scope: 'run',
  roles: ['api', 'worker'],
  everyMs: 3 * SECOND_MS,
  isEssential: true,
  alsoRuns: ['at-start'],
  prepare: (world) => ({ run: () => discardAbandoned(world) }),
};

async function discardAbandoned(world: UploadWorld): Promise<void> {
  const uploads = await world.store.read((reads) => reads.uploads());
  // The database is not available; the job tries again after its period.
  if (!uploads.ok) return;
  // While this process receives an upload, its id is in `underWay`, from before its row is written.
  const isAbandoned = ({ id, run, isRunLive }: Upload): boolean =>
    run === world.run ? !world.underWay.has(id) : !isRunLive;
  for (const { id } of uploads.value.filter(isAbandoned)) await discardUpload(world, id);
}
