/**
 * A primary and its synchronous standby on two hosts of a network, as production has them: TLS, and
 * one address that follows the primary.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { temporaryFolder } from '../ceremony/hierarchy.js';
import type { Host } from '../machine/host.js';
import type { Network } from '../machine/network.js';
import { makeSelfSigned } from '../servers/self-signed.js';
import { createCluster, newServer, type PostgresqlDatabase, type Server } from './postgresql-cluster.js';

type PlacedServer = { readonly server: Server; readonly host: Host };

export type DatabasePair = {
  /** At the address that follows the primary. */
  readonly database: PostgresqlDatabase;
  readonly primary: () => PlacedServer;
  readonly standby: () => PlacedServer;
  /**
   * Makes the standby the primary and gives it the address. It then commits without a standby until
   * `rejoin`.
   */
  readonly promote: () => Promise<void>;
  /** Makes the other server a synchronous standby with a new copy of the data. */
  readonly rejoin: () => Promise<void>;
  readonly remove: () => Promise<void>;
};

const WAIT_MS_MAX = 300_000;
const SERVER_NAME = 'database.test';

const SETTINGS = {
  listen_addresses: '*',
  ssl: 'on',
  // A standby that cannot be reached is noticed in seconds, and found again as fast.
  wal_sender_timeout: '5s',
  wal_receiver_timeout: '5s',
  wal_retrieve_retry_interval: '500ms',
};

const ACCESS = ['local all all', 'host all all all', 'host replication all all'];

export async function createDatabasePair(network: Network): Promise<DatabasePair> {
  const hosts = [await network.addHost('database-1'), await network.addHost('database-2')] as const;
  const folder = await temporaryFolder('pfcng-database-tls-');
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
  const names = ['-addext', `subjectAltName=DNS:${SERVER_NAME}`];
  await makeSelfSigned({ key, certificate, subject: `/CN=${SERVER_NAME}` }, ...names);
  const ca = readFileSync(certificate, 'utf8');
  const files = {
    'server.key': readFileSync(key, 'utf8'),
    'server.crt': ca,
    'pg_hba.conf': ACCESS.map((line) => `${line} scram-sha-256\n`).join(''),
  };
  const first = await createCluster(SETTINGS, files, { host: hosts[0] });
  const { port, user, password } = first.superuser;
  const second = newServer({ port, user, password }, hosts[1]);
  const address = network.newAddress();
  const made = await first.create();
  const database = { ...made, host: address, tls: { ca, serverName: SERVER_NAME } };
  let [primary, standby]: [PlacedServer, PlacedServer] = [
    { server: first, host: hosts[0] },
    { server: second, host: hosts[1] },
  ];

  /** The standby must be written to before each COMMIT is answered. */
  const waitForStandby = async (names: '*' | ''): Promise<void> => {
    await primary.server.ask(`alter system set synchronous_standby_names = '${names}'`);
    await primary.server.ask('select pg_reload_conf()');
  };
  const untilSynchronous = async (): Promise<void> => {
    const end = performance.now() + WAIT_MS_MAX;
    for (;;) {
      const rows = await primary.server.ask(`select 1 from pg_stat_replication where sync_state = 'sync'`);
      if (rows.length > 0) return;
      if (performance.now() > end) throw new Error('the standby does not become synchronous');
      await sleep(50);
    }
  };
  const rejoin = async (): Promise<void> => {
    const { server } = standby;
    if (server.processId() !== null) await server.end('immediate').catch(() => undefined);
    rmSync(server.data, { recursive: true, force: true });
    const from = ['--host', primary.host.address, '--port', String(port), '--username', user];
    const how = ['--wal-method', 'stream', '--checkpoint', 'fast', '--write-recovery-conf', '--no-sync'];
    await server.exec('pg_basebackup', ...from, ...how, '--pgdata', server.data);
    writeFileSync(join(server.data, 'postgresql.conf'), `unix_socket_directories = '${server.folder}'\n`, {
      flag: 'a',
    });
    await server.start();
    // After the copy, so that a promoted standby waits for nobody.
    await waitForStandby('*');
    await untilSynchronous();
  };

  const remove = async (): Promise<void> => {
    await second.end('immediate').catch(() => undefined);
    rmSync(second.folder, { recursive: true, force: true });
    await first.remove();
  };

  network.moveAddress(address, primary.host);
  await rejoin().catch(async (error: unknown) => {
    await remove();
    throw error;
  });
  return {
    database,
    primary: () => primary,
    standby: () => standby,
    async promote() {
      const { server, host } = standby;
      await server.exec('pg_ctl', '--pgdata', server.data, '--wait', 'promote');
      [primary, standby] = [standby, primary];
      network.moveAddress(address, host);
    },
    rejoin,
    remove,
  };
}
