/**
 * `pfcng relint`: checks every certificate in the database against the present rules, newest first.
 * With a state file, an interrupted run continues where it stopped.
 */
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { readIssuers } from '../compose/issuers.js';
import { systemClock } from '../compose/world.js';
import { inBothLanguages } from '../kernel/bilingual.js';
import { LIMITS } from '../kernel/limits.js';
import { err, ok, type Result } from '../kernel/result.js';
import { addFindings, type RelintContext, relintRecord, type Tally } from '../lint/relint.js';
import { fail, say } from '../terminal/say.js';
import { type Records, unreadable, withRecords } from './common/records.js';

type Options = { readonly state?: string; readonly json?: boolean };

type Progress = {
  /** null: no certificate was checked yet. */
  readonly cursor: string | null;
  readonly certificates: number;
  readonly tallies: readonly Tally[];
};

/** Certificates between two lines of progress. */
const PROGRESS_EVERY = 20_000;

export function registerRelint(program: Command): void {
  program
    .command('relint')
    .description('check every certificate in the database against the present rules; exit code 1 if there is a finding')
    .option('--state <file>', 'save the progress in this file, and continue from it after an interruption')
    .option('--json', 'print the report as JSON')
    .action(relint);
}

async function relint({ state, json }: Options): Promise<void> {
  const progress = state === undefined ? ok(NOTHING) : readProgress(state);
  if (!progress.ok) return fail([progress.error]);
  await withRecords(async (records) => {
    const done = await walk(records, progress.value, (reached) => saveProgress(state, reached));
    if (!done.ok) return fail([done.error]);
    if (state !== undefined) rmSync(state, { force: true });
    if (json === true) say(JSON.stringify({ certificates: done.value.certificates, findings: done.value.tallies }));
    else sayReport(done.value);
    if (done.value.tallies.length > 0) process.exitCode = 1;
  });
}

const NOTHING: Progress = { cursor: null, certificates: 0, tallies: [] };

async function walk(
  { home, store }: Records,
  begun: Progress,
  save: (progress: Progress) => void,
): Promise<Result<Progress, string>> {
  const issuers = readIssuers(home);
  if (!issuers.ok) return issuers;
  const relinting: RelintContext = { policy: home.policy, issuerOf: issuers.value.byId };
  let { cursor, certificates, tallies } = begun;
  for (;;) {
    const after = cursor === null ? {} : { cursor };
    const filter = { limit: LIMITS.searchPageSizeMax, now: systemClock(), ...after };
    const found = await store.read((reads) => reads.search(filter));
    if (!found.ok) return err(unreadable(found.error.detail));
    if (!found.value.ok) return err('the cursor in the state file is not from this database');
    const { items, next } = found.value.value;
    for (const record of items) tallies = addFindings(tallies, record, relintRecord(relinting, record));
    certificates += items.length;
    if (next === null) return ok({ cursor, certificates, tallies });
    cursor = next;
    save({ cursor, certificates, tallies });
  }
}

function saveProgress(state: string | undefined, progress: Progress): void {
  const { certificates } = progress;
  if (certificates % PROGRESS_EVERY < LIMITS.searchPageSizeMax)
    process.stderr.write(
      `pfcng: ${inBothLanguages({ fr: `${certificates} certificats`, en: `${certificates} certificates` })}\n`,
    );
  if (state === undefined) return;
  writeFileSync(`${state}.new`, JSON.stringify(progress), { mode: 0o600 });
  renameSync(`${state}.new`, state);
}

function readProgress(state: string): Result<Progress, string> {
  if (!existsSync(state)) return ok(NOTHING);
  try {
    const value = JSON.parse(readFileSync(state, 'utf8')) as Partial<Progress>;
    const { cursor, certificates, tallies } = value;
    if (typeof cursor === 'string' && typeof certificates === 'number' && Array.isArray(tallies))
      return ok({ cursor, certificates, tallies });
  } catch {
    // A file that cannot be read as JSON gets the error below, too.
  }
  return err(`${state}: not a state file of relint: remove it, or name another file`);
}

function sayReport({ certificates, tallies }: Progress): void {
  const found = tallies.reduce((sum, { count }) => sum + count, 0);
  say(
    inBothLanguages({
      fr: `${certificates} certificats contrôlés, ${found === 0 ? 'aucune anomalie' : `${found} anomalies`}`,
      en: `${certificates} certificates checked, ${found === 0 ? 'no finding' : `${found} findings`}`,
    }),
  );
  for (const { profile, rule, count, examples } of tallies) {
    say(`${profile}  ${rule}: ${count}`);
    for (const { id, detail } of examples) say(`  ${id}: ${detail}`);
  }
}
