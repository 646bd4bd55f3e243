/**
 * How much of a file each reader is sent at a time, so that all of them together hold no more in memory than this: whoever asks for a long
 * list and does not read it keeps a chunk on its way, and another behind it, for as long as the connection lasts.
 */
export type ChunkBudget = {
  /** Octets; to be given back. */
  readonly take: () => number;
  readonly giveBack: (bytes: number) => void;
};

const CHUNK_BYTES = { min: 16 * 1024, max: 512 * 1024 } as const;
/** Up to four times as much was seen in memory on a busy machine, usually less than three. */
const TOGETHER_BYTES_MAX = 12 * 1024 * 1024;
/** Of what is left: so many more readers find as much again. */
const SHARES = 8;

export function createChunkBudget(): ChunkBudget {
  let taken = 0;
  return {
    take: () => {
      const share = Math.floor((TOGETHER_BYTES_MAX - taken) / SHARES);
      const bytes = Math.max(CHUNK_BYTES.min, Math.min(CHUNK_BYTES.max, share));
      taken += bytes;
      return bytes;
    },
    giveBack: (bytes) => {
      taken -= bytes;
    },
  };
}
