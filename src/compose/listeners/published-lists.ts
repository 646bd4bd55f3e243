/**
 * Gives the operations access to the published CRLs, through the cache of the publication server.
 */
import type { ServedCrls } from '../../http/status/files.js';
import type { PublishedLists, World } from '../../operations/world.js';

/**
 * Returns access to the published CRLs by their file names. A file that cannot be read counts as
 * missing; the log says why.
 */
export function publishedListsFrom(crls: Pick<ServedCrls, 'find'>, log: World['log']): PublishedLists {
  return {
    find: async (fileName) => {
      try {
        const file = await crls.find(fileName);
        if (file === null) return null;
        const { sizeBytes, modified: thisUpdate, bytes } = file;
        return { sizeBytes, thisUpdate, bytes };
      } catch (error) {
        log.error('publication.fault', { path: fileName, message: String(error) });
        return null;
      }
    },
  };
}
