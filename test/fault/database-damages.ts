/**
 * What can happen to a database, as a table: how it is done, and how it is repaired. SQLite's file
 * is removed, renamed, emptied or replaced by an older copy, or its disk is full; a database of
 * PostgreSQL is renamed, emptied, or another one is in its place.
 */
import assert from 'node:assert/strict';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  truncateSync,
} from 'node:fs';
import { join } from 'node:path';
import { openStore } from '../../src/db/open.js';
import { unwrap } from '../support/db/fixture.js';
import type { PostgresqlDatabase } from '../support/db/postgresql-cluster.js';
import { sharedCluster } from '../support/db/postgresql-cluster.js';
import { AUDIT_ORIGIN } from '../support/db/records.js';
import type { SmallDisk } from '../support/machine/small-disk.js';
import type { Service } from '../support/service/service.js';

/** A service whose database is damaged. */
export type DamagedPlace = {
  readonly service: Service;
  /** A copy from before the last issuances and revocations. */
  readonly older: string;
  /** null: this user cannot make a disk that is small enough to be filled. */
  readonly disk: SmallDisk | null;
};

export type Damage = {
  readonly name: string;
  /** What the start prints. */
  readonly atStart: RegExp;
  /** What `/readyz` says of the database while the service runs. */
  readonly whileServing: RegExp;
  readonly inflict: (place: DamagedPlace) => Promise<void>;
  readonly repairStopped: (place: DamagedPlace) => Promise<void>;
  /** Returns whether the service has to be started again. */
  readonly repairServing: (place: DamagedPlace) => Promise<'goes-on' | 'start-again'>;
  /** The service may start, and refuses requests until the fault is repaired. */
  readonly mayStart?: true;
};

const fileOf = ({ service }: DamagedPlace): string => {
  const { database } = service.at;
  assert.ok(database.kind === 'sqlite');
  return database.file;
};
const aside = (place: DamagedPlace): string => `${fileOf(place)}.aside`;
const putBack = async (place: DamagedPlace): Promise<void> => renameSync(aside(place), fileOf(place));
const restart = async (place: DamagedPlace, repair: () => Promise<void>): Promise<'start-again'> => {
  await place.service.stop();
  await repair();
  return 'start-again';
};

export const SQLITE_DAMAGES: readonly Damage[] = [
  {
    name: 'renamed',
    atStart: /pfcng\.sqlite: there is no such file; .*ops\/database\.md/,
    whileServing: /pfcng\.sqlite was removed or renamed/,
    inflict: async (place) => renameSync(fileOf(place), aside(place)),
    repairStopped: putBack,
    repairServing: async (place) => {
      await putBack(place);
      return 'goes-on';
    },
  },
  {
    name: 'removed',
    atStart: /pfcng\.sqlite: there is no such file; .*ops\/database\.md/,
    whileServing: /pfcng\.sqlite was removed or renamed/,
    inflict: async (place) => {
      copyFileSync(fileOf(place), aside(place));
      rmSync(fileOf(place));
    },
    repairStopped: putBack,
    repairServing: (place) => {
      rmSync(aside(place));
      const saved = saveOpenFiles(place);
      return restart(place, async () => {
        for (const name of readdirSync(saved)) renameSync(join(saved, name), join(place.service.at.home, name));
      });
    },
  },
  {
    name: 'replaced by an older copy',
    atStart: /the database knows less than others do[\s\S]*the home folder knows entry \d+[\s\S]*pfcng database accept/,
    whileServing: /another file was put in the place of .*pfcng\.sqlite/,
    inflict: async (place) => {
      renameSync(fileOf(place), aside(place));
      copyFileSync(place.older, fileOf(place));
    },
    repairStopped: putBack,
    repairServing: (place) => restart(place, () => putBack(place)),
  },
  {
    name: 'on a full disk',
    atStart: /the disk is full|reading or writing the disk failed|No space left|ENOSPC/i,
    whileServing: /nothing was written for \d+ s|disk is full/,
    inflict: async ({ disk }) => disk?.fill(),
    repairStopped: async ({ disk }) => disk?.empty(),
    repairServing: async ({ disk }) => {
      disk?.empty();
      return 'goes-on';
    },
    mayStart: true,
  },
  {
    name: 'overwritten by an older copy',
    atStart: /the database knows less than others do[\s\S]*the home folder knows entry \d+/,
    whileServing: /pfcng\.sqlite was overwritten by another program/,
    inflict: async (place) => {
      copyAside(place);
      copyFileSync(place.older, fileOf(place));
    },
    repairStopped: putBack,
    repairServing: (place) => restart(place, () => restoreCopy(place)),
  },
  {
    name: 'emptied',
    atStart: /pfcng\.sqlite: the database is empty; .*ops\/database\.md/,
    whileServing: /pfcng\.sqlite was overwritten by another program/,
    inflict: async (place) => {
      copyAside(place);
      truncateSync(fileOf(place), 0);
    },
    repairStopped: putBack,
    repairServing: (place) => restart(place, () => restoreCopy(place)),
  },
];

