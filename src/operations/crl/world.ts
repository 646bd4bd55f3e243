/** What the publication of CRLs needs from the world, and how it fails. */
import type { Result } from '../../kernel/result.js';
import type { Outlet, OutletFailure } from '../../ports/outlet.js';
import type { StoreFailure } from '../../ports/store/failure.js';
import type { Store, Transaction } from '../../ports/store.js';
import type { Issuer } from '../../x509/model.js';
import type { OperationFailure } from '../failures.js';
import type { World } from '../world.js';

export type CrlTransaction = Pick<
  Transaction,
  | 'isRunLive'
  | 'latestCrl'
  | 'crlByNumber'
  | 'reservedCrls'
  | 'deltaBases'
  | 'mark'
  | 'reserveCrl'
  | 'publish'
  | 'updateCrl'
  | 'appendAudit'
>;

/** The part of the store that it uses. */
export type CrlStore = Pick<Store, 'revokedSnapshot'> & {
  readonly transaction: <Value>(work: (tx: CrlTransaction) => Promise<Value>) => Promise<Result<Value, StoreFailure>>;
};

export type CrlWorld = Pick<
  World,
  'issuers' | 'run' | 'clock' | 'random' | 'log' | 'policy' | 'writers' | 'countFindings'
> & {
  readonly store: CrlStore;
  readonly signer: Pick<World['signer'], 'crl' | 'reportBadSignature'>;
  readonly outlet: Outlet;
  /**
   * Relearns revocations (`src/operations/restored/relearn.ts`) when the signer knows newer CRLs
   * than the database.
   */
  readonly relearn: (issuer: Issuer) => Promise<Result<void, StoreFailure>>;
};

export type CrlFailure = OperationFailure | OutletFailure | CrlSuperseded | NumberBehind | NoDelta;

/** Another CRL was published since this number was reserved. */
export type CrlSuperseded = { readonly kind: 'superseded' };

/**
 * The signer has signed higher numbers than the database knows: the database is older than the
 * journal (a restored backup).
 */
export type NumberBehind = { readonly kind: 'number-behind'; readonly lastNumber: number };

/**
 * No full CRL can be the base of a delta CRL, or too much has changed since; a full CRL is needed.
 */
type NoDelta = { readonly kind: 'no-delta'; readonly rule: 'no-base' | 'too-many-changes' };
