/** The keys of the tags in audit entries. */
import { yearOf } from '../../audit/tags.js';
import { readTagKeys, tagKeyFile } from '../../config/tag-keys.js';
import type { Bilingual } from '../../kernel/bilingual.js';
import { yearsToMake } from '../database/tag-keys.js';
import { systemClock } from '../world.js';
import { inHome, type Requirement, WRITING_ROLES } from './requirement.js';

const NO_KEY: Bilingual = { fr: 'aucune clé', en: 'there is no key' };
const PURPOSE: Bilingual = {
  fr: "clé des étiquettes qui remplacent les données personnelles dans le journal d'audit",
  en: 'key of the tags that stand for personal values in the audit log',
};

export const tagKeys: Requirement<'tag-keys'> = {
  name: 'tag-keys',
  question: 'Is there a key for the tags of personal values in audit entries, also for this year?',
  roles: WRITING_ROLES,
  find: inHome((home) => {
    const { config } = home;
    const read = readTagKeys(config);
    if (!read.ok)
      return read.error.map(({ file, fault }) => ({
        location: file,
        fault: { fr: `illisible ou mal formé (${fault})`, en: fault },
        purpose: PURPOSE,
        remedy: {
          fr: 'la remettre depuis un autre nœud ou une sauvegarde, en mode 0600 (ops/audit-tags.md)',
          en: 'put it back from another node or a backup, with mode 0600 (ops/audit-tags.md)',
        },
      }));
    const now = systemClock();
    const year = yearOf(now);
    if (read.value.has(year) || yearsToMake(home, read.value, now).includes(year)) return [];
    const missing = { purpose: PURPOSE, remedy: remedyFor(year) };
    if (read.value.size === 0) return [{ ...missing, location: config.paths.auditTags, fault: NO_KEY }];
    // With the key of another year the process starts and uses that one.
    return [{ ...missing, location: tagKeyFile(config.paths, year), fault: NO_KEY, stopsStart: false }];
  }),
};

function remedyFor(year: string): Bilingual {
  return {
    fr: `la copier d'un autre nœud ou d'une sauvegarde ; s'il n'y en a aucune : pfcng audit tag-key make ${year} (ops/audit-tags.md)`,
    en: `copy it from another node or a backup; if there is none: pfcng audit tag-key make ${year} (ops/audit-tags.md)`,
  };
}
