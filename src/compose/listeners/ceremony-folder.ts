/** Reads the ceremonies in the home folder. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { planCopyPath, transcriptPath } from '../../ceremony/plan/paths.js';
import { readBelow, readTranscript } from '../../ceremony-host/files.js';
import type { HomePaths } from '../../config/paths.js';
import { ok } from '../../kernel/result.js';
import type { CeremonyFolder } from '../../operations/ceremonies/ceremony-folder.js';

/** The form of the id of a ceremony, which is the name of its folder. */
const CEREMONY_ID_FORM = /^[a-z0-9][a-z0-9.-]{0,63}$/;

export function ceremonyFolder({ home, ceremony }: Pick<HomePaths, 'home' | 'ceremony'>): CeremonyFolder {
  // The folders of tokens are beside those of ceremonies. A folder is that of a ceremony if it has
  // a plan or a transcript.
  const isCeremony = (id: string): boolean =>
    CEREMONY_ID_FORM.test(id) &&
    [planCopyPath({ id }), transcriptPath({ id })].some((path) => existsSync(join(home, path)));
  return {
    ids: () => (existsSync(ceremony) ? readdirSync(ceremony).filter(isCeremony).sort() : []),
    lines: (id) => {
      const read = readTranscript(join(home, transcriptPath({ id })));
      return read.ok ? ok(read.value.lines) : read;
    },
    read: (path) => readBelow(home, path),
  };
}