function copyAside(place: DamagedPlace): void {
  copyFileSync(fileOf(place), aside(place));
  const log = `${fileOf(place)}-wal`;
  if (existsSync(log)) copyFileSync(log, savedLog(place));
}

/** What was committed is in the file and in its log. */
async function restoreCopy(place: DamagedPlace): Promise<void> {
  for (const suffix of ['-wal', '-shm']) rmSync(`${fileOf(place)}${suffix}`, { force: true });
  const saved = savedLog(place);
  if (existsSync(saved)) renameSync(saved, `${fileOf(place)}-wal`);
  await putBack(place);
}

const savedLog = (place: DamagedPlace): string => `${aside(place)}-wal`;

/**
 * As ops/database.md says: the files are still there as long as the process has them open. They are
 * copied to a folder, because the end of the process removes the log.
 */
function saveOpenFiles({ service }: DamagedPlace): string {
  const folder = join(service.at.home, 'saved');
  const descriptors = `/proc/${service.pid()}/fd`;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  for (const descriptor of readdirSync(descriptors)) {
    const [, name] = /\/(pfcng\.sqlite(?:-wal)?)(?: \(deleted\))?$/.exec(linkOf(join(descriptors, descriptor))) ?? [];
    if (name !== undefined) copyFileSync(join(descriptors, descriptor), join(folder, name));
  }
  return folder;
}

/** A descriptor may be closed meanwhile. */
function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

const databaseOf = ({ service }: DamagedPlace): PostgresqlDatabase => {
  const { database } = service.at;
  assert.ok(database.kind === 'postgresql');
  return database;
};

/**
 * Ends the connections of the service, as a failover does, and gives the database another name. The
 * server waits some seconds for the connections to end; a new one may come in between.
 */
async function renameDatabase(from: string, to: string): Promise<void> {
  const cluster = await sharedCluster();
  const end = `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${from}'`;
  for (let triesLeft = 20; ; triesLeft -= 1) {
    try {
      await cluster.ask(`${end}; alter database ${from} rename to ${to}`);
      return;
    } catch (error) {
      if (triesLeft === 0) throw error;
    }
  }
}

const asideName = (place: DamagedPlace): string => `${databaseOf(place).database}_aside`;

/** Puts the database aside, and one that was made before in its place; null: none. */
async function replaceDatabase(place: DamagedPlace, other: string | null): Promise<void> {
  const { database, user } = databaseOf(place);
  const cluster = await sharedCluster();
  await renameDatabase(database, asideName(place));
  if (other !== null) await cluster.ask(`create database ${database} owner ${user} template ${other}`);
}

async function putDatabaseBack(place: DamagedPlace): Promise<void> {
  const { database } = databaseOf(place);
  const cluster = await sharedCluster();
  await cluster.ask(`drop database if exists ${database} with (force)`);
  await renameDatabase(asideName(place), database);
}

const REPAIR = {
  repairStopped: putDatabaseBack,
  repairServing: async (place: DamagedPlace) => {
    await putDatabaseBack(place);
    return 'goes-on' as const;
  },
};

export const POSTGRESQL_DAMAGES: readonly Damage[] = [
  {
    name: 'renamed or removed',
    atStart: /PostgreSQL, .*: there is no such database/,
    whileServing: /there is no such database/,
    inflict: (place) => replaceDatabase(place, null),
    ...REPAIR,
  },
  {
    name: 'replaced by an older one',
    atStart: /the database knows less than others do[\s\S]*the home folder knows entry \d+[\s\S]*pfcng database accept/,
    whileServing: /an older database is in the place of ours: it lacks entry \d+/,
    inflict: (place) => replaceDatabase(place, place.older),
    ...REPAIR,
  },
  {
    name: 'replaced by another one',
    atStart: /the database knows less than others do[\s\S]*the home folder belongs to the database/,
    whileServing: /another database \(other\) is in the place of ours/,
    inflict: async (place) => {
      const cluster = await sharedCluster();
      const other = await cluster.create();
      const options = {
        database: other,
        environmentMark: 'development',
        auditOrigin: AUDIT_ORIGIN,
        clock: Date.now,
        newId: 'other',
      };
      await unwrap(await openStore(options)).close();
      await replaceDatabase(place, other.database);
    },
    ...REPAIR,
  },
  {
    name: 'emptied',
    atStart: /PostgreSQL, .*: the database is empty; .*ops\/database\.md/,
    whileServing: /the database was emptied|a table of the database is missing/,
    inflict: async (place) => {
      const cluster = await sharedCluster();
      const { database, user } = databaseOf(place);
      const copy = asideName(place);
      await renameDatabase(database, copy);
      await cluster.ask(`create database ${database} owner ${user} template ${copy}`);
      await cluster.ask(`drop schema public cascade; create schema public authorization ${user}`, database);
    },
    ...REPAIR,
  },
];
