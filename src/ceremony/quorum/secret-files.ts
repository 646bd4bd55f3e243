/**
 * Creates files with encrypted secrets (a share, or the copy of a token), and warns about such
 * files that other users can read. They could try passphrases and PINs on them.
 */
import type { Bytes } from '../../kernel/bytes.js';
import { isTokenCopy } from '../steps/shared/token-records.js';
import type { CeremonyWorld } from '../world.js';
import { readShare } from './share-file.js';

function isEncryptedSecret(content: Bytes): boolean {
  return readShare(content) !== null || isTokenCopy(content);
}

/**
 * Creates a file; only its owner may read it if it is an encrypted secret or contains one.
 * `contents` are the files in a bundle.
 */
export function createByContent(
  { files }: Pick<CeremonyWorld, 'files'>,
  path: string,
  { content, contents = [content] }: { readonly content: Bytes; readonly contents?: readonly Bytes[] },
): Promise<void> {
  return contents.some(isEncryptedSecret) ? files.createPrivate(path, content) : files.create(path, content);
}

/**
 * Warns if other users may read the file, for example because somebody copied it by hand. The
 * ceremony goes on, because stopping would not undo what they have read.
 */
export async function warnIfReadableByOthers(
  { files, terminal }: Pick<CeremonyWorld, 'files' | 'terminal'>,
  path: string,
  from: 'home' | 'typed',
): Promise<void> {
  if (!(await files.isOpenToOthers(path, from))) return;
  terminal.show([
    {
      fr: `ATTENTION : d'autres comptes de cette machine peuvent lire ${path} ; après la cérémonie : chmod 600 ${path}`,
      en: `WARNING: other accounts of this machine can read ${path}; after the ceremony: chmod 600 ${path}`,
    },
  ]);
}
