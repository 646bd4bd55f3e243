import type { Writable } from 'node:stream';

/**
 * Creates a function that writes frames, all those of one turn of the event loop with one system
 * call. It returns false when the caller must wait for `drain` before the next frame.
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
