import { guardsOf, type Mutants } from './mutant.js';

const LOST = 'test/fault/lost-database.test.ts';

const SERVER_FAULTS = 'test/integration/db/postgresql-faults.test.ts';
const SCHEMA = 'test/integration/db/schema.test.ts';

/** Guards against another database in the place of ours, or one of another version. */
export const DATABASE: Mutants = {
  'database/compared-at-start': guardsOf('src/compose/process.ts', LOST)(
    'A service starts only on a database that knows what others know.',
    {
      find: 'if (!checked.ok) return checked;',
      replace: 'void checked;',
      title: 'the start and the commands refuse it and create nothing',
    },
  ),
  'database/files-watched': guardsOf('src/db/engine/sqlite-files.ts', LOST)(
    'A file that loses its name is noticed before anything is acknowledged.',
    {
      find: 'if (fault !== null) throw new StoreUnavailable(',
      replace: "if (fault === 'never') throw new StoreUnavailable(",
      title: 'while serving: the next request is refused',
    },
  ),
  'database/statements-in-turn': guardsOf('src/db/engine/session.ts', 'test/integration/db/transactions.test.ts')(
    'A connection executes one statement at a time.',
    {
      find: 'if (!isSerial) return start();',
      replace: 'if (isSerial !== null) return start();',
      title: 'are executed one after the other',
    },
  ),
  'database/heartbeat-needs-space': guardsOf('src/jobs/clock-watch.ts', 'test/integration/jobs/clock-watch.test.ts')(
    'A commit that fits on a full disk does not count.',
    {
      find: 'committed.ok ? await store.confirmSpace() : committed;',
      replace: 'committed;',
      title: 'does not count a commit while the disk is full',
    },
  ),
  'database/full-is-down': guardsOf('src/compose/readiness.ts', 'test/fault/full-server.test.ts')(
    'A service whose database has no space for a request is down.',
    {
      find: 'if (!space.ok) return',
      replace: 'if (space.ok === null) return',
      title: 'is named with its remedy',
      whole: true,
    },
  ),
  'database/full-server-noticed': guardsOf(
    'src/db/engine/disk-space.ts',
    'test/integration/db/postgresql-server.test.ts',
  )('A server is asked for space after a transaction has failed because its disk was full.', {
    find: 'failures += 1; isConfirmed = false;',
    replace: 'failures += 1;',
    title: 'whose disk is full refuses that transaction',
  }),
  'database/entry-compared': guardsOf('src/db/engine/continuity.ts', LOST)(
    'An older database behind the same address is noticed.',
    {
      find: 'if (hash === known.chainHash) return null;',
      replace: 'if (hash !== known.chainHash || hash.length > 0) return null;',
      title: 'while serving: the next request is refused',
    },
  ),
  'database/level-min': guardsOf('src/db/schema/inspect.ts', SCHEMA)(
    'A program does not use a database that is only for newer programs.',
    {
      find: 'if (level >= levelMin) return null;',
      replace: 'if (level >= 1) return null;',
      title: 'until that level ends its use',
    },
  ),
  'database/opened-as-it-is': guardsOf('src/db/open.ts', SCHEMA)('No command migrates the database that it opens.', {
    find: 'if (!isNew && !migrates) return checkSchema(before.value);',
    replace: 'if (!isNew && !migrates && before.value === null) return checkSchema(before.value);',
    title: 'no opening uses a schema that is behind, or migrates it',
  }),
  'database/migration-lock-polled': guardsOf('src/db/engine/postgresql-schema.ts', SCHEMA)(
    'A process that waits for its turn to migrate has no snapshot, for whose end the build of an index would wait.',
    {
      find: 'select locked from pg_try_advisory_lock(',
      replace: 'select true as locked from pg_advisory_lock(',
      title: 'apply each step once',
    },
  ),
  'database/invalid-index-dropped': guardsOf('src/db/engine/postgresql-schema.ts', SCHEMA)(
    'An index whose build was interrupted is built again.',
    {
      find: "if (found !== undefined && flag(found, 'valid')) return;",
      replace: 'if (found !== undefined) return;',
      title: 'an index whose build did not end',
    },
  ),
  'database/step-limit': guardsOf('src/db/schema/migrate.ts', SCHEMA)(
    'A step of a migration has the write lock for two seconds at most.',
    {
      find: 'await transaction(STEP_MS_MAX, async (trx) => {',
      replace: 'await transaction(30 * STEP_MS_MAX, async (trx) => {',
      title: 'for more than two seconds is rolled back',
    },
  ),
  'database/idle-writer-ended': guardsOf('src/db/engine/postgresql.ts', SERVER_FAULTS)(
    'A process that hangs between two statements of a transaction does not keep the write lock.',
    {
      find: 'idleMsMax: writerIdleMsMax,',
      replace: 'idleMsMax: transactionMsMax,',
      title: 'loses it, and others go on',
    },
  ),
  'database/lost-writer-ended': guardsOf('src/db/engine/postgresql.ts', SERVER_FAULTS)(
    'A process that is killed during a statement does not keep the write lock.',
    {
      find: 'client_connection_check_interval: WRITER_CHECK_MS',
      replace: 'client_connection_check_interval: 0',
      title: 'loses it, and others go on',
    },
  ),
  'database/lease-of-its-holder': guardsOf('src/db/tables/nodes/leases.ts', 'test/integration/db/requests.test.ts')(
    'A lease with the token of another holder is lost.',
    {
      find: "db('leases').where({ name, holder, fencing_token: fencingToken })",
      replace: "db('leases').where({ name, fencing_token: fencingToken, ...(holder === '' ? { holder } : {}) })",
      title: 'the work of a lease that somebody else has taken since can find out in its own transaction',
    },
  ),
  'database/claims-kept': guardsOf(
    'src/jobs/idempotency-retention.ts',
    'test/integration/jobs/idempotency-retention.test.ts',
  )('A finished idempotency claim ends after 30 days.', {
    find: "if (deleted < CLAIMS_PER_TRANSACTION) return 'done';",
    replace: "if (deleted >= 0) return 'done';",
    title: 'are deleted 30 days after',
  }),
  'database/levels-recorded': guardsOf('src/db/schema/migrate.ts', 'test/integration/db/schema.test.ts')(
    'A level of the schema has its audit entry, also where a later one fails.',
    {
      find: 'await recordLevel(trx, next.level, wanted);',
      replace: '',
      title: 'each level is recorded in the audit log once',
    },
  ),
};

