import { guardsOf, type Mutants } from './mutant.js';

const CONFLICTS = 'test/fault/restore/conflicts.test.ts';
const learn = guardsOf('src/compose/restore/learn-from-lists.ts', CONFLICTS);

/** Guards of a restore. */
export const RESTORES: Mutants = {
  'restores/lagging-list': learn('A list that lags behind suspends nothing.', {
    find: '{ takesSuspensions: false }',
    replace: '{ takesSuspensions: true }',
    title: 'learns no suspension from a list that lags behind a newer one',
  }),
  'restores/one-bad-list': guardsOf('src/compose/restore/list-sources.ts', 'test/unit/compose/list-sources.test.ts')(
    'The revocations in the other lists of a source are learnt, if one of its lists cannot be read.',
    {
      find: 'failedMs >= UNREACHABLE_MS_MAX) break;',
      replace: 'failedMs > 0) break;',
      title: 'are all asked, even if the first list is answered with an error',
    },
  ),
  'restores/two-octets': guardsOf(
    'src/compose/restore/recover-signatures.ts',
    'test/integration/restore/two-octets.test.ts',
  )('Two different certificates with one serial number are reported.', {
    find: "if (entry.kind !== 'crl' && entry.sha256 !== first.sha256)",
    replace: "if (entry.kind === 'crl' && entry.sha256 !== first.sha256)",
    title: 'reports other octets with the same serial number that directly follow in a journal',
  }),
  'restores/two-octets-later': guardsOf(
    'src/compose/restore/recover-signatures.ts',
    'test/integration/restore/two-octets.test.ts',
  )('A recovered certificate is compared with further entries, by its hash.', {
    find: 'recoveredSha256 !== null && recoveredSha256 !== sha256;',
    replace: "recoveredSha256 !== null && recoveredSha256 === '';",
    title: 'reports other octets with the same serial number much later, and in another journal',
  }),
  'restores/newest-lists': guardsOf('src/compose/restore/put-back.ts', CONFLICTS)(
    'The service does not learn from a list in the home folder that lags behind.',
    {
      find: 'placeNewestLists(prepared.sources, paths);',
      replace: 'placeNewestLists([], paths);',
      title: 'keeps what the newest list has released, if the list in the home folder lags behind it',
    },
  ),
  'restores/pause-work': guardsOf('src/compose/restore/put-back.ts', 'test/fault/restore/under-way.test.ts')(
    'Orders and campaigns do not go on in a database that may lack the last decisions.',
    {
      find: 'await pauseWork(tx, systemClock);',
      replace: '{ orders: [], campaigns: [] };',
      title: 'is paused and reported if decisions since the backup may be lost, so that nothing is done twice',
    },
  ),
  'restores/older-journal': guardsOf('src/compose/restore/find-journals.ts', CONFLICTS)(
    'A signer does not go on from an older copy of its journal.',
    {
      find: 'if (older.length > 0) return err(older);',
      replace: 'if (older.length > 999) return err(older);',
      title: 'refuses an older copy of a journal that the backup has',
    },
  ),
  'restores/locks': guardsOf('src/compose/restore/locks.ts', CONFLICTS)(
    'No process serves from the home folder during a restore.',
    {
      find: "['restore', ...Object.keys(ROLES), ...responderLockNames(run)]",
      replace: "['restore', ...Object.keys(ROLES).slice(9), ...responderLockNames(join(run, 'none')).slice(9)]",
      title: 'is refused while a process serves from the home folder',
    },
  ),
  'restores/interrupted-since': guardsOf('src/compose/process.ts', CONFLICTS)(
    'A process that waited for its lock does not serve from a half-restored home folder.',
    {
      find: 'if (fault !== null) return err(fault);',
      replace: 'if (fault === "") return err(fault);',
      title: 'keeps a process from starting that has loaded the home folder',
    },
  ),
  'restores/one-database': guardsOf('src/compose/restore/restore.ts', 'test/fault/restore/one-database.test.ts')(
    'Two restores from two home folders do not fill one database.',
    {
      find: 'if (!database.ok) return database;',
      replace: 'if (!database.ok) return await restoreAlone(request);',
      title: 'exclude each other, so that the database of the first is complete',
    },
  ),
  'restores/rights': guardsOf('src/compose/restore/prepare.ts', CONFLICTS)(
    'The database is not filled if the files cannot be placed.',
    {
      find: 'if (unwritable.length > 0)',
      replace: 'if (unwritable.length > 999)',
      title: 'is refused before the database is filled, if its user cannot write where journals go',
    },
  ),
  'restores/manifest': guardsOf('src/compose/restore/put-back.ts', 'test/fault/restore/refuses.test.ts')(
    'The database that is put back is the one of the manifest.',
    {
      find: 'if (contradiction !== null) return err([contradiction]);',
      replace: 'if (contradiction === "") return err([contradiction]);',
      title: 'and a database that is not that of the manifest',
    },
  ),
  'restores/part-files': guardsOf('src/compose/restore/staging.ts', 'test/fault/restore/refuses.test.ts')(
    'A restore that was killed while it replaced a file can begin again.',
    {
      find: "name.replace(/\\.new$/, '')",
      replace: 'name',
      title: 'replaces empty folders and what a kill has left of new files, and keeps the report',
    },
  ),
};
