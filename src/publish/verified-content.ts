/**
 * Verifies content on its way to an outlet against the length and the digest in the database. The
 * content is written to disk before its digest is known, so the length is limited while it is read.
 */
import { createHash } from 'node:crypto';
import type { Bytes } from '../kernel/bytes.js';

/**
 * Throws `ContentUnavailable` if the source fails or has other content, so that the draft is not
 * finished.
 */
export async function* verifiedContent(
  chunks: AsyncIterable<Bytes>,
  { sha256, sizeBytes }: { readonly sha256: string; readonly sizeBytes: number },
): AsyncGenerator<Bytes, void, undefined> {
  const digest = createHash('sha256');
  let length = 0;
  try {
    for await (const chunk of chunks) {
      length += chunk.length;
      if (length > sizeBytes) throw new ContentUnavailable('the content is longer than what was published');
      digest.update(chunk);
      yield chunk;
    }
  } catch (error) {
    // The source has failed. The consumer never throws into this generator.
    throw error instanceof ContentUnavailable ? error : new ContentUnavailable(String(error));
  }
  if (digest.digest('hex') !== sha256) throw new ContentUnavailable('the content differs from what was published');
}

export class ContentUnavailable extends Error {}
