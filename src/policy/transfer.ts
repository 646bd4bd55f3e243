/**
 * Converts a loaded policy to JSON and back, for processes that get the policy from the one that
 * has read and checked it: a signer starts without a schema compiler, and all signers of a
 * supervisor have the same policy.
 */
import type { Policy } from './model.js';

type Entries<Table> = Table extends ReadonlyMap<infer Key, infer Value> ? readonly (readonly [Key, Value])[] : never;

/** Each table is the list of its entries. */
export type PolicyDocument = {
  readonly [Member in keyof Policy]: Policy[Member] extends ReadonlyMap<unknown, unknown>
    ? Entries<Policy[Member]>
    : Policy[Member];
};

export function policyDocument(policy: Policy): PolicyDocument {
  return {
    ...policy,
    hierarchies: [...policy.hierarchies],
    authorities: [...policy.authorities],
    profiles: [...policy.profiles],
    codeLists: [...policy.codeLists],
    cardGenerations: [...policy.cardGenerations],
  };
}

export function policyOf(document: PolicyDocument): Policy {
  return {
    ...document,
    hierarchies: new Map(document.hierarchies),
    authorities: new Map(document.authorities),
    profiles: new Map(document.profiles),
    codeLists: new Map(document.codeLists),
    cardGenerations: new Map(document.cardGenerations),
  };
}
