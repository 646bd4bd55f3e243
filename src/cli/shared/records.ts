/** The database of a home for the commands of officers and auditors, and their words in both languages. */
import { existsSync } from 'node:fs';
import { both } from '../../ceremony/bilingual.js';
import { SETTINGS_FAULTS } from '../../ceremony-host/failure-text.js';
import { type Home, loadHome } from '../../compose/home.js';
import { openHomeStore } from '../../compose/store.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { Store } from '../../ports/store.js';

export type Records = { readonly home: Home; readonly store: Store };

/** Why not: lines for people. A database that is not there is not made: an empty one would hold, whatever was lost. */
export async function openRecords(): Promise<Result<Records, readonly string[]>> {
  const home = loadHome();
  if (!home.ok) return err([SETTINGS_FAULTS, ...home.error.faults]);
  const { database } = home.value.config.paths;
  if (home.value.config.database.kind === 'sqlite' && !existsSync(database)) {
    const words = {
      fr: `pas de base de données : ${database} ; le service n'a jamais démarré ici, ou elle a été retirée`,
      en: `no database: ${database}; the service never started here, or it was removed`,
    };
    return err([both(words)]);
  }
  const store = await openHomeStore(home.value);
  return store.ok ? ok({ home: home.value, store: store.value }) : err([unreadable(store.error)]);
}

/** `detail`: the store's own words, without anybody's name. */
export function unreadable(detail: string): string {
  return both({
    fr: `la base de données n'a pas pu être lue (${detail}) : remédiez-y, puis relancez la même commande`,
    en: `the database could not be read (${detail}): mend it, then give the same command again`,
  });
}
