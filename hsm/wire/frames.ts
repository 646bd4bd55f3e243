/**
 * Frames between the service, the supervisor and its children:
 *
 *   u32be length | u8 type | u32be request id | u16be meta length | meta (JSON, UTF-8) | body
 *
 * `length` is the number of bytes after it. A decoder never throws on input. After the first
 * malformed frame it always fails, and the connection must be closed.
 */
import { assert } from '../../src/kernel/assert.js';
import type { Bytes } from '../../src/kernel/bytes.js';
import type { Json } from '../../src/kernel/json.js';
import { LIMITS } from '../../src/kernel/limits.js';
import { err, ok, type Result } from '../../src/kernel/result.js';

/** Requests are below 128, answers are 128 and above. No frame carries a digest to be signed. */
export const FRAME_TYPES = {
  /** The first frame from the supervisor to its child: the child's configuration. */
  configure: 0,
  certificate: 1,
  'crl-begin': 2,
  'crl-chunk': 3,
  'crl-end': 4,
  'crl-abort': 5,
  ocsp: 6,
  platform: 7,
  status: 8,
  /** The caller reports that the signature in the body did not verify. */
  'bad-signature': 9,
  'responder-certificate': 10,
  signature: 129,
  refused: 130,
  unavailable: 131,
  state: 132,
} as const;
export type FrameType = keyof typeof FRAME_TYPES;

export type Meta = { readonly [name: string]: Json };
export type FrameContent = {
  readonly type: FrameType;
  /** The request id that the caller chose; unsigned, 32 bits. */
  readonly id: number;
  readonly meta?: Meta;
  readonly body?: Bytes;
};
export type Frame = {
  readonly type: FrameType;
  readonly id: number;
  readonly meta: Bytes;
  readonly body: Bytes;
  /**
   * The encoded frame, with its length field, for forwarding. `setRequestId` changes the request
   * id in it.
   */
  readonly encoded: Buffer;
};

type FrameFailure =
  | { readonly kind: 'frame-too-long'; readonly length: number; readonly lengthMax: number }
  | { readonly kind: 'frame-too-short'; readonly length: number }
  | { readonly kind: 'frame-type-unknown'; readonly type: number }
  | { readonly kind: 'frame-meta-too-long'; readonly length: number; readonly metaLength: number };

const LENGTH_BYTES = 4;
const HEADER_BYTES = 7;
const ID_AT = 5;
const NO_BYTES = new Uint8Array(0);
const TYPE_NAMES: ReadonlyMap<number, FrameType> = new Map(
  (Object.keys(FRAME_TYPES) as FrameType[]).map((name) => [FRAME_TYPES[name], name]),
);

/** Encodes a frame. Throws when it exceeds the size limit: the caller checks sizes first. */
export function encodeFrame({ type, id, meta, body = NO_BYTES }: FrameContent): Buffer {
  const metaBytes = meta === undefined ? NO_BYTES : Buffer.from(JSON.stringify(meta), 'utf8');
  const length = HEADER_BYTES + metaBytes.length + body.length;
  assert(length <= LIMITS.signerFrameBytesMax && metaBytes.length <= 0xffff, `a frame ${type} of ${length} bytes`);
  const encoded = Buffer.allocUnsafe(LENGTH_BYTES + length);
  encoded.writeUInt32BE(length, 0);
  encoded.writeUInt8(FRAME_TYPES[type], LENGTH_BYTES);
  encoded.writeUInt32BE(id, ID_AT);
  encoded.writeUInt16BE(metaBytes.length, LENGTH_BYTES + 5);
  encoded.set(metaBytes, LENGTH_BYTES + HEADER_BYTES);
  encoded.set(body, LENGTH_BYTES + HEADER_BYTES + metaBytes.length);
  return encoded;
}

/** Changes the request id of an encoded frame in place. */
export function setRequestId(encoded: Buffer, id: number): Buffer {
  encoded.writeUInt32BE(id, ID_AT);
  return encoded;
}

const UTF8 = new TextDecoder('utf-8', { fatal: true });

/** Reads the meta of a frame, a JSON object; returns an empty object when the frame has none. */
export function readMeta(frame: Frame): Result<Readonly<Record<string, unknown>>, 'meta-malformed'> {
  if (frame.meta.length === 0) return ok({});
  try {
    const value: unknown = JSON.parse(UTF8.decode(frame.meta));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return ok({ ...value });
  } catch {
    // The meta is not UTF-8 or not JSON.
  }
  return err('meta-malformed');
}

type FrameDecoder = {
  /**
   * Returns the frames that this chunk completes, in order. After a failure every push fails in the
   * same way. A frame may share the memory of the chunk.
   */
  push(chunk: Buffer): Result<readonly Frame[], FrameFailure>;
};

export function createFrameDecoder(lengthMax: number = LIMITS.signerFrameBytesMax): FrameDecoder {
  const head = Buffer.alloc(LENGTH_BYTES);
  let headFilled = 0;
  /**
   * The buffer of an incomplete frame, allocated at its full size, so that each byte is copied only
   * once.
   */
  let partial: Buffer | null = null;
  let partialFilled = 0;
  let failure: FrameFailure | null = null;

  function push(chunk: Buffer): Result<readonly Frame[], FrameFailure> {
    const frames: Frame[] = [];
    let at = 0;
    const take = (encoded: Buffer): void => {
      const frame = parseFrame(encoded);
      if (frame.ok) frames.push(frame.value);
      else failure = frame.error;
    };
    while (failure === null && at < chunk.length) {
      if (partial) {
        const wanted = Math.min(partial.length - partialFilled, chunk.length - at);
        partial.set(chunk.subarray(at, at + wanted), partialFilled);
        partialFilled += wanted;
        at += wanted;
        if (partialFilled < partial.length) break;
        const encoded = partial;
        partial = null;
        take(encoded);
        continue;
      }
      const wanted = Math.min(LENGTH_BYTES - headFilled, chunk.length - at);
      head.set(chunk.subarray(at, at + wanted), headFilled);
      headFilled += wanted;
      at += wanted;
      if (headFilled < LENGTH_BYTES) break;
      headFilled = 0;
      const length = head.readUInt32BE(0);
      if (length > lengthMax) failure = { kind: 'frame-too-long', length, lengthMax };
      else if (length < HEADER_BYTES) failure = { kind: 'frame-too-short', length };
      else if (wanted === LENGTH_BYTES && chunk.length - at >= length) {
        take(chunk.subarray(at - LENGTH_BYTES, at + length));
        at += length;
      } else {
        partial = Buffer.allocUnsafe(LENGTH_BYTES + length);
        partial.set(head, 0);
        partialFilled = LENGTH_BYTES;
      }
    }
    return failure === null ? ok(frames) : err(failure);
  }
  return { push };
}

/** Parses one whole encoded frame, with its length field. */
export function parseFrame(encoded: Buffer): Result<Frame, FrameFailure> {
  const code = encoded.readUInt8(LENGTH_BYTES);
  const type = TYPE_NAMES.get(code);
  if (type === undefined) return err({ kind: 'frame-type-unknown', type: code });
  const length = encoded.length - LENGTH_BYTES;
  const metaLength = encoded.readUInt16BE(LENGTH_BYTES + 5);
  if (metaLength > length - HEADER_BYTES) return err({ kind: 'frame-meta-too-long', length, metaLength });
  const metaAt = LENGTH_BYTES + HEADER_BYTES;
  return ok({
    type,
    id: encoded.readUInt32BE(ID_AT),
    meta: encoded.subarray(metaAt, metaAt + metaLength),
    body: encoded.subarray(metaAt + metaLength),
    encoded,
  });
}
