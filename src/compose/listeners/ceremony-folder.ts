/** The ceremonies in the home folder. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { planCopyPath, transcriptPath } from '../../ceremony/plan/paths.js';
import { readBelow, readTranscript } from '../../ceremony-host/read-files.js';
import type { HomePaths } from '../../config/paths.js';
import { ok } from '../../kernel/result.js';
import type { CeremonyFolder } from '../../operations/ceremonies/ceremony-folder.js';

/** Folders of tokens are beside those of ceremonies, under names that no ceremony has. */
const ID = /^[a-z0-9][a-z0-9.-]{0,63}$/;

export function ceremonyFolder({ home, ceremony }: Pick<HomePaths, 'home' | 'ceremony'>): CeremonyFolder {
  // A folder with tokens only is no ceremony. A folder with a plan is one, even if its transcript
  // is missing.
  const isCeremony = (id: string): boolean =>
    ID.test(id) && [planCopyPath({ id }), transcriptPath({ id })].some((path) => existsSync(join(home, path)));
  return {
    ids: () => (existsSync(ceremony) ? readdirSync(ceremony).filter(isCeremony).sort() : []),
    lines: (id) => {
      const read = readTranscript(join(home, transcriptPath({ id })));
      return read.ok ? ok(read.value.lines) : read;
    },
    read: (path) => readBelow(home, path),
  };
}
