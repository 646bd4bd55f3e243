/** Checks the keys from which the secrets of registrations are derived. */
import { readRegistrationKeys } from '../../config/registration-keys.js';
import { makesFirstKey } from '../database/registration-keys.js';
import { homeCheck, type Requirement, WRITING_ROLES } from './requirement.js';
import { missingKey, type SharedKeyKind, unusableKey } from './shared-keys.js';

const KEY: SharedKeyKind = {
  purpose: {
    fr: "clé dont sont dérivés les secrets des demandes d'enregistrement",
    en: 'key from which the secrets of registrations are derived',
  },
  page: 'ops/registrations.md',
  make: 'pfcng registration-key make',
};

export const registrationKeys: Requirement<'registration-keys'> = {
  name: 'registration-keys',
  question: 'Is there a key for the secrets of registrations?',
  roles: WRITING_ROLES,
  find: homeCheck((home) => {
    const { config } = home;
    const read = readRegistrationKeys(config);
    if (!read.ok) return read.error.map(({ file, fault }) => unusableKey(KEY, file, fault));
    const isThere = read.value.size > 0 || makesFirstKey(home);
    return isThere ? [] : [missingKey(KEY, config.paths.registrationKeys)];
  }),
};
