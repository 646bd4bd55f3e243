/** The requirements for a server, and how we connect to it: settings, passwords, TLS. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openStore } from '../../../src/db/open.js';
import type { Store } from '../../../src/ports/store.js';
import { cleanUp, NEW_ID, opened, temporaryFolder, unwrap } from '../../support/db/fixture.js';
import {
  type Cluster,
  createCluster,
  type PostgresqlDatabase,
  PREFIX,
  sweep,
} from '../../support/db/postgresql-cluster.js';
import { AUDIT_ORIGIN, certify, idOf, intent, NOW } from '../../support/db/records.js';
import { insertIntents } from '../../support/db/unaudited.js';
import { freePort } from '../../support/machine/ports.js';
import { canMakeDisks, smallDisk } from '../../support/machine/small-disk.js';

/** Enough for a busy machine. For this time, a server that cannot be reached is tried again. */
const WAIT_MS_MAX = 60_000;

function open(database: PostgresqlDatabase, environmentMark = 'development', waitMsMax = WAIT_MS_MAX) {
  return openStore({
    database,
    environmentMark,
    auditOrigin: AUDIT_ORIGIN,
    newId: NEW_ID,
    clock: () => NOW,
    limits: { waitMsMax },
  });
}

async function refusal(
  database: PostgresqlDatabase,
  ...more: readonly [environmentMark?: string, waitMsMax?: number]
): Promise<string> {
  const outcome = await open(database, ...more);
  if (!outcome.ok) return `${outcome.error.kind}: ${outcome.error.detail}`;
  await outcome.value.close();
  return 'opened';
}

function openssl(folder: string, ...args: readonly string[]): void {
  execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'ignore', 'ignore'] });
}

/** A self-signed certificate for `localhost`. */
function selfSigned(folder: string): { readonly certificate: string; readonly key: string } {
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  openssl(
    folder,
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-keyout',
    'key',
    '-out',
    'crt',
    '-days',
    '2',
    ...names,
  );
  return { certificate: readFileSync(join(folder, 'crt'), 'utf8'), key: readFileSync(join(folder, 'key'), 'utf8') };
}

