/** Checks the database at the start of a process, before anything is answered from it. */
import { errorMessage } from '../../kernel/errors.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { type Gap, homeGaps, readPoint } from '../../operations/restored/gaps.js';
import type { DatabasePoint } from '../../ports/store/continuity.js';
import type { Store } from '../../ports/store.js';
import type { Log } from '../../ports/world.js';
import type { Home } from '../home.js';
import type { HomeIssuers } from '../issuers.js';
import type { HomeContinuity } from './continuity.js';
import { gapsOf, readEvidence } from './evidence.js';
import { pointBeforeFirstEntry, readMark } from './mark.js';

/** What a process has after it has opened its database. */
export type OpenedDatabase<HomeStore> = {
  readonly home: Home;
  readonly issuers: HomeIssuers;
  readonly store: HomeStore;
  readonly log: Log;
  readonly continuity: HomeContinuity;
};

/** A message lists at most this many gaps, and the number of the others. */
const LISTED_MAX = 20;

/** Returns lines for people: what the database lacks, and what to do. */
export function gapLines(gaps: readonly Gap[]): readonly string[] {
  const listed = gaps.slice(0, LISTED_MAX).map(({ detail }) => `  - ${detail}`);
  const more = gaps.length - listed.length;
  return [
    'the database knows less than others do, so nothing is answered from it:',
    ...listed,
    ...(more > 0 ? [`  - and ${more} more`] : []),
    'put the newest database back, or let two officers accept this one: ' +
      'pfcng database accept --officers A B (ops/database.md)',
  ];
}

/**
 * Checks the database of a service: it must know what the home folder, the signers and the
 * published CRLs know, except for gaps that officers have accepted. From then on, each transaction
 * and each read compares it with the last point that the process knows.
 */
export async function checkServiceDatabase(parts: OpenedDatabase<Pick<Store, 'read'>>): Promise<Result<void, string>> {
  const evidence = await readEvidence(parts.home);
  if (!evidence.ok) return evidence;
  const gaps = await gapsOf(parts, evidence.value);
  if (!gaps.ok) return gaps;
  if (gaps.value.length > 0) return err(gapLines(gaps.value).join('\n'));
  return startComparing(parts, (point) => point);
}

/**
 * Checks the database of a process that only reads: it must have the id that the home folder knows,
 * if the home folder knows one. Audit entries are not compared, because a replica may be behind.
 */
export async function checkReaderDatabase(
  parts: Pick<OpenedDatabase<Pick<Store, 'read'>>, 'home' | 'store' | 'continuity'>,
): Promise<Result<void, string>> {
  const mark = readMark(parts.home.config.paths.databaseMark);
  if (!mark.ok) return mark;
  const known = mark.value === null ? null : pointBeforeFirstEntry(mark.value.id);
  const gaps = await parts.store.read((reads) => homeGaps(reads, known));
  if (!gaps.ok) return err(gaps.error.detail);
  if (gaps.value.length > 0) return err(gapLines(gaps.value).join('\n'));
  return startComparing(parts, ({ id }) => pointBeforeFirstEntry(id));
}

async function startComparing(
  { store, continuity }: Pick<OpenedDatabase<Pick<Store, 'read'>>, 'store' | 'continuity'>,
  pointOf: (point: DatabasePoint) => DatabasePoint,
): Promise<Result<void, string>> {
  const point = await store.read(readPoint);
  if (!point.ok) return err(point.error.detail);
  if (point.value === null) return err('the database has no id: this program did not create it');
  try {
    continuity.startComparing(pointOf(point.value));
    return ok(undefined);
  } catch (error) {
    return err(`database.json cannot be written: ${errorMessage(error)}`);
  }
}
