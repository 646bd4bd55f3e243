/**
 * Checks the scope of an account. A value that could match nothing is rejected, because it looks as
 * if it did.
 */
import type { Bilingual } from '../../kernel/bilingual.js';
import type { AccountScope } from '../../ports/store/accounts.js';
import { text } from '../../texts/text.js';
import { isDomainName } from '../identifiers/domain-name.js';
import { numberChecksOf } from '../identifiers/number-checks.js';
import { structureIdFault } from '../identifiers/structure-id.js';
import { HIERARCHIES, type Policy } from '../model.js';
import { isOwnSigner } from '../own-signers.js';

type ScopeFault = {
  readonly list: keyof AccountScope;
  readonly value: string;
  /** What the value must be, or what is wrong with it. */
  readonly message: Bilingual;
};

/** A star is allowed at the end only: elsewhere it would match nothing. */
const HOLDER = /^(\*|[^*\p{C}]{1,128}\*?)$/u;

/** Returns the reason why a value matches nothing; null: it may match something. */
type ValueCheck = (policy: Policy, value: string) => Bilingual | null;

const CHECKS = {
  profiles: (policy, value) => (isProfile(policy, value) ? null : text('scope/profiles', namesOf(policy))),
  structures: (policy, value) =>
    value === '*' ? null : (structureIdFault(value, numberChecksOf(policy))?.message ?? null),
  domains: (_, value) => (value === '*' || isDomainName(value) ? null : text('scope/domains')),
  holders: (_, value) => (HOLDER.test(value) ? null : text('scope/holders')),
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

function namesOf({ profiles }: Policy) {
  const assignable = [...profiles.values()].filter(({ holder }) => !isOwnSigner(holder)).map(({ id }) => id);
  return { hierarchies: HIERARCHIES.map((hierarchy) => `'${hierarchy}/*'`), profiles: assignable };
}