describe('a PostgreSQL server', () => {
  let cluster: Cluster;
  let database: PostgresqlDatabase;
  let authority: string;

  /**
   * The server's processes that still wait for the rest of a log-in, after enough time to notice
   * that there is none.
   */
  const halfOpen = async (): Promise<readonly string[]> => {
    for (let triesLeft = 3_000; ; triesLeft -= 1) {
      const list = execFileSync('ps', ['-A', '-o', 'ppid=,args='], { encoding: 'utf8' }).split('\n');
      const found = list.filter(
        (line) => Number.parseInt(line, 10) === cluster.processId() && line.endsWith('authentication'),
      );
      if (found.length === 0 || triesLeft === 0) return found;
      await sleep(100);
    }
  };

  /** The value is that of all new connections when it resolves. */
  async function set(setting: string, value: string): Promise<void> {
    await cluster.ask(`alter system set ${setting} = '${value}'`);
    await cluster.ask('select pg_reload_conf()');
    const isSet = async () => (await cluster.ask(`select current_setting('${setting}') as is`))[0]?.is === value;
    while (!(await isSet())) await sleep(20);
  }

  before(async function makeCluster() {
    const { certificate, key } = selfSigned(temporaryFolder());
    authority = certificate;
    const port = await freePort();
    cluster = await createCluster(
      { listen_addresses: 'localhost', port, ssl: 'on' },
      { 'server.crt': certificate, 'server.key': key },
    );
  });
  beforeEach(async () => {
    database = await cluster.create();
  });
  afterEach(cleanUp);
  after(() => cluster.remove());

  it('that does not sync its disk may serve development, and nothing else', async () => {
    for (const setting of ['fsync', 'full_page_writes']) {
      const marked = await cluster.create();
      await set(setting, 'off');
      assert.match(await refusal(marked, 'production'), new RegExp(`database-unfit: ${setting} is off`));
      assert.equal(await refusal(database), 'opened');
      await set(setting, 'on');
      assert.equal(await refusal(marked, 'production'), 'opened');
    }
  });

  it('without a synchronous standby is refused where the policy wants a quorum, and reported when it loses it', async () => {
    const quorum = { database, durability: 'quorum' } as const;
    const standbys = (names: string): Promise<void> => set('synchronous_standby_names', names);
    const local = await opened({ database });
    await assert.rejects(opened(quorum), /database-unfit.*synchronous_standby_names is empty: name a synchronous/);
    await standbys('ANY 1 (paris, lyon)');
    const store = await opened(quorum);
    const faultOf = async (of: Store) => unwrap(await of.read((reads) => reads.durabilityFault()));
    assert.equal(await faultOf(store), null);
    await standbys('');
    // The connections of the store learn of it a moment later.
    while ((await faultOf(store)) === null) await sleep(20);
    assert.match((await faultOf(store)) ?? '', /synchronous_standby_names is empty/);
    assert.equal(await faultOf(local), null);
  });

  it('whose database cannot hold every name is refused', async () => {
    await cluster.ask(
      `create database ascii owner ${database.user} encoding 'SQL_ASCII' lc_collate 'C' lc_ctype 'C' template template0`,
    );
    assert.match(await refusal({ ...database, database: 'ascii' }), /has the encoding SQL_ASCII: create it with UTF8/);
  });

  it('that is not there, or does not know us, is database-unavailable; the password is in no message', async () => {
    const wrong = { ...database, password: () => 'a-wrong-password' };
    const outcomes: readonly (readonly [PostgresqlDatabase, RegExp, number?])[] = [
      [wrong, /refuses the role or its password \(28P01\)/],
      [{ ...database, user: 'nobody_here' }, /refuses the role or its password/],
      [{ ...database, database: 'nothing_here' }, /no such database \(3D000\)/],
      [{ ...database, host: temporaryFolder() }, /cannot be reached \(ENOENT\)/, 300],
      [{ ...database, host: '127.0.0.1', port: await freePort() }, /cannot be reached \(ECONNREFUSED\)/, 300],
    ];
    for (const [place, says, waitMsMax] of outcomes) {
      const said = await refusal(place, 'development', waitMsMax);
      assert.match(said, says);
      assert.doesNotMatch(said, /a-wrong-password/);
    }
  });

  it('gets no password from the environment or from a file of the user’s: only the one it was configured with', async () => {
    const password = database.password?.() ?? '';
    const before = { ...process.env };
    Object.assign(process.env, { PGPASSWORD: password, PGUSER: 'someone', PGDATABASE: 'other', PGSSLMODE: 'require' });
    try {
      assert.match(await refusal({ ...database, password: null }), /refuses the role or its password/);
      assert.deepEqual(await halfOpen(), [], 'a log-in that was given up keeps no place');
      assert.equal(await refusal(database), 'opened');
    } finally {
      for (const name of ['PGPASSWORD', 'PGUSER', 'PGDATABASE', 'PGSSLMODE']) {
        if (before[name] === undefined) delete process.env[name];
        else process.env[name] = before[name];
      }
    }
  });

  it('takes a changed password with the next connection, without a restart', async () => {
    let password = database.password?.() ?? '';
    const store = await opened({ database: { ...database, password: () => password } });
    unwrap(await store.transaction((tx) => certify(tx, intent(1))));
    await cluster.ask(`alter role ${database.user} password 'another'`);
    await cluster.ask(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'pfcng'`);
    const old = password;
    password = 'another';
    unwrap(await store.transaction((tx) => certify(tx, intent(2))));
    await cluster.ask(`alter role ${database.user} password '${old}'`);
  });

  it('over TLS is the one whose authority and name we know', async () => {
    const stranger = selfSigned(temporaryFolder()).certificate;
    const at = (host: string, tls: PostgresqlDatabase['tls']) => refusal({ ...database, host, tls });
    assert.equal(await at('localhost', { ca: authority }), 'opened');
    assert.equal(await at('127.0.0.1', { ca: authority, serverName: 'localhost' }), 'opened');
    assert.match(await at('localhost', { ca: stranger }), /TLS with the server failed/);
    assert.match(
      await at('127.0.0.1', { ca: authority }),
      /TLS with the server failed \(ERR_TLS_CERT_ALTNAME_INVALID\)/,
    );
    assert.match(await at('localhost', { ca: authority, serverName: 'pg.example' }), /TLS with the server failed/);
    await set('ssl', 'off');
    assert.match(await at('localhost', { ca: authority }), /does not speak TLS/);
    await set('ssl', 'on');
  });

  // Only root can make a small disk; for other users this test is skipped.
  const itOnSmallDisk = canMakeDisks ? it : () => {};
  itOnSmallDisk('whose disk is full refuses that transaction and serves on', async function (this: Mocha.Context) {
    const folder = join(cluster.folder, 'small-disk');
    mkdirSync(folder);
    execFileSync('chown', ['--reference', join(cluster.folder, 'data'), folder]);
    const disk = smallDisk(folder, 14);
    try {
      await cluster.ask(`create tablespace small location '${folder}'`);
      await cluster.ask(`create database full_soon owner ${database.user} tablespace small`);
      const store = await opened({ database: { ...database, database: 'full_soon' } });
      unwrap(await store.transaction((tx) => certify(tx, intent(1))));
      unwrap(await store.confirmSpace());
      const noise = Uint8Array.from({ length: 2_000_000 }, (_, at) => (at * at * 2654435761) >>> 13);
      let last = await store.transaction((tx) => insertIntents(tx, [intent(2, { tbs: noise })]));
      for (let number = 3; last.ok && number < 20; number += 1) {
        last = await store.transaction((tx) => insertIntents(tx, [intent(number, { tbs: noise })]));
      }
      assert.ok(!last.ok && /the disk of the server is full \(53100\)/.test(last.error.detail));
      assert.equal(last.error.retryAfterMs, 30_000);
      assert.equal(unwrap(await store.read((reads) => reads.certificateById(idOf(1))))?.state.status, 'issued');
      unwrap(await store.transaction((tx) => tx.setMark('small', 'work')));
      disk.fill();
      const full = await store.confirmSpace();
      assert.ok(!full.ok && full.error.detail === last.error.detail);
      await store.close();
      await cluster.ask('drop database full_soon with (force)');
      await cluster.ask('drop tablespace small');
    } finally {
      disk.remove();
    }
  });

  itOnSmallDisk('left behind by a run that was killed is swept by the next, with the disk that it had', async () => {
    const { pid } = spawnSync('true');
    const folder = mkdtempSync(join(tmpdir(), `${PREFIX}${pid}-`));
    mkdirSync(join(folder, 'small-disk'));
    smallDisk(join(folder, 'small-disk'), 1);
    await sweep();
    assert.equal(existsSync(folder), false);
    assert.equal(existsSync(cluster.folder), true);
  });
});
