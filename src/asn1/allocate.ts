/**
 * Memory for the small arrays that the DER writer makes in great numbers. Each array with memory of
 * its own costs more than what is written into it, so that arrays of up to 512 bytes share pieces
 * of 8 KiB. Longer arrays have their own memory: they may be kept for long, and a small array must
 * not keep a large one in memory.
 */
const SHARED_BYTES_MAX = 512;
const PIECE_BYTES = 8 * 1024;
/** V8 stores arrays of this length in its own heap, which is as fast as sharing. */
const TINY_BYTES_MAX = 64;
const ALIGNMENT = 8;

let piece = new ArrayBuffer(PIECE_BYTES);
let used = 0;

/** An array of zeros that overlaps with no other. */
export function allocate(length: number): Uint8Array<ArrayBuffer> {
  if (length <= TINY_BYTES_MAX || length > SHARED_BYTES_MAX) return new Uint8Array(length);
  if (used + length > PIECE_BYTES) {
    piece = new ArrayBuffer(PIECE_BYTES);
    used = 0;
  }
  const bytes = new Uint8Array(piece, used, length);
  used += Math.ceil(length / ALIGNMENT) * ALIGNMENT;
  return bytes;
}
