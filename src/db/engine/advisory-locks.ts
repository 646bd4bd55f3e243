/**
 * The numbers of the advisory locks of PostgreSQL that this program takes. Other programs must not
 * take advisory locks in its database.
 */

/** The lock of the transaction that writes: `pfcn` in ASCII. */
export const WRITE_LOCK = 0x7066636e;

/** The lock of the process that changes the schema: `pfcm` in ASCII. */
export const MIGRATION_LOCK = 0x7066636d;

/** The lock of the restore that puts a backup into the database: `pfcr` in ASCII. */
export const RESTORE_LOCK = 0x70666372;
