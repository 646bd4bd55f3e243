/** Where finished lists go. What stands there stays until a whole new one takes its place. */
import type { Bytes } from '../kernel/bytes.js';
import type { Result } from '../kernel/result.js';

export type OutletFailure = { readonly kind: 'outlet-unavailable'; readonly detail: string };

/** A file that nobody outside sees yet, all of it on disk. */
export type Draft = {
  readonly sizeBytes: number;
  /** From the start, as often as asked. */
  readonly read: () => AsyncIterable<Bytes>;
  /** Takes its public name, atomically and durably. A second call finds it done. */
  readonly publish: () => Promise<Result<void, OutletFailure>>;
  /** Removes it, unless it is published. Never fails: what is left behind is swept at the next start. */
  readonly discard: () => Promise<void>;
};

export type Outlet = {
  /** Spools `chunks` into a draft of `name`. What `chunks` throws is thrown on, after the draft was removed. */
  readonly draft: (name: string, chunks: AsyncIterable<Bytes>) => Promise<Result<Draft, OutletFailure>>;
  /** What stands under `name` now; null when nothing does. */
  readonly published: (name: string) => Promise<Result<AsyncIterable<Bytes> | null, OutletFailure>>;
};
