import type { Result } from '../../kernel/result.js';
import type { OperationFailure } from '../../operations/failures.js';
import type { World } from '../../operations/world.js';
import type { CrlKind } from '../../policy/publication/crl-scopes.js';
import type { IssuerId } from '../../ports/signer.js';
import type { CrlRecord } from '../../ports/store/crls.js';

/** What the handlers of the API reach. */
export type ApiContext = {
  readonly world: World;
  /** Begins with what was submitted; does not wait for it. */
  readonly massRevocationsDue: () => void;
  readonly publishCrl: (issuer: IssuerId, kind?: CrlKind) => Promise<Result<CrlRecord, OperationFailure>>;
};
