/**
 * Decides in which chunk size a file is sent to each client. A client that requests a long CRL and
 * does not read it occupies one chunk in its socket and one in the file stream as long as it is
 * connected. The more memory such chunks already take, the smaller the next chunks are.
 */
type ChunkBudget = {
  /** Reserves a chunk and returns its size in bytes; the caller releases the same number later. */
  readonly take: () => number;
  /** Releases a chunk. `bytes`: what `take` has returned. */
  readonly giveBack: (bytes: number) => void;
};

const CHUNK_BYTES_RANGE = { min: 16 * 1024, max: 512 * 1024 } as const;
/**
 * Target for the sum of all reserved chunks. The real memory use is usually less than three times
 * this value, and was measured at up to four times on a busy machine.
 */
const TOTAL_BYTES_TARGET = 12 * 1024 * 1024;
/**
 * Each new chunk gets at most one eighth of what is left, but never less than the smallest chunk
 * size, so that later clients still get large chunks.
 */
const REMAINDER_DIVISOR = 8;

export function createChunkBudget(): ChunkBudget {
  let taken = 0;
  return {
    take: () => {
      const share = Math.floor((TOTAL_BYTES_TARGET - taken) / REMAINDER_DIVISOR);
      const bytes = Math.max(CHUNK_BYTES_RANGE.min, Math.min(CHUNK_BYTES_RANGE.max, share));
      taken += bytes;
      return bytes;
    },
    giveBack: (bytes) => {
      taken -= bytes;
    },
  };
}
