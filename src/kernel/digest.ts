/** SHA-256 (FIPS 180-4), by which this system names and compares content, and other hashes. */
import { createHash, hash } from 'node:crypto';
import { type Bytes, concat } from './bytes.js';

/** SHA-256 of the parts, one after the other. */
export function sha256(...parts: readonly Bytes[]): Bytes {
  const [only, ...more] = parts;
  return digestOf('sha256', only !== undefined && more.length === 0 ? only : concat(parts));
}

/** SHA-256 in lower-case hex; a text is hashed as UTF-8. */
export function sha256Hex(content: Bytes | string): string {
  return hash('sha256', content, 'hex');
}

/** SHA-256 of a stream in lower-case hex. Where the stream breaks, its error is thrown. */
export async function sha256HexOfStream(chunks: AsyncIterable<Bytes>): Promise<string> {
  const digest = createHash('sha256');
  for await (const chunk of chunks) digest.update(chunk);
  return digest.digest('hex');
}

/** SHA-256 of what comes in pieces. */
export function createSha256(): { readonly update: (piece: Bytes) => void; readonly digest: () => Bytes } {
  const digest = createHash('sha256');
  return {
    update: (piece) => void digest.update(piece),
    digest: () => new Uint8Array(digest.digest()),
  };
}

/** The hashes of signatures, as node:crypto names them. */
export type HashName = 'sha256' | 'sha384' | 'sha512';

export function digestOf(name: HashName, content: Bytes): Bytes {
  return new Uint8Array(hash(name, content, 'buffer'));
}
