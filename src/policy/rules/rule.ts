import type { Instant } from '../../kernel/clock.js';
import type { HolderKeyType, Issuer } from '../../x509/model.js';
import type { CertificateOrder, Policy, Profile, Violation } from '../model.js';

/** All that a rule may look at. */
export type Asked = {
  readonly policy: Policy;
  readonly profile: Profile;
  readonly order: CertificateOrder;
  readonly issuer: Issuer;
  readonly now: Instant;
  /** Of the key to be certified; null for one of a kind that no profile can have. */
  readonly keyType: HolderKeyType | null;
};

/**
 * One question about a request. It answers with everything that is wrong, never with the first
 * thing only.
 */
export type Rule = (asked: Asked) => readonly Violation[];

export function violation(pointer: string, rule: string, message: string): Violation {
  return { pointer, rule, message };
}
