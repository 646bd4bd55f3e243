/**
 * All checks of `pfcng doctor`, in the order in which a person repairs faults. A new check is one
 * row here, or one of the requirements of the start.
 */
import { BACKUP_AGE_MS_MAX, readLastBackup } from '../../compose/backup/state.js';
import { FREE_BYTES_MIN, freeBytes } from '../../compose/readiness.js';
import { isNeededBy } from '../../compose/requirements/requirement.js';
import { REQUIREMENTS } from '../../compose/requirements/table.js';
import type { Roles } from '../../compose/roles.js';
import { systemClock } from '../../compose/world.js';
import type { Config } from '../../config/load.js';
import { formatInstant } from '../../kernel/clock.js';
import { HOUR_MS } from '../../kernel/duration.js';
import { findUnusableAccounts } from '../../operations/accounts/find-unusable-accounts.js';
import type { Gap } from '../../operations/restored/gaps.js';
import { readPoint } from '../../operations/restored/gaps.js';
import { type Check, checkOf, type Facts } from './check.js';
import { type Finding, faulty, fine, unchecked, warned } from './finding.js';
import { findDeadDeliveries, findEnds, type RunningService } from './running.js';

const ACCEPT =
  'put the newest database back; if there is no newer one, two officers accept this one: ' +
  'pfcng database accept --officers A B (ops/database.md)';

/** What a process with these roles needs to start, and what the doctor finds out besides. */
export function checksFor(roles: Roles): readonly Check[] {
  return [...REQUIREMENTS.filter((one) => isNeededBy(one, roles)).map(checkOf), ...FURTHER_CHECKS];
}

const FURTHER_CHECKS: readonly Check[] = [
  {
    name: 'database-id',
    question: 'Can the database be read, and did this program create it?',
    find: async ({ store }) => {
      if ('missing' in store) return unchecked(store.missing);
      const point = await store.value.read(readPoint);
      if (!point.ok) return faulty(point.error.detail);
      if (point.value === null) return faulty('the database has no id: this program did not create it');
      return fine(`database ${point.value.id}, ${point.value.seq} entries in the audit log`);
    },
    whatToDo:
      'a file that was removed while the service runs can still be saved: do not stop the service (ops/database.md); ' +
      'otherwise restore a backup',
  },
  {
    name: 'database-space',
    question: 'Does the disk of the database have space for requests?',
    find: async ({ store }) => {
      if ('missing' in store) return unchecked(store.missing);
      const space = await store.value.confirmSpace();
      return space.ok ? fine('it has space') : faulty(space.error.detail);
    },
    whatToDo:
      'free space on the disk of the database: nothing can be issued or revoked; if its server has stopped, start it ' +
      'afterwards (ops/database.md#a-full-disk)',
  },
  {
    name: 'home-knows',
    question: 'Is it the database of this home folder, with all entries that the home folder knows?',
    find: (facts) => findGapsOf(facts, 'home', 'all entries that the home folder knows are there'),
    whatToDo: ACCEPT,
  },
  {
    name: 'signers-know',
    question: 'Does the database know the last signature of each signer?',
    find: (facts) => findGapsOf(facts, 'signer', 'the last signature of each signer is known'),
    whatToDo: ACCEPT,
  },
  {
    name: 'lists-know',
    question: 'Does the database know the CRLs that are published?',
    find: (facts) => findGapsOf(facts, 'published-list', 'the published CRLs are known'),
    whatToDo: ACCEPT,
  },
  {
    name: 'accounts',
    question: 'Can each account that is enabled authenticate, and has each founding certificate its account?',
    find: (facts) => findAccounts(facts),
    whatToDo: 'as each line says (pfcng account, ops/configuration.md)',
  },
  {
    name: 'disk',
    question: 'Is there free space?',
    find: ({ home }) =>
      'value' in home ? findFreeSpace(home.value.config.paths) : unchecked('there is no home folder'),
    whatToDo: 'free space on this disk: when it is full, nothing is issued or revoked',
  },
  {
    name: 'backup',
    question: 'Was a backup made and read again in the last 26 hours?',
    find: ({ home }) => ('value' in home ? findBackup(home.value.config) : unchecked('there is no home folder')),
    whatToDo:
      'make one by hand (pfcng backup), then find out why none was made: systemctl status pfcng-backup.timer and ' +
      'journalctl -u pfcng-backup (ops/backup.md)',
  },
  {
    name: 'service',
    question: 'If the service runs, is it ready?',
    find: ({ running }) => ('value' in running ? findService(running.value) : unchecked(running.missing)),
    whatToDo:
      'see the lines that begin with running-, and the log (ops/README.md#alarms); if it does not answer, systemctl ' +
      'restart pfcng',
  },
  {
    name: 'certificates-end',
    question: 'Do the certificates that the installation itself uses last long enough to be renewed?',
    find: (facts) => findInMetrics(facts, (metrics) => findEnds(metrics, systemClock())),
    whatToDo: '',
  },
  {
    name: 'webhook-deliveries',
    question: 'Did each endpoint get its events?',
    find: (facts) => findInMetrics(facts, findDeadDeliveries),
    whatToDo: 'pfcng webhook list names the endpoint; repair it, then pfcng webhook replay or drop (ops/webhooks.md)',
  },
];

