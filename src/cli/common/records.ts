/**
 * Opens the database of a home for commands of officers and auditors, with errors in both
 * languages.
 */
import { existsSync } from 'node:fs';
import { SETTINGS_FAULTS } from '../../ceremony-host/failure-text.js';
import { readMark } from '../../compose/database/mark.js';
import { gapLines } from '../../compose/database/start.js';
import { type Home, loadHome } from '../../compose/home.js';
import { openHomeReader, openHomeStore } from '../../compose/store.js';
import type { ReaderStore } from '../../db/open.js';
import { inBothLanguages } from '../../kernel/bilingual.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { homeGaps } from '../../operations/restored/gaps.js';
import type { Store } from '../../ports/store.js';
import { fail } from '../../terminal/say.js';

/** What a command has that only reads. */
export type Records = { readonly home: Home; readonly store: ReaderStore };
/** What a command has that also writes. */
export type WritableRecords = { readonly home: Home; readonly store: Store };

type RecordsOptions = { readonly compare?: boolean };

/**
 * Opens the database for the work of a command that reads, and closes it afterwards. An error is
 * printed. `compare: false`: also for a database that knows less than the home folder, for commands
 * that look into it or repair that.
 */
export function withRecords(work: (records: Records) => Promise<void>, options: RecordsOptions = {}): Promise<void> {
  return withOpened(openHomeReader, work, options);
}

/** As `withRecords`, for a command that writes. */
export function withWritableRecords(
  work: (records: WritableRecords) => Promise<void>,
  options: RecordsOptions = {},
): Promise<void> {
  return withOpened(openHomeStore, work, options);
}

async function withOpened<Opened extends ReaderStore>(
  open: (home: Home) => Promise<Result<Opened, string>>,
  work: (records: { readonly home: Home; readonly store: Opened }) => Promise<void>,
  { compare = true }: RecordsOptions,
): Promise<void> {
  const home = loadCommandHome();
  if (!home.ok) return fail(home.error);
  const opened = await open(home.value);
  if (!opened.ok) return fail([unreadable(opened.error)]);
  const records = { home: home.value, store: opened.value };
  try {
    const gaps = compare ? await homeGapLines(records) : [];
    if (gaps.length > 0) return fail(gaps);
    await work(records);
  } finally {
    await opened.value.close();
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

/** A home folder that has a database. The error is lines for people. */
export function loadCommandHome(): Result<Home, readonly string[]> {
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
  return ok(home.value);
}

/** `detail`: the error of the store, without personal data. */
export function unreadable(detail: string): string {
  return inBothLanguages({
    fr: `la base de données n'a pas pu être lue (${detail}) : corrigez le problème, puis relancez la même commande`,
    en: `the database could not be read (${detail}): fix the problem, then run the same command again`,
  });
}
