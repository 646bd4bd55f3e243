/** The one way in which every call of the store may fail. */
export type StoreFailure = {
  readonly kind: 'database-unavailable';
  readonly retryAfterMs: number;
  readonly detail: string;
};
