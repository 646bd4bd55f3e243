/**
 * Databases and folders for the faults, each in the state of the stage. SQLite's is a copied file;
 * PostgreSQL's are a few databases of the tests' cluster, which a superuser resets.
 */
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WRITE_LOCK } from '../../../src/db/engine/advisory-locks.js';
import type { Instant } from '../../../src/kernel/clock.js';
import type { Store } from '../../../src/ports/store.js';
import type { DatabaseKind } from '../../support/db/fixture.js';
import { type Cluster, createCluster, type PostgresqlDatabase } from '../../support/db/postgresql-cluster.js';
import { type RawDatabase, rawDatabase } from '../../support/db/raw.js';
import { NOW } from '../../support/db/records.js';
import { publishTheLists, revokeMore, setTheStage } from './scenarios/all.js';
import {
  accept,
  createService,
  folders,
  idsOf,
  LISTED,
  openStoreOn,
  type Place,
  RESTARTED,
  type Service,
} from './service.js';
import { readStage, type Stage } from './stage.js';
import { writeStage } from './stage-making.js';

export type SavedDatabase = 'stage' | 'backup';

/** The clock of the store, for leases: leases of a killed process have expired for the next one. */
const clockOf = (whose: 'failing' | 'next') => (whose === 'next' ? RESTARTED : NOW);

/** A place that is used by one run after the other. */
export type Slot = {
  readonly place: Place;
  readonly reset: (to: SavedDatabase) => Promise<void>;
  /**
   * `failing`: the store under the operation that fails; `next`: the store of the process that
   * follows.
   */
  readonly open: (whose: 'failing' | 'next') => Promise<Store>;
  /** Direct access to the database as its owner. */
  readonly raw: () => Promise<RawDatabase>;
  /** Ends the use of the slot. */
  readonly leave: () => Promise<void>;
};

export type Theatre = {
  readonly stage: Stage;
  readonly folder: string;
  readonly stageFile: string;
  readonly slots: readonly Slot[];
  readonly close: () => Promise<void>;
};

