/** Describes the faults of secret keys whose files must be equal on all nodes. */
import type { Bilingual } from '../../kernel/bilingual.js';
import type { StartFault } from './requirement.js';

/** What a kind of key is for, the page that describes it, and the command that makes one. */
export type SharedKeyKind = { readonly purpose: Bilingual; readonly page: string; readonly make: string };

/** Describes a key file that is there and cannot be used. */
export function unusableKey({ purpose, page }: SharedKeyKind, file: string, fault: string): StartFault {
  return {
    location: file,
    fault: { fr: `illisible ou mal formé (${fault})`, en: fault },
    purpose,
    remedy: {
      fr: `la remettre depuis un autre nœud ou une sauvegarde, en mode 0600 (${page})`,
      en: `put it back from another node or a backup, with mode 0600 (${page})`,
    },
  };
}

/** Describes a missing key. `location`: the file or folder where it should be. */
export function missingKey({ purpose, page, make }: SharedKeyKind, location: string): StartFault {
  return {
    location,
    fault: { fr: 'aucune clé', en: 'there is no key' },
    purpose,
    remedy: {
      fr: `la copier d'un autre nœud ou d'une sauvegarde ; s'il n'y en a aucune : ${make} (${page})`,
      en: `copy it from another node or a backup; if there is none: ${make} (${page})`,
    },
  };
}
