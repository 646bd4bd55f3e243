/** The keys of the secrets of registrations. */
import { readRegistrationKeys } from '../../config/registration-keys.js';
import type { Bilingual } from '../../kernel/bilingual.js';
import { makesFirstKey } from '../database/registration-keys.js';
import { inHome, type Requirement, WRITING_ROLES } from './requirement.js';

const PURPOSE: Bilingual = {
  fr: "clé dont sont dérivés les secrets des demandes d'enregistrement",
  en: 'key from which the secrets of registrations are derived',
};

export const registrationKeys: Requirement<'registration-keys'> = {
  name: 'registration-keys',
  question: 'Is there a key for the secrets of registrations?',
  roles: WRITING_ROLES,
  find: inHome((home) => {
    const { config } = home;
    const read = readRegistrationKeys(config);
    if (!read.ok)
      return read.error.map(({ file, fault }) => ({
        location: file,
        fault: { fr: `illisible ou mal formé (${fault})`, en: fault },
        purpose: PURPOSE,
        remedy: {
          fr: 'la remettre depuis un autre nœud ou une sauvegarde, en mode 0600 (ops/registrations.md)',
          en: 'put it back from another node or a backup, with mode 0600 (ops/registrations.md)',
        },
      }));
    if (read.value.size > 0 || makesFirstKey(home)) return [];
    return [
      {
        location: config.paths.registrationKeys,
        fault: { fr: 'aucune clé', en: 'there is no key' },
        purpose: PURPOSE,
        remedy: {
          fr: "la copier d'un autre nœud ou d'une sauvegarde ; s'il n'y en a aucune : pfcng registration-key make (ops/registrations.md)",
          en: 'copy it from another node or a backup; if there is none: pfcng registration-key make (ops/registrations.md)',
        },
      },
    ];
  }),
};
