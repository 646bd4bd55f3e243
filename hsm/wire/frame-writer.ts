import type { Writable } from 'node:stream';

/**
 * Writes all frames of one turn of the event loop with one system call. Returns what `write`
 * returns (false: wait for `drain`).
 */
export function createFrameWriter(stream: Writable): (encoded: Uint8Array) => boolean {
  let corked = false;
  const flush = (): void => {
    corked = false;
    stream.uncork();
  };
  return (encoded) => {
    if (!stream.writable) return true;
    if (!corked) {
      corked = true;
      stream.cork();
      setImmediate(flush);
    }
    return stream.write(encoded);
  };
}
