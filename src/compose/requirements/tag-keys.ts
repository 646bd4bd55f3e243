/** Checks the keys for the tags in audit entries. */
import { yearOf } from '../../audit/tags.js';
import { readTagKeys, tagKeyFile } from '../../config/tag-keys.js';
import { yearsToMake } from '../database/tag-keys.js';
import { systemClock } from '../world.js';
import { homeCheck, type Requirement, WRITING_ROLES } from './requirement.js';
import { missingKey, type SharedKeyKind, unusableKey } from './shared-keys.js';

const keyOf = (year: string): SharedKeyKind => ({
  purpose: {
    fr: "clé des étiquettes qui remplacent les données personnelles dans le journal d'audit",
    en: 'key of the tags that stand for personal values in the audit log',
  },
  page: 'ops/audit-tags.md',
  make: `pfcng audit tag-key make ${year}`,
});

export const tagKeys: Requirement<'tag-keys'> = {
  name: 'tag-keys',
  question: 'Is there a key for the tags of personal values in audit entries, also for this year?',
  roles: WRITING_ROLES,
  find: homeCheck((home) => {
    const { config } = home;
    const now = systemClock();
    const year = yearOf(now);
    const key = keyOf(year);
    const read = readTagKeys(config);
    if (!read.ok) return read.error.map(({ file, fault }) => unusableKey(key, file, fault));
    if (read.value.has(year) || yearsToMake(home, read.value, now).includes(year)) return [];
    if (read.value.size === 0) return [missingKey(key, config.paths.auditTags)];
    // If there is a key of another year, the process starts and uses that key.
    return [{ ...missingKey(key, tagKeyFile(config.paths, year)), stopsStart: false }];
  }),
};
