/** How a process recognises its database, so that it notices another one in its place. */

/**
 * A point in the history of a database. A database that has the entry of the audit log with this
 * number and this hash contains everything that was committed up to it.
 */
export type DatabasePoint = {
  /** Random, given to the database when it was created. */
  readonly id: string;
  /** Number of an entry of the audit log; 0: before the first one. */
  readonly seq: number;
  /** Chain hash of this entry, in hexadecimal. */
  readonly chainHash: string;
};

/** What a process that writes knows of its database. */
export type Continuity = {
  /** null: nothing is compared yet. */
  readonly known: () => DatabasePoint | null;
  /** Called after a commit and before it is acknowledged. */
  readonly advance: (point: DatabasePoint) => void;
  /**
   * Called when the database lacks the known point: reads again what the home folder knows, because
   * officers may have accepted the database. Returns the point to compare with.
   */
  readonly refresh: () => DatabasePoint | null;
  /** Called with the fault that was found, or with null when there is none any more. */
  readonly report: (fault: string | null) => void;
};
