/**
 * The form of the ids of accounts. `system` is excluded: it is the name of the service itself in
 * the audit log, which could not tell the two apart.
 */
export const ACCOUNT_ID = '^(?!system$)[a-z0-9][a-z0-9.-]{0,63}$';
