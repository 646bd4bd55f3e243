/**
 * Reports at the start and once a day for which years the keys of the tags in the audit log are
 * missing. From November on this includes the next year, so that its key is on every node before
 * the first entry of that year needs it.
 */
import { missingYears, type TagKeys } from '../audit/tags.js';
import { DAY_MS } from '../kernel/duration.js';
import type { World } from '../operations/world.js';
import type { RunJob } from './job.js';

type TagKeyParts = Pick<World, 'clock' | 'log'> & { readonly tagKeys: TagKeys };

export const warnOfMissingTagKeysJob: RunJob<TagKeyParts> = {
  name: 'tag-keys',
  scope: 'run',
  roles: ['api', 'worker', 'console'],
  everyMs: DAY_MS,
  isEssential: false,
  alsoRuns: ['at-start'],
  prepare: ({ tagKeys, clock, log }) => ({
    run: async () => {
      const years = missingYears(tagKeys, clock());
      if (years.length > 0) log.warn('audit.tag-key-missing', { years });
    },
  }),
};