/** Makes `slots` places of this kind; `close` removes everything. */
export async function createTheatre(kind: DatabaseKind, slots: number): Promise<Theatre> {
  const folder = mkdtempSync(join(tmpdir(), 'pfcng-ports-'));
  const stageFile = join(folder, 'stage.json');
  writeStage(stageFile);
  const stage = readStage(stageFile);
  const cast = { folder, stage, slots };
  const made = kind === 'sqlite' ? await onSqlite(cast) : await onPostgresql(cast);
  return {
    folder,
    stage,
    stageFile,
    slots: made.slots,
    close: async () => {
      await made.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

type Cast = { readonly folder: string; readonly stage: Stage; readonly slots: number };
type Slots = { readonly slots: readonly Slot[]; readonly close: () => Promise<void> };

type ActiveSlot = { readonly stage: Stage; readonly place: Place; readonly now: Instant };

async function acting({ stage, place, now }: ActiveSlot, act: (service: Service) => Promise<void>): Promise<void> {
  const store = await openStoreOn(place.database, now);
  const raw = await rawDatabase(place.database);
  const service = createService({ stage, place, store, witness: async () => raw, tap: null, now });
  try {
    await act(service);
  } finally {
    await raw.close();
    await store.close();
  }
}

/**
 * Plays what happened before. `save` is called when the backup is taken, and when everything is
 * there.
 */
async function rehearse(stage: Stage, place: Place, save: (as: SavedDatabase) => Promise<void>): Promise<void> {
  mkdirSync(place.folder, { recursive: true });
  await acting({ stage, place, now: NOW }, async (service) => {
    await setTheStage(service);
    writeFileSync(folders(place).ids, JSON.stringify([...service.ids]));
  });
  await save('backup');
  await acting({ stage, place, now: NOW }, async (service) => {
    for (const [name, id] of idsOf(place)) service.ids.set(name, id);
    await revokeMore(service);
  });
  await acting({ stage, place, now: LISTED }, async (service) => {
    await publishTheLists(service);
    // Old enough for the next issuance to advance it.
    accept(await service.bare.store.transaction((tx) => tx.setClockMark(LISTED)));
  });
  await save('stage');
}

async function onSqlite({ folder, stage, slots }: Cast): Promise<Slots> {
  const file = (of: string): string => join(of, 'pfcng.sqlite');
  const placeIn = (name: string): Place => {
    const at = join(folder, name);
    return { folder: at, database: { kind: 'sqlite', file: file(at) } };
  };
  const template = placeIn('template');
  const backup = join(folder, 'backup.sqlite');
  await rehearse(stage, template, async (as) => {
    if (as === 'backup') copyFileSync(file(template.folder), backup);
  });
  const slotIn = (place: Place): Slot => {
    const opened: { readonly close: () => Promise<void> }[] = [];
    let raw: Promise<RawDatabase> | null = null;
    return {
      place,
      reset: async (to) => {
        rmSync(place.folder, { recursive: true, force: true });
        cpSync(template.folder, place.folder, { recursive: true });
        if (to === 'backup') copyFileSync(backup, file(place.folder));
      },
      open: async (whose) => {
        const store = await openStoreOn(place.database, clockOf(whose));
        opened.push(store);
        return store;
      },
      raw: () => {
        raw ??= rawDatabase(place.database);
        return raw;
      },
      leave: async () => {
        for (const one of opened.splice(0)) await one.close();
        await (await raw)?.close();
        raw = null;
      },
    };
  };
  const made = Array.from({ length: slots }, (_, at) => slotIn(placeIn(`slot-${at}`)));
  return { slots: made, close: async () => undefined };
}

const SCHEMAS: Readonly<Record<SavedDatabase, string>> = { stage: 'saved_stage', backup: 'saved_backup' };

/** Processes die here and the server does not, so what it has written is kept without fsync. */
const UNSYNCED = { fsync: 'off', full_page_writes: 'off', autovacuum: 'off' };
/** Checking a password would take both sides as long as the rest of making a connection. */
const NO_PASSWORDS = 'local all all trust\n';
/**
 * At most those of the owner, of the failing service, of the next one and of the killed process.
 */
const CONNECTIONS_A_SLOT = 12;

async function onPostgresql({ folder, stage, slots }: Cast): Promise<Slots> {
  // About twenty thousand files: each place has a database.
  const settings = { ...UNSYNCED, max_connections: 100 + CONNECTIONS_A_SLOT * slots };
  const cluster = await createCluster(settings, { 'pg_hba.conf': NO_PASSWORDS });
  const first = await cluster.create();
  const template: Place = { folder: join(folder, 'template'), database: first };
  const tables = async (): Promise<readonly string[]> => {
    const rows = await cluster.ask(
      `select tablename as name from pg_tables where schemaname = 'public'`,
      first.database,
    );
    return rows.map(({ name }) => String(name));
  };
  await rehearse(stage, template, async (as) => {
    await cluster.ask(`create schema ${SCHEMAS[as]}`, first.database);
    for (const table of await tables())
      await cluster.ask(`create table ${SCHEMAS[as]}.${table} as table public.${table}`, first.database);
  });
  const names = await tables();
  const made: (Slot & { readonly close: () => Promise<void> })[] = [];
  for (let at = 0; at < slots; at += 1) {
    const database: PostgresqlDatabase = { ...first, database: `${first.database}_${at}`, connectionsMax: 4 };
    await cluster.ask(
      `create database ${database.database} owner ${first.user} template ${first.database} strategy file_copy`,
    );
    const place = { folder: join(folder, `slot-${at}`), database };
    made.push(await slotOnPostgresql(cluster, { place, template, names }));
  }
  return {
    slots: made,
    close: async () => {
      for (const { close } of made) await close();
      await cluster.remove();
    },
  };
}

/** Connections are kept for the next run, whose memory is new in any case. */
async function slotOnPostgresql(
  cluster: Cluster,
  { place, template, names }: { readonly place: Place; readonly template: Place; readonly names: readonly string[] },
): Promise<Slot & { readonly close: () => Promise<void> }> {
  const { database } = place;
  const owner = await rawDatabase({ ...(database as PostgresqlDatabase), ...ownerOf(cluster) });
  // Without triggers and without fsync, because this is not part of the test.
  await owner.all(`set session_replication_role = 'replica'`);
  await owner.all('set synchronous_commit = off');
  const stores = new Map<string, Promise<Store>>();
  const sqlOf = (to: SavedDatabase): string =>
    [
      `begin; select pg_advisory_xact_lock(${WRITE_LOCK})`,
      ...names.map((name) => `delete from public.${name}`),
      ...names.map((name) => `insert into public.${name} select * from ${SCHEMAS[to]}.${name}`),
      'commit',
    ].join('; ');
  return {
    place,
    reset: async (to) => {
      rmSync(place.folder, { recursive: true, force: true });
      cpSync(template.folder, place.folder, { recursive: true });
      await owner.all(sqlOf(to));
    },
    open: (whose) => {
      const known = stores.get(whose) ?? openStoreOn(database, clockOf(whose));
      stores.set(whose, known);
      return known;
    },
    raw: async () => owner,
    leave: async () => undefined,
    close: async () => {
      for (const store of stores.values()) await (await store).close();
      await owner.close();
    },
  };
}

function ownerOf({ superuser }: Cluster): Pick<PostgresqlDatabase, 'user' | 'password'> {
  const { user, password } = superuser;
  return { user, password: () => password };
}
