/** The entries of a tar archive, one after the other, as they arrive. */
import { createTarDecoder } from 'modern-tar';
import type { Bytes } from '../kernel/bytes.js';
import { errorMessage } from '../kernel/errors.js';
import { damaged } from './fault.js';
import { pieceOf } from './pieces.js';

/** `number`: that of a piece of `part`; null: the entry is the whole part. */
export type Entry = {
  readonly part: string;
  readonly number: number | null;
  /** Must be read to its end before the next entry is taken. */
  readonly body: AsyncIterable<Bytes>;
};

export type Entries = {
  /** null: the archive is complete. */
  readonly next: () => Promise<Entry | null>;
  /** The next entry if it is a piece of this part; null: it is not, and `next` returns it. */
  readonly nextOf: (part: string) => Promise<Entry | null>;
  /** Reads no more of the archive. */
  readonly close: () => Promise<void>;
};

/** Each function rejects with `BackupFaultError`, or with the error of the source. */
export function createEntries(archive: AsyncGenerator<Bytes>): Entries {
  const { readable, writable } = createTarDecoder({ strict: true });
  const writer = writable.getWriter();
  const reader = readable.getReader();
  let sourceFailure: { readonly error: unknown } | null = null;

  async function* source(): AsyncGenerator<Bytes> {
    try {
      yield* archive;
    } catch (error) {
      sourceFailure = { error };
      throw error;
    }
  }

  async function decode(): Promise<void> {
    try {
      for await (const chunk of source()) await writer.write(chunk);
      await writer.close();
    } catch (error) {
      await writer.abort(error).catch(() => undefined);
    }
  }
  const decoded = decode();

  /** The decoder reports an error of the source as its own. */
  function explained(error: unknown): unknown {
    if (sourceFailure !== null) return sourceFailure.error;
    return damaged(`its archive cannot be read (${errorMessage(error)})`);
  }

  let waiting: Entry | null = null;

  async function* bodyOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Bytes> {
    try {
      yield* body;
    } catch (error) {
      throw explained(error);
    }
  }

  async function take(): Promise<Entry | null> {
    const taken = await reader.read().catch((error: unknown) => {
      throw explained(error);
    });
    if (taken.done) return null;
    const { header, body } = taken.value;
    if (header.type !== 'file') throw damaged('an entry of its archive is no file');
    return { ...pieceOf(header.name), body: bodyOf(body) };
  }

  return {
    next: async () => {
      const entry = waiting ?? (await take());
      waiting = null;
      return entry;
    },
    nextOf: async (part) => {
      waiting ??= await take();
      if (waiting === null || waiting.part !== part || waiting.number === null) return null;
      const entry = waiting;
      waiting = null;
      return entry;
    },
    close: async () => {
      await reader.cancel().catch(() => undefined);
      await decoded;
    },
  };
}