/** Guards of outages of the primary database. */
export const OUTAGES: Mutants = {
  'outages/stale-max': guardsOf('src/operations/status/ocsp-statuses.ts', 'test/integration/ocsp/never-back.test.ts')(
    'The time for which old data counts is not that of HTTP caches.',
    {
      find: 'staleMs() > answers.staleMsMax',
      replace: 'staleMs() > answers.maxAgeMs',
      title: 'goes on being good for staleMax after the primary died',
    },
  ),
  'outages/commits-wait': guardsOf('src/db/engine/postgresql.ts', 'test/integration/db/postgresql-faults.test.ts')(
    'Commits wait for the standby, whatever is configured.',
    {
      find: "synchronous_commit: 'on',",
      replace: '',
      title: 'a commit waits for the standby, whatever the server, the database or the role',
    },
  ),
  'outages/quorum-at-start': guardsOf('src/db/engine/postgresql.ts', 'test/integration/db/postgresql-server.test.ts')(
    'A server without a synchronous standby is refused where the policy wants a quorum.',
    {
      find: '...(durable === null ? [] : [durable])',
      replace: '...(durable === null ? [] : [])',
      title: 'without a synchronous standby is refused where the policy wants a quorum',
    },
  ),
  'outages/serial-commits': guardsOf('src/db/engine/postgresql.ts', 'test/fault/nodes/serial-commits.test.ts')(
    'A writer has the lock until its commit is visible.',
    {
      find: 'pg_advisory_xact_lock(',
      replace: 'abs(',
      title: 'do not overlap, and a follower skips no change',
    },
  ),
  'outages/lock-wait-measured': guardsOf('src/db/engine/writer.ts', SERVER_FAULTS)(
    'Waits for the write lock are measured, also those that end with a failure.',
    {
      find: '.finally(() => lockWaited(performance.now() - startedAt))',
      replace: '.then((one) => (lockWaited(performance.now() - startedAt), one))',
      title: 'a process that keeps the write lock is waited for',
    },
  ),
  'outages/silence-noticed': guardsOf('src/db/engine/pooled-connection.ts', 'test/fault/nodes/new-primary.test.ts')(
    'A connection that is silent while it is used is compared with the server that the address leads to.',
    {
      find: 'const unwatch = connection.watch();',
      replace: 'const unwatch = (): void => undefined;',
      title: 'leave an old primary that is silent',
      hangs: true,
    },
  ),
  'outages/old-primary-left': guardsOf('src/db/engine/server-connections.ts', 'test/fault/nodes/new-primary.test.ts')(
    'A connection to another primary ends those to the old one.',
    {
      find: 'if (id !== instance.id) streamOf(other).destroy();',
      replace: "if (id === '') streamOf(other).destroy();",
      title: 'leave an old primary that goes on',
    },
  ),
  'outages/caps-of-signers': guardsOf('hsm/signer/rate-caps.ts', 'test/unit/hsm/signer/two-signers.test.ts')(
    'Each of several signers stops at the cap, so together they sign what the documentation says.',
    {
      find: 'if (counted < perHourMax) {',
      replace: 'if (counted < 2 * perHourMax) {',
      title: 'sign twice the cap of a profile in an hour, and no more',
    },
  ),
  'outages/quorum-lost': guardsOf('src/compose/readiness.ts', 'test/fault/nodes/quorum.test.ts')(
    'A service whose server has lost its synchronous standbys is down.',
    {
      find: "durability !== 'ready' || ",
      replace: '',
      title: 'is down when the server loses it',
      whole: true,
    },
  ),
  'outages/lone-responder': guardsOf('src/compose/status.ts', 'test/integration/service/publication/responder.test.ts')(
    'Renewed certificates of responders are saved also where no worker runs.',
    {
      find: 'saveResponder(home, { issuer',
      replace: 'if (renewed.notAfter < 0) saveResponder(home, { issuer',
      title: 'without a worker in its home folder saves the renewed certificates there',
      whole: true,
    },
  ),
  'outages/sqlite-quorum': guardsOf('src/db/engine/sqlite.ts', 'test/integration/db/sqlite.test.ts')(
    'SQLite is refused where the policy wants a quorum.',
    {
      find: 'if (detail !== null) return err(',
      replace: "if (detail === '') return err(",
      title: 'is refused, and not created, where the policy wants commits to be on another server too',
    },
  ),
  'database/statement-texts-bounded': guardsOf(
    'src/db/engine/sqlite-statements.ts',
    'test/integration/db/sqlite.test.ts',
  )('Prepared statements are bounded by the memory of their texts, and not only by their number.', {
    find: 'sql.length * OCTETS_PER_CHARACTER + ',
    replace: '',
    title: 'prepared statements of many rows take little memory, however many texts there are',
  }),
  'database/statement-values-bounded': guardsOf(
    'src/db/engine/sqlite-statements.ts',
    'test/integration/db/sqlite.test.ts',
  )('Prepared statements are bounded by the memory of the values that SQLite keeps for them.', {
    find: ' + octetsOf(bindings)',
    replace: '',
    title: 'prepared statements of long values take little memory, however many texts there are',
  }),
  'database/committed-once': guardsOf('src/db/engine/writer.ts', 'test/integration/db/sqlite.test.ts')(
    'A group whose transaction was committed is not executed again, whatever fails after the commit.',
    {
      find: 'if (error instanceof StoreUnavailable) throw error; const { message }',
      replace: 'if (error !== null) throw error; const { message }',
      title: 'a failure after the commit is database-unavailable, and the group is not executed again',
    },
  ),
  'database/rollback-after-statements': guardsOf('src/db/engine/sqlite.ts', 'test/integration/db/sqlite.test.ts')(
    'A transaction is rolled back after its last statement has ended, also when it took too long.',
    {
      find: 'await running;',
      replace: '',
      title: 'a statement that still waits for a thread when its transaction takes too long writes nothing',
    },
  ),
};
