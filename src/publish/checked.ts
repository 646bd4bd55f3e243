/** Octets on their way to an outlet, held against the digest that the database has of them. */
import { createHash } from 'node:crypto';
import type { Bytes } from '../kernel/bytes.js';

/** `OtherContent` is thrown where they are not those that were asked for, so that no draft of them is finished. */
export async function* checked(chunks: AsyncIterable<Bytes>, sha256: string): AsyncGenerator<Bytes, void, undefined> {
  const digest = createHash('sha256');
  for await (const chunk of chunks) {
    digest.update(chunk);
    yield chunk;
  }
  if (digest.digest('hex') !== sha256) throw new OtherContent();
}

export class OtherContent extends Error {
  constructor() {
    super('other octets than those that were published');
  }
}
