import type { Instant } from '../../kernel/clock.js';
import type { Violation } from '../../texts/text.js';
import type { HolderKeyType, Issuer } from '../../x509/model.js';
import type { IssuancePurpose } from '../card-policy.js';
import type { CertificateOrder, Policy, Profile } from '../model.js';

/** Everything that a rule may use. */
export type RuleInput = {
  readonly policy: Policy;
  readonly profile: Profile;
  readonly order: CertificateOrder;
  readonly purpose: IssuancePurpose;
  readonly issuer: Issuer;
  readonly now: Instant;
  /** The type of the key to be certified; null: a kind that no profile allows. */
  readonly keyType: HolderKeyType | null;
};

/** A rule of the policy about a request. It returns all violations, not only the first. */
export type Rule = (input: RuleInput) => readonly Violation[];

/** The input of rules that depend neither on the key nor on the CA that certifies it. */
export type OrderInput = Omit<RuleInput, 'issuer' | 'keyType'>;
export type OrderRule = (input: OrderInput) => readonly Violation[];
