/** Files that hold something sealed: a share, the copy of a token. Whoever has one can try passphrases on it: it is its owner's alone. */
import type { Bytes } from '../../kernel/bytes.js';
import { both } from '../bilingual.js';
import { isCopy } from '../steps/shared/token-records.js';
import type { CeremonyWorld } from '../world.js';
import { readShare } from './share-file.js';

function isSealed(content: Bytes): boolean {
  return readShare(content) !== null || isCopy(content);
}

/** As `create`: what is sealed, or has such a thing among its `contents`, for its owner alone. */
export function createByContent(
  { files }: Pick<CeremonyWorld, 'files'>,
  path: string,
  { content, contents = [content] }: { readonly content: Bytes; readonly contents?: readonly Bytes[] },
): Promise<void> {
  return contents.some(isSealed) ? files.createSealed(path, content) : files.create(path, content);
}

/** Said when it is read: it may have been copied here by hand. The ceremony goes on, since what was read by others was read already. */
export async function warnOfOthers(
  { files, terminal }: Pick<CeremonyWorld, 'files' | 'terminal'>,
  path: string,
  from: 'home' | 'given',
): Promise<void> {
  if (!(await files.isOpenToOthers(path, from))) return;
  terminal.show([
    both({
      fr: `ATTENTION : d'autres comptes de cette machine peuvent lire ${path} ; après la cérémonie : chmod 600 ${path}`,
      en: `WARNING: other accounts of this machine can read ${path}; after the ceremony: chmod 600 ${path}`,
    }),
  ]);
}
