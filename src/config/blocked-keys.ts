/**
 * Files of keys that must not be certified: one in the policy folder and those of the operator,
 * read at start.
 */
import { createReadStream, type ReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { err, ok, type Result } from '../kernel/result.js';
import { type BlockedKeys, blockedKeysBuilder } from '../x509/keys/blocked-keys.js';
import { openRegularFile, unreadableText } from './regular-file.js';

const LINE = /^([0-9a-f]{64})(?: (.*))?$/;

type BlockedKeyFiles = { readonly policies: string; readonly blockedKeys: readonly string[] };

export function blockedKeyFiles({ policies, blockedKeys }: BlockedKeyFiles): readonly string[] {
  return [join(policies, 'blocked-keys.txt'), ...blockedKeys];
}

/** The error names file and line. A file that cannot be read completely prevents the start. */
export async function readBlockedKeys(files: readonly string[]): Promise<Result<BlockedKeys, string>> {
  const lists: BlockedKeys[] = [];
  for (const file of files) {
    const builder = blockedKeysBuilder();
    const fault = await eachLine(file, (spkiSha256) => builder.add(spkiSha256));
    if (fault !== null) return err(fault);
    lists.push(builder.build());
  }
  const size = lists.reduce((all, list) => all + list.size, 0);
  return ok({ size, has: (spkiSha256) => lists.some((list) => list.has(spkiSha256)) });
}

/**
 * Returns the file that lists a key and the source in its line, for a command; null: no file lists
 * it.
 */
export async function findBlockedKey(
  files: readonly string[],
  spkiSha256: string,
): Promise<Result<{ readonly file: string; readonly source: string } | null, string>> {
  for (const file of files) {
    let found: string | null = null;
    const fault = await eachLine(file, (key, source) => {
      if (key === spkiSha256) found = source;
      return true;
    });
    if (fault !== null) return err(fault);
    if (found !== null) return ok({ file, source: found });
  }
  return ok(null);
}

/**
 * Calls `take` for each key. Returns null, or the first fault: a malformed line or a key that
 * `take` rejects.
 */
async function eachLine(file: string, take: (spkiSha256: string, source: string) => boolean): Promise<string | null> {
  let number = 0;
  let input: ReadStream | null = null;
  try {
    input = createReadStream(file, { fd: openRegularFile(file).file, encoding: 'utf8' });
    for await (const line of createInterface({ input, crlfDelay: Infinity })) {
      number += 1;
      if (line === '' || line.startsWith('#')) continue;
      const [, spkiSha256 = '', source = ''] = LINE.exec(line) ?? [];
      if (spkiSha256 === '') return `${file}:${number}: must be 64 lower-case hex digits, a space and a source`;
      if (!take(spkiSha256, source))
        return `${file}:${number}: this key must come after the previous one: sort the file`;
    }
    return null;
  } catch (error) {
    return `${file}: ${unreadableText(error).en}`;
  } finally {
    input?.destroy();
  }
}
