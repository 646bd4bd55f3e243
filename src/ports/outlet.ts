/** Where finished CRLs are published. A published file stays until a whole new one replaces it. */
import type { Bytes } from '../kernel/bytes.js';
import type { Result } from '../kernel/result.js';
import type { IssuerId } from './signer.js';
import type { CrlScope } from './store/crls.js';

export type OutletFailure = { readonly kind: 'outlet-unavailable'; readonly detail: string };

/** A file that is completely on disk and not visible to anybody outside yet. */
export type Draft = {
  readonly sizeBytes: number;
  /** Reads from the start, as often as it is called. */
  readonly read: () => AsyncIterable<Bytes>;
  /** Gives it its public name, atomically and durably. A second call has no effect. */
  readonly publish: () => Promise<Result<void, OutletFailure>>;
  /** Removes it, unless it is published. Never fails: leftovers are removed at the next start. */
  readonly discard: () => Promise<void>;
};

export type Outlet = {
  /**
   * Writes `chunks` to a draft of `name`. An error that `chunks` throws is thrown again after the
   * draft was removed.
   */
  readonly draft: (name: string, chunks: AsyncIterable<Bytes>) => Promise<Result<Draft, OutletFailure>>;
  /** The content that is published under `name`; null: nothing is. */
  readonly published: (name: string) => Promise<Result<AsyncIterable<Bytes> | null, OutletFailure>>;
};

/** A file that every outlet should have. */
export type PublishedFile = {
  /** null: it is a certificate of an authority, or the public key of the platform. */
  readonly scope: CrlScope | null;
  /** null: it is the public key of the platform, or a link certificate of a root. */
  readonly issuer: IssuerId | null;
  /** Its unique name at the publication point: `ACI-FO-PP.crl`. */
  readonly fileName: string;
  /** Lower-case hex, over the whole file. */
  readonly sha256: string;
  readonly sizeBytes: number;
  /** crlNumber; null: it is no CRL. */
  readonly number: number | null;
};

export type OutletContent = { readonly sha256: string; readonly read: () => AsyncIterable<Bytes> };

/** Another process has changed the file since its content was read. */
export type OutletChanged = { readonly kind: 'outlet-changed' };

/**
 * The outlet is reachable and refuses this file: it is too large, or not allowed. Other files may
 * be accepted.
 */
export type OutletRefusal = { readonly kind: 'outlet-refuses'; readonly detail: string };

/**
 * One connection to an outlet. Failures of networks and disks are returned, not thrown. An error
 * that `chunks` throws is thrown again.
 */
export type OutletSession = {
  /** null: the outlet has no such file. */
  readonly current: (item: PublishedFile) => Promise<Result<OutletContent | null, OutletFailure>>;
  /** Writes all of `chunks` or nothing, and replaces the content that `current` has found. */
  readonly put: (
    item: PublishedFile,
    chunks: AsyncIterable<Bytes>,
  ) => Promise<Result<void, OutletFailure | OutletChanged | OutletRefusal>>;
  readonly close: () => Promise<void>;
};

/** A place outside the service's own folder: a directory of a web server, or an LDAP directory. */
export type RemoteOutlet = {
  /** As configured. */
  readonly name: string;
  readonly takes: (item: PublishedFile) => boolean;
  readonly open: () => Promise<Result<OutletSession, OutletFailure>>;
};
