/**
 * A PostgreSQL cluster for the run of the tests: made when it is first asked for, under an
 * unprivileged user, in a temporary folder, with a Unix socket and no port. fsync is on. It is
 * stopped and removed after the last test; one that a killed run left behind is swept by the
 * next.
 */
import { execFile, execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import type { DatabaseOptions } from '../../../src/db/open.js';
import { hasCode } from '../../../src/kernel/errors.js';
import { afterLastTest } from '../after-last-test.js';
import type { Host } from '../machine/host.js';
import { type SmallDisk, smallDisk, unmountAllIn } from '../machine/small-disk.js';
import { type Person, unprivileged } from '../machine/unprivileged.js';

export type Cluster = Server & {
  readonly superuser: Pick<PostgresqlDatabase, 'host' | 'port' | 'user'> & { readonly password: string };
  /** The disk of its data and its write-ahead log; null: it has none of its own. */
  readonly disk: SmallDisk | null;
  /** An empty database that belongs to the role of the service, which is no superuser. */
  readonly create: () => Promise<PostgresqlDatabase>;
  /** With all that is in another one, to which nobody may be connected. */
  readonly copy: (database: string) => Promise<PostgresqlDatabase>;
  readonly drop: (database: string) => Promise<void>;
  readonly remove: () => Promise<void>;
};
export type PostgresqlDatabase = Extract<DatabaseOptions, { readonly kind: 'postgresql' }>;

/** Folders of this name are swept when the process of their number is gone. */
export const PREFIX = 'pfcng-postgresql-';
const PORT = 5432;
const SERVICE_ROLE = 'pfcng';
const run = promisify(execFile);

/** As scripts/lib/needs.mjs looks for them: the newest version of Debian's layout, then PATH. */
export function binaries(): string {
  const folders = ['/usr/lib/postgresql', '/usr/libexec', '/opt/homebrew/opt', '/usr/local/opt']
    .filter(existsSync)
    .flatMap((root) =>
      readdirSync(root)
        .sort((a, b) => b.localeCompare(a, 'en', { numeric: true }))
        .map((name) => join(root, name, 'bin')),
    );
  const found = [...folders, ...(process.env.PATH ?? '').split(delimiter), '/usr/libexec/postgresql'].find(
    (folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'pg_ctl')),
  );
  if (found === undefined) throw new Error('initdb is nowhere: install the PostgreSQL server (npm test does)');
  return found;
}

let shared: Promise<Cluster> | null = null;
const users: (() => Promise<void>)[] = [];

export function sharedCluster(): Promise<Cluster> {
  shared ??= createCluster();
  return shared;
}

/** For whoever uses it until the last test: `leave` is called before it ends. */
export function beforeSharedClusterEnds(leave: () => Promise<void>): void {
  users.push(leave);
}

afterLastTest(async () => {
  for (const leave of users) await leave();
  if (shared !== null) await (await shared).remove();
});

type Settings = Readonly<Record<string, string | number>>;

type ClusterPlace = {
  /** Its data and its write-ahead log are on a disk of their own, which only root can make. */
  readonly diskMb?: number;
  /** It runs there, and not on the host of the test. */
  readonly host?: Host;
};

/** A server and its folder, whose data may come from `initdb` or from another server. */
export type Server = {
  readonly folder: string;
  readonly data: string;
  /** As the superuser, in a database or in `postgres`. */
  readonly ask: (sql: string, database?: string) => Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** `kill`: SIGKILL to every process of it at once. */
  readonly end: (how: 'fast' | 'immediate' | 'kill') => Promise<void>;
  readonly start: () => Promise<void>;
  /**
   * The process id of the postmaster, the parent of all other processes. `null`: it is not
   * running.
   */
  readonly processId: () => number | null;
  /** Runs a program of PostgreSQL as the user of the server, on its host. */
  readonly exec: (program: string, ...args: readonly string[]) => Promise<void>;
};

