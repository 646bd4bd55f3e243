/** Name of the mark with the random id that the database got when it was created. */
export const DATABASE_ID_MARK = 'database-id';

/** Name of the mark with the random id of the restore that made the database. */
export const RESTORE_MARK = 'restore';

/** Single values that the database stores by name, such as its id or the accepted gaps. */
export type MarkReads = {
  /** null: the mark was never set. */
  readonly mark: (name: string) => Promise<string | null>;
};

export type MarkWrites = {
  /** Call it in the transaction of the work that the mark is about. */
  readonly setMark: (name: string, value: string) => Promise<void>;
};
