/**
 * The key has a type that the profile lists, or that an exception of the environment allows while
 * it is in force.
 */
import type { Environment, KeyException, Profile } from '../../../policy/model.js';
import type { HolderKeyType } from '../../../x509/model.js';
import { exceptionApplies } from '../../exception-terms.js';
import { describeKey, keyTypeRead } from '../../reading/subject-public-key.js';
import type { Rule } from '../../rule.js';

export const e_cps_key_type_is_allowed: Rule = {
  name: 'e_cps_key_type_is_allowed',
  citation: 'policy: key types of the profile, exceptions of the environment; TS 119 312',
  effective: '2026-01-01',
  check: ({ key, profile, environment, certificate, now }) => {
    const found = key();
    if (found.kind === 'unreadable') return null;
    const keyType = keyTypeRead(found);
    const at = now ?? certificate.tbs.notBefore.at;
    return keyType !== null && isAllowed(keyType, { profile, environment, at }) ? null : describeKey(found);
  },
};

type Circumstances = { readonly profile: Profile; readonly environment: Environment; readonly at: number };

function isAllowed(keyType: HolderKeyType, { profile, environment, at }: Circumstances): boolean {
  const excepts = (one: KeyException): boolean => one.keyType === keyType && exceptionApplies(one, profile.id, at);
  return profile.keyTypes.includes(keyType) || environment.keyExceptions.some(excepts);
}
