/**
 * Checks the scope of an account. A value that could match nothing is rejected, because it looks as
 * if it did.
 */
import type { AccountScope } from '../../ports/store/accounts.js';
import { isDomainName } from '../identifiers/domain-name.js';
import { numberChecksOf } from '../identifiers/number-checks.js';
import { structureIdFault } from '../identifiers/structure-id.js';
import { HIERARCHIES, type Policy } from '../model.js';

type ScopeFault = {
  readonly list: keyof AccountScope;
  readonly value: string;
  /** What the value must be, or what is wrong with it. */
  readonly message: string;
};

/** A star is allowed at the end only: elsewhere it would match nothing. */
const HOLDER = /^(\*|[^*\p{C}]{1,128}\*?)$/u;

/** Returns the reason why a value matches nothing; null: it may match something. */
type ValueCheck = (policy: Policy, value: string) => string | null;

const CHECKS = {
  profiles: (policy, value) => (isProfile(policy, value) ? null : profileNames(policy)),
  structures: (policy, value) =>
    value === '*' ? null : (structureIdFault(value, numberChecksOf(policy))?.message ?? null),
  domains: (_, value) =>
    value === '*' || isDomainName(value) ? null : "a domain name in lower case, which includes its subdomains, or '*'",
  holders: (_, value) =>
    HOLDER.test(value) ? null : "an IdNat, or a prefix followed by *, such as '8*' or '30B0057881/*'",
} as const satisfies { readonly [List in keyof AccountScope]: ValueCheck };

export function scopeFaults(policy: Policy, scope: AccountScope): readonly ScopeFault[] {
  return (Object.keys(CHECKS) as (keyof AccountScope)[]).flatMap((list) =>
    scope[list].flatMap((value) => {
      const message = CHECKS[list](policy, value);
      return message === null ? [] : [{ list, value, message }];
    }),
  );
}

function isProfile({ profiles }: Policy, name: string): boolean {
  return name === '*' || HIERARCHIES.some((hierarchy) => name === `${hierarchy}/*`) || profiles.has(name);
}

function profileNames({ profiles }: Policy): string {
  const assignable = [...profiles.values()].filter(({ holder }) => holder !== 'responder').map(({ id }) => id);
  return `'*', ${HIERARCHIES.map((hierarchy) => `'${hierarchy}/*'`).join(', ')}, or one of ${assignable.join(', ')}`;
}