function findGapsOf({ gaps }: Facts, witness: Gap['witness'], otherwise: string): Finding {
  if ('missing' in gaps) return unchecked(gaps.missing);
  const found = gaps.value.filter((gap) => gap.witness === witness);
  return found.length === 0 ? fine(otherwise) : faulty(found.map(({ detail }) => detail).join('; '));
}

async function findAccounts({ home, store }: Facts): Promise<Finding> {
  if ('missing' in home) return unchecked(home.missing);
  if ('missing' in store) return unchecked(store.missing);
  const { accountAuthorities: authorities, accessAuthorities } = home.value.config;
  const access = accessAuthorities.map(({ id }) => id);
  const found = await store.value.read((reads) =>
    findUnusableAccounts(reads, { authorities, access, now: systemClock() }),
  );
  if (!found.ok) return faulty(found.error.detail);
  if (found.value.length === 0) return fine('each account can be used');
  return faulty(found.value.map(({ account, detail }) => `${account}: ${detail}`).join('\n'));
}

type Folders = { readonly home: string; readonly crl: string; readonly signers: string };

async function findFreeSpace({ home, crl, signers }: Folders): Promise<Finding> {
  const found: { readonly folder: string; readonly bytes: number }[] = [];
  for (const folder of [home, crl, signers]) {
    const bytes = await freeBytes(folder);
    if (bytes !== null) found.push({ folder, bytes });
  }
  const summary = found.map(({ folder, bytes }) => `${folder}: ${Math.floor(bytes / 1024 ** 2)} MB free`).join('; ');
  return found.some(({ bytes }) => bytes < FREE_BYTES_MIN) ? faulty(summary) : fine(summary);
}

function findBackup({ backup, paths }: Pick<Config, 'backup' | 'paths'>): Finding {
  if (backup.recipients === undefined)
    return warned(
      'none are made here: backup.recipients is not configured',
      'name the certificates of two officers in backup.recipients (ops/backup.md); without backups, a lost server is ' +
        'lost for good',
    );
  const last = readLastBackup(paths.lastBackup);
  if (last === null) return faulty('no backup was made yet');
  const age = systemClock() - last.takenAt;
  const detail = `the last one has the data of ${formatInstant(last.takenAt)}: ${last.file}`;
  return age > BACKUP_AGE_MS_MAX ? faulty(`${detail}, ${Math.floor(age / HOUR_MS)} hours old`) : fine(detail);
}

function findService(running: RunningService): Finding {
  const { kind, url } = running;
  if (kind === 'none') return fine(`no service answers at ${url}/readyz`);
  if (kind === 'wrong') return faulty(`${url}/readyz: ${running.detail}`);
  return running.state === 'ready' ? fine(`ready, at ${url}/readyz`) : faulty(`${url}/readyz says ${running.state}`);
}

function findInMetrics({ running }: Facts, find: (metrics: string) => Finding): Finding {
  if ('missing' in running) return unchecked(running.missing);
  return running.value.kind === 'answers' ? find(running.value.metrics) : fine('no service answers');
}
