/**
 * Decides the size of the chunks in which a client gets a file. A client that requests a long CRL
 * and does not read it keeps one chunk in the socket and one in the stream as long as it is
 * connected, so all chunks together must stay below a memory limit.
 */
type ChunkBudget = {
  /** Reserves a chunk and returns its size in bytes; the caller releases the same number later. */
  readonly take: () => number;
  readonly giveBack: (bytes: number) => void;
};

const CHUNK_BYTES = { min: 16 * 1024, max: 512 * 1024 } as const;
/** The memory in use was up to four times this on a busy machine, usually less than three times. */
const TOTAL_BYTES_MAX = 12 * 1024 * 1024;
/** Each client gets at most one eighth of what is left, so the next clients get a chunk too. */
const SHARES = 8;

export function createChunkBudget(): ChunkBudget {
  let taken = 0;
  return {
    take: () => {
      const share = Math.floor((TOTAL_BYTES_MAX - taken) / SHARES);
      const bytes = Math.max(CHUNK_BYTES.min, Math.min(CHUNK_BYTES.max, share));
      taken += bytes;
      return bytes;
    },
    giveBack: (bytes) => {
      taken -= bytes;
    },
  };
}
