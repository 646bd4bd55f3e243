/**
 * Opens the database of a home for commands of officers and auditors, with errors in both
 * languages.
 */
import { existsSync } from 'node:fs';
import { SETTINGS_FAULTS } from '../../ceremony-host/failure-text.js';
import { readMark } from '../../compose/database/mark.js';
import { gapLines } from '../../compose/database/start.js';
import { type Home, loadHome } from '../../compose/home.js';
import { openHomeStore } from '../../compose/store.js';
import { inBothLanguages } from '../../kernel/bilingual.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { homeGaps } from '../../operations/restored/gaps.js';
import type { Store } from '../../ports/store.js';
import { fail } from '../../terminal/say.js';

export type Records = { readonly home: Home; readonly store: Store };

/**
 * Opens the database for the work of a command, and closes it afterwards. An error is printed.
 * `compare: false`: also for a database that knows less than the home folder, for commands that
 * look into it or repair that.
 */
export async function withRecords(
  work: (records: Records) => Promise<void>,
  { compare = true }: { readonly compare?: boolean } = {},
): Promise<void> {
  const opened = await openRecords();
  if (!opened.ok) return fail(opened.error);
  try {
    const gaps = compare ? await homeGapLines(opened.value) : [];
    if (gaps.length > 0) return fail(gaps);
    await work(opened.value);
  } finally {
    await opened.value.store.close();
  }
}

/** Lines for people if the database knows less than the home folder; none if it does not. */
export async function homeGapLines({ home, store }: Records): Promise<readonly string[]> {
  const mark = readMark(home.config.paths.databaseMark);
  if (!mark.ok) return [mark.error];
  const gaps = await store.read((reads) => homeGaps(reads, mark.value));
  if (!gaps.ok) return [unreadable(gaps.error.detail)];
  return gaps.value.length === 0 ? [] : gapLines(gaps.value);
}

/** The error is lines for people. */
async function openRecords(): Promise<Result<Records, readonly string[]>> {
  const home = loadHome();
  if (!home.ok) return err([inBothLanguages(SETTINGS_FAULTS), ...home.error.faults]);
  const { database } = home.value.config.paths;
  if (home.value.config.database.kind === 'sqlite' && !existsSync(database)) {
    const words = {
      fr: `pas de base de données : ${database} ; le service n'a jamais démarré ici, ou elle a été retirée (pfcng doctor)`,
      en: `no database: ${database}; the service has never started here, or it was removed (pfcng doctor)`,
    };
    return err([inBothLanguages(words)]);
  }
  const store = await openHomeStore(home.value);
  return store.ok ? ok({ home: home.value, store: store.value }) : err([unreadable(store.error)]);
}

/** `detail`: the error of the store, without personal data. */
export function unreadable(detail: string): string {
  return inBothLanguages({
    fr: `la base de données n'a pas pu être lue (${detail}) : corrigez le problème, puis relancez la même commande`,
    en: `the database could not be read (${detail}): fix the problem, then run the same command again`,
  });
}
