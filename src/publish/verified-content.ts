/**
 * Octets on their way to an outlet, held against the length and the digest that the database has of them. They are on the disk before the
 * digest is known, so that a source that does not end must not fill it.
 */
import { createHash } from 'node:crypto';
import type { Bytes } from '../kernel/bytes.js';

/** `ContentUnavailable` is thrown where they cannot be had, or are not those that were asked for: no draft of them is finished. */
export async function* verifiedContent(
  chunks: AsyncIterable<Bytes>,
  { sha256, sizeBytes }: { readonly sha256: string; readonly sizeBytes: number },
): AsyncGenerator<Bytes, void, undefined> {
  const digest = createHash('sha256');
  let length = 0;
  try {
    for await (const chunk of chunks) {
      length += chunk.length;
      if (length > sizeBytes) throw new ContentUnavailable('more octets than were published');
      digest.update(chunk);
      yield chunk;
    }
  } catch (error) {
    // A disk or a line that breaks off: who takes the octets ends this and throws nothing into it.
    throw error instanceof ContentUnavailable ? error : new ContentUnavailable(String(error));
  }
  if (digest.digest('hex') !== sha256) throw new ContentUnavailable('other octets than those that were published');
}

export class ContentUnavailable extends Error {}
