import type { Application } from '../../../issuance/prepare.js';
import type { Json } from '../../../kernel/json.js';
import type { Result } from '../../../kernel/result.js';
import type { UploadLine } from '../../../orders/upload.js';
import type { Lease } from '../../../ports/store/leases.js';
import type { OrderOutcome } from '../../../ports/store/orders.js';
import type { Store, Transaction } from '../../../ports/store.js';
import type { OperationFailure } from '../../failures.js';
import type { World } from '../../world.js';

/** A line that can be read: what the API makes of the body of a card request. */
export type ReadLine = {
  readonly applications: readonly Application[];
  /** null: what it names is no card. */
  readonly card: string | null;
};

/** How lines are read, and how failures are shown: as the API does it for a single card. */
export type LineForm = {
  /** The failure is the problem document of the line. */
  readonly read: (record: UploadLine, requestId: string) => Result<ReadLine, Json>;
  readonly problemOf: (failure: OperationFailure, requestId: string) => Json;
};

/** What the runner of jobs gives for some seconds of work on an order. */
export type OrderTurn = {
  readonly lease: Lease;
  /** Checks the lease first. */
  readonly transaction: Store['transaction'];
  readonly mustEnd: () => boolean;
  /** What the last turn has stored. */
  readonly cursor: Json;
  readonly setCursor: (tx: Transaction, cursor: Json) => Promise<void>;
};

export type OrderWorld = World & {
  readonly lineForm: LineForm;
  /** How many lines of an order may be worked on at once now. */
  readonly linesAtOnceMax: () => number;
  readonly countLine: (outcome: OrderOutcome) => void;
  /** Lets other work of the event loop go first. */
  readonly yieldTurn: () => Promise<void>;
};
