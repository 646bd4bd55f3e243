/**
 * `pfcng database`: creates the database of a new installation, migrates its schema, and lets two
 * officers accept one that knows less than the home folder, the signers or the published CRLs.
 */
import type { Command } from 'commander';
import { createDatabase } from '../compose/database/create.js';
import { gapsOf, readEvidence } from '../compose/database/evidence.js';
import { writeMark } from '../compose/database/mark.js';
import { loadHome } from '../compose/home.js';
import { readIssuers } from '../compose/issuers.js';
import { planSigners } from '../compose/signers/plan.js';
import { inspectHomeDatabase, migrateHomeDatabase } from '../compose/store.js';
import { systemClock } from '../compose/world.js';
import { missingLevels, programLevelOf } from '../db/schema/levels.js';
import { reconcileJournals } from '../jobs/journals/reconcile.js';
import { createLog } from '../observe/log.js';
import { acceptDatabase } from '../operations/restored/accept.js';
import { readPoint } from '../operations/restored/gaps.js';
import { fail, say } from '../terminal/say.js';
import { loadCommandHome, unreadable, type WritableRecords, withWritableRecords } from './common/records.js';

export function registerDatabase(program: Command): void {
  const database = program.command('database').description('the database of this installation');
  database
    .command('create')
    .description('create the database of a new installation, once')
    .option('--after-loss', 'create an empty one although there was another; officers then have to accept it')
    .action(({ afterLoss }: { readonly afterLoss?: boolean }) => create(afterLoss === true));
  database
    .command('status')
    .description('the level of the schema, and whether this version can use it')
    .option('--json', 'print it as JSON')
    .action(({ json }: { readonly json?: boolean }) => status(json === true));
  database
    .command('migrate')
    .description('apply what this version changes in the schema; the service may run meanwhile')
    .option('--contract', 'also what ends the use of older versions, once none of them runs any more')
    .action(({ contract }: { readonly contract?: boolean }) => migrate(contract === true));
  database
    .command('accept')
    .description('accept a restored database that lacks what others know; what is missing is listed and recorded')
    .requiredOption('--officers <accounts...>', 'the two officers who decided it')
    .action(({ officers }: { readonly officers: readonly string[] }) =>
      withWritableRecords((records) => accept(records, officers), { compare: false }),
    );
}

async function create(afterLoss: boolean): Promise<void> {
  const home = loadHome();
  if (!home.ok) return fail(home.error.faults);
  const made = await createDatabase(home.value, { afterLoss, log: createLog(home.value.config.log) });
  if (!made.ok) return fail(made.error.lines);
  say('The database is created.');
  if (afterLoss)
    say('The service starts on it when two officers have accepted it: pfcng database accept --officers A B');
}

async function status(json: boolean): Promise<void> {
  const home = loadCommandHome();
  if (!home.ok) return fail(home.error);
  const state = await inspectHomeDatabase(home.value);
  if (!state.ok) return fail([unreadable(state.error)]);
  const { level, levelMin } = state.value;
  const programLevel = programLevelOf();
  const missing = missingLevels(level);
  if (json) return say(JSON.stringify({ level, levelMin, programLevel, missing }));
  say(
    `The schema has level ${level}. Versions of level ${levelMin} and later can use it; this one has level ${programLevel}.`,
  );
  for (const one of missing)
    say(`  missing: level ${one.level}, pfcng database migrate${one.kind === 'contract' ? ' --contract' : ''}`);
}

async function migrate(contract: boolean): Promise<void> {
  const home = loadCommandHome();
  if (!home.ok) return fail(home.error);
  const migrated = await migrateHomeDatabase(home.value, { contract });
  if (!migrated.ok) return fail([unreadable(migrated.error)]);
  const { from, to } = migrated.value;
  say(
    from === to
      ? `The schema has level ${to}: nothing is missing.`
      : `The schema has level ${to} now, before: ${from}.`,
  );
}

async function accept({ home, store }: WritableRecords, officers: readonly string[]): Promise<void> {
  const evidence = await readEvidence(home);
  if (!evidence.ok) return fail([evidence.error]);
  const issuers = readIssuers(home);
  if (!issuers.ok) return fail([issuers.error]);
  const log = createLog(home.config.log);
  const gaps = await gapsOf({ home, issuers: issuers.value, store, log }, evidence.value);
  if (!gaps.ok) return fail([unreadable(gaps.error)]);
  if (gaps.value.length === 0)
    return say('The database knows everything that others know: there is nothing to accept.');
  const accepted = await acceptDatabase(
    { store, clock: systemClock },
    { officers, gaps: gaps.value, home: evidence.value.home },
  );
  if (!accepted.ok)
    return fail([accepted.error.kind === 'refused' ? accepted.error.detail : unreadable(accepted.error.detail)]);
  const point = await store.read(readPoint);
  if (!point.ok) return fail([unreadable(point.error.detail)]);
  if (point.value === null) return fail(['the database has no id: this program did not create it']);
  writeMark(home.config.paths.databaseMark, point.value);
  say('Accepted, and recorded in the audit log (database.accepted). Missing:');
  for (const { detail } of gaps.value) say(`  - ${detail}`);
  await listUnknownSignatures({ home, store });
  say('Revocations of the published CRLs are read back at the next start, or by the running service.');
}

/** Certificates that are in nobody's records: their holders need new ones. */
async function listUnknownSignatures({ home, store }: WritableRecords): Promise<void> {
  const journals = planSigners(home).tokens.map(({ name, kind, journalFolder }) => ({
    token: name,
    kind,
    folder: journalFolder,
  }));
  const compared = await reconcileJournals(store, journals);
  if (!compared.ok) return fail([unreadable(compared.error.detail)]);
  for (const { token, unknown } of compared.value) {
    for (const { detail } of unknown.named) say(`  - ${token}: ${detail}`);
    const more = unknown.count - unknown.named.length;
    if (more > 0) say(`  - ${token}: ${more} more (pfcng hsm reconcile --all)`);
  }
}
