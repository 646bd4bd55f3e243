/** Octets on their way to an outlet, held against the digest that the database has of them. */
import { createHash } from 'node:crypto';
import type { Bytes } from '../kernel/bytes.js';

/** `NoSuchContent` is thrown where they cannot be had, or are not those that were asked for: no draft of them is finished. */
export async function* checked(chunks: AsyncIterable<Bytes>, sha256: string): AsyncGenerator<Bytes, void, undefined> {
  const digest = createHash('sha256');
  try {
    for await (const chunk of chunks) {
      digest.update(chunk);
      yield chunk;
    }
  } catch (error) {
    // A disk or a line that breaks off: who takes the octets ends this and throws nothing into it.
    throw error instanceof NoSuchContent ? error : new NoSuchContent(String(error));
  }
  if (digest.digest('hex') !== sha256) throw new NoSuchContent('other octets than those that were published');
}

export class NoSuchContent extends Error {}
