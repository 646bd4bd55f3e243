/**
 * Discards uploads that nobody receives any more: those of ended runs, and those of this process
 * that it could not discard itself, because the database was full or away. No lease is needed,
 * because an upload can be discarded once.
 */
import { SECOND_MS } from '../../kernel/duration.js';
import { discardUpload } from '../../operations/orders/discard.js';
import type { World } from '../../operations/world.js';
import type { Upload } from '../../ports/store/orders.js';
import type { RunJob } from '../job.js';

type UploadWorld = Pick<World, 'run' | 'store' | 'log' | 'underWay'>;

export const discardUploads: RunJob<UploadWorld> = {
  name: 'uploads',
  scope: 'run',
  roles: ['api', 'worker'],
  everyMs: 3 * SECOND_MS,
  isEssential: true,
  alsoRuns: ['at-start'],
  prepare: (world) => ({ run: () => discardLeft(world) }),
};

async function discardLeft(world: UploadWorld): Promise<void> {
  const uploads = await world.store.read((reads) => reads.uploads());
  // The next run looks again.
  if (!uploads.ok) return;
  // An upload that this process receives is under way from before its row is written.
  const isLeft = ({ id, run, isRunLive }: Upload): boolean =>
    run === world.run ? !world.underWay.has(id) : !isRunLive;
  for (const { id } of uploads.value.filter(isLeft)) await discardUpload(world, id);
}
