/** Where finished lists go. What stands there stays until a whole new one takes its place. */
import type { Bytes } from '../kernel/bytes.js';
import type { Result } from '../kernel/result.js';
import type { IssuerId } from './signer.js';
import type { CrlScope } from './store/crls.js';

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

/** What is to stand at every outlet. */
export type PublishedFile = {
  /** null: the certificate of the authority. */
  readonly scope: CrlScope | null;
  readonly issuer: IssuerId;
  /** `ACI-FO-PP.crl`: its name at the publication point, which tells it from all others. */
  readonly fileName: string;
  /** Lower-case hex, of the whole. */
  readonly sha256: string;
  readonly sizeBytes: number;
  /** crlNumber; null for what has none. */
  readonly number: number | null;
};

export type OutletContent = { readonly sha256: string; readonly read: () => AsyncIterable<Bytes> };

/** Somebody else put something there since it was looked at. */
export type OutletChanged = { readonly kind: 'outlet-changed' };

/** It is there, and does not take this: too large, not allowed. Other things it may take. */
export type OutletRefusal = { readonly kind: 'outlet-refuses'; readonly detail: string };

/** One visit. Nothing of it throws for what happens on networks and disks; what `chunks` throws is thrown on. */
export type OutletSession = {
  /** null: nothing. */
  readonly standing: (item: PublishedFile) => Promise<Result<OutletContent | null, OutletFailure>>;
  /** All of `chunks` or nothing, in the place of what `standing` has found. */
  readonly put: (
    item: PublishedFile,
    chunks: AsyncIterable<Bytes>,
  ) => Promise<Result<void, OutletFailure | OutletChanged | OutletRefusal>>;
  readonly close: () => Promise<void>;
};

/** A place beside the service's own folder: a directory of a web server, an LDAP directory. */
export type RemoteOutlet = {
  /** Of the configuration. */
  readonly name: string;
  readonly takes: (item: PublishedFile) => boolean;
  readonly open: () => Promise<Result<OutletSession, OutletFailure>>;
};