/** A folder for a server that has no data yet. */
export function newServer(superuser: Omit<Cluster['superuser'], 'host'>, host: Host | null): Server {
  const person = unprivileged();
  const bin = binaries();
  const folder = mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`));
  const data = join(folder, 'data');
  mkdirSync(data, { mode: 0o700 });
  for (const made of [folder, data]) own(made, person);
  chmodSync(folder, 0o711);
  const exec: Server['exec'] = async (program, ...args) => {
    const command = [...(host?.enter(person) ?? []), join(bin, program), ...args];
    const env = { PATH: process.env.PATH, LC_ALL: 'C.UTF-8', PGPASSWORD: superuser.password };
    // Only root enters a host, and becomes that user there.
    const user = host === null ? person : {};
    await run(command[0] ?? program, command.slice(1), { ...user, cwd: folder, env });
  };
  return {
    folder,
    data,
    exec,
    ask: async (sql, database = 'postgres') => {
      const client = new pg.Client({ ...superuser, host: folder, database });
      client.on('error', () => undefined);
      await client.connect();
      try {
        const answer = await client.query(sql);
        return answer.rows ?? [];
      } finally {
        await client.end();
      }
    },
    start: () => exec('pg_ctl', '--pgdata', data, '--log', join(folder, 'log'), '--timeout', '60', '--wait', 'start'),
    end: (how) => (how === 'kill' ? killAll(data) : exec('pg_ctl', '--pgdata', data, '--mode', how, '--wait', 'stop')),
    processId: () => postmasterOf(data),
  };
}

function own(path: string, { uid, gid }: Person): void {
  if (uid !== undefined && gid !== undefined) chownSync(path, uid, gid);
}

/**
 * `settings`: lines of postgresql.conf; `files`: written next to it.
 */
export async function createCluster(
  settings: Settings = {},
  files: Readonly<Record<string, string>> = {},
  { diskMb, host }: ClusterPlace = {},
): Promise<Cluster> {
  await sweep();
  const account = {
    port: Number(settings.port ?? PORT),
    user: 'root_of_tests',
    password: randomBytes(12).toString('hex'),
  };
  const { port } = account;
  const server = newServer(account, host ?? null);
  const { folder, data, exec, ask, start, end } = server;
  const superuser = { host: folder, ...account };
  const disk = diskMb === undefined ? null : smallDisk(data, diskMb);
  const passwordFile = join(folder, 'superuser');
  writeFileSync(passwordFile, superuser.password, { mode: 0o644 });
  await exec(
    ...(['initdb', '--pgdata', data, '--username', superuser.user, '--pwfile', passwordFile] as const),
    '--auth',
    'scram-sha-256',
    '--encoding',
    'UTF8',
    '--locale',
    'C.UTF-8',
  );
  const lines = {
    listen_addresses: '',
    port: PORT,
    unix_socket_directories: folder,
    max_connections: 250,
    ...settings,
  };
  const text = Object.entries(lines).map(([name, value]) => `${name} = '${value}'\n`);
  writeFileSync(join(data, 'postgresql.conf'), text.join(''), { flag: 'a' });
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(join(data, name), content, { mode: 0o600 });
    own(join(data, name), unprivileged());
  }
  await start();
  const password = randomBytes(12).toString('hex');
  await ask(`create role ${SERVICE_ROLE} login password '${password}'`);
  let made = 0;
  const create = async (template: string): Promise<PostgresqlDatabase> => {
    made += 1;
    const database = `pfcng_${made}`;
    // Copying files takes two thirds of the time of writing their pages into the log.
    await ask(`create database ${database} owner ${SERVICE_ROLE} template ${template} strategy file_copy`);
    const connection = { host: folder, port, database, user: SERVICE_ROLE, tls: null, connectionsMax: 6 };
    return { kind: 'postgresql', ...connection, password: () => password };
  };
  return {
    ...server,
    disk,
    superuser,
    create: () => create('template1'),
    copy: create,
    drop: async (database) => void (await ask(`drop database ${database} with (force)`)),
    remove: async () => {
      await end('immediate').catch(() => undefined);
      disk?.remove();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** null: it has ended; it may remove the file at any moment. */
function postmasterOf(data: string): number | null {
  try {
    return Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0]);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
}

/** What a power cut does to processes; waits until none is left. */
async function killAll(data: string): Promise<void> {
  const postmaster = postmasterOf(data);
  if (postmaster === null) throw new Error('the cluster does not run');
  const list = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' });
  const pairs = list.split('\n').map((line) => line.trim().split(/\s+/).map(Number));
  const backends = pairs.flatMap(([pid, parent]) => (pid !== undefined && parent === postmaster ? [pid] : []));
  for (const pid of [postmaster, ...backends]) signal(pid, 'SIGKILL');
  while ([postmaster, ...backends].some((pid) => signal(pid, 0))) await sleep(20);
}

function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}

/** What killed runs left. The process's number is in the name of the folder. */
export async function sweep(): Promise<void> {
  const dead = readdirSync(tmpdir()).flatMap((name) => {
    const owner = new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1];
    return owner !== undefined && !signal(Number(owner), 0) ? [join(tmpdir(), name)] : [];
  });
  for (const folder of dead) {
    const postmaster = postmasterOf(join(folder, 'data'));
    // Only what says of itself that it is the server of that folder.
    const said = postmaster === null ? '' : await commandOf(postmaster);
    if (postmaster !== null && said.includes(folder)) signal(postmaster, 'SIGQUIT');
    unmountAllIn(folder);
    rmSync(folder, { recursive: true, force: true });
  }
}

async function commandOf(pid: number): Promise<string> {
  try {
    return (await run('ps', ['-o', 'args=', '-p', String(pid)])).stdout;
  } catch {
    return '';
  }
}
