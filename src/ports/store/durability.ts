/**
 * Where a commit is before it is acknowledged. `quorum`: on another server too. `local`: on the
 * disk of one server, or in one file.
 */
export type Durability = 'quorum' | 'local';

export type DurabilityReads = {
  /** Why commits are less durable than the policy demands; null: they are as durable. */
  readonly durabilityFault: () => Promise<string | null>;
};
