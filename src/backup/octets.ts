/** A stream of which a given number of octets is taken at a time. */
import { readHeader } from '../asn1/der-element.js';
import { type Bytes, concat } from '../kernel/bytes.js';
import { BackupFaultError, damaged } from './fault.js';

/** Each function rejects with `BackupFaultError` if the stream ends too early. */
export type Octets = {
  readonly peek: (length: number) => Promise<Bytes>;
  readonly take: (length: number) => Promise<Bytes>;
  /** Identifier and length octets of an element with a definite length. */
  readonly takeHeader: () => Promise<{ readonly tag: number; readonly contentLength: number }>;
  /** The next octets in the chunks in which they arrive. */
  readonly stream: (length: number) => AsyncGenerator<Bytes>;
  /** Rejects if there is more. */
  readonly expectEnd: () => Promise<void>;
  /** Everything that was not taken yet. */
  readonly rest: () => AsyncGenerator<Bytes>;
};

/** One identifier octet and at most five length octets (X.690 8.1). */
const HEADER_BYTES_MAX = 6;

export function createOctets(source: AsyncIterable<Bytes>): Octets {
  const chunks = source[Symbol.asyncIterator]();
  let waiting: Bytes = new Uint8Array(0);

  /** Reads one more chunk into `waiting`. Returns false at the end of the stream. */
  async function more(): Promise<boolean> {
    const { done, value } = await chunks.next();
    if (done === true) return false;
    waiting = waiting.length === 0 ? value : concat([waiting, value]);
    return true;
  }

  async function fill(length: number): Promise<void> {
    while (waiting.length < length) if (!(await more())) throw new BackupFaultError({ kind: 'truncated' });
  }

  function cut(length: number): Bytes {
    const taken = waiting.subarray(0, length);
    waiting = waiting.subarray(length);
    return taken;
  }

  async function peek(length: number): Promise<Bytes> {
    await fill(length);
    return waiting.subarray(0, length);
  }

  return {
    peek,
    take: async (length) => {
      await fill(length);
      return cut(length);
    },
    takeHeader: async () => {
      for (let length = 2; ; length += 1) {
        const read = readHeader(await peek(length), 0);
        if (read.ok) {
          cut(read.value.headerLength);
          return read.value;
        }
        if (read.error !== 'incomplete' || length === HEADER_BYTES_MAX)
          throw damaged(`its encryption is not well-formed (${read.error})`);
      }
    },
    stream: async function* (length) {
      for (let left = length; left > 0; ) {
        if (waiting.length === 0) await fill(1);
        const taken = cut(Math.min(left, waiting.length));
        left -= taken.length;
        yield taken;
      }
    },
    expectEnd: async () => {
      if (waiting.length > 0 || (await more())) throw damaged('something follows its end');
    },
    rest: async function* () {
      while (waiting.length > 0 || (await more())) yield cut(waiting.length);
    },
  };
}
