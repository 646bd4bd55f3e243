/** Name of the mark with the random id that the database got when it was created. */
export const DATABASE_ID_MARK = 'database-id';

/** Name of the mark with the random id of the restore that made the database. */
export const RESTORE_MARK = 'restore';

/** Marks: how far a periodic job has come, by name. */
export type MarkReads = {
  /** null: the job has never run. */
  readonly mark: (name: string) => Promise<string | null>;
};

export type MarkWrites = {
  /** Call it in the transaction of the work that came so far. */
  readonly setMark: (name: string, value: string) => Promise<void>;
};
