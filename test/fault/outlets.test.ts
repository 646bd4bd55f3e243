/**
 * Outlets that are down, full or half-written: the old CRL stays until a whole new one is there,
 * the other outlets go on, and everything catches up by itself, also after a restart without any
 * memory.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { readPasswordFile } from '../../src/config/password-file.js';
import type { OutletState, OutletSupply } from '../../src/jobs/lists/outlet-updater.js';
import { createOutletDelivery, deliverToOutletsJob, readOutletStates } from '../../src/jobs/lists/outlets.js';
import { createRunner } from '../../src/jobs/runner.js';
import type { Json } from '../../src/kernel/json.js';
import { err, ok } from '../../src/kernel/result.js';
import { crlFileName } from '../../src/policy/publication/addresses.js';
import type { RunId } from '../../src/ports/node.js';
import type { OutletSession, PublishedFile, RemoteOutlet } from '../../src/ports/outlet.js';
import type { Store } from '../../src/ports/store.js';
import { createDirectoryOutlet } from '../../src/publish/directory-outlet.js';
import { createFileOutlet, type FileOutlet } from '../../src/publish/file-outlet.js';
import { createLdapOutlet } from '../../src/publish/ldap-outlet.js';
import { fetchPublic } from '../../src/publish/public-addresses.js';
import { type CrlPublisher, createCrlPublisher } from '../support/crl/world.js';
import { cleanUp, freshDatabase, opened, temporaryFolder, unwrap } from '../support/db/fixture.js';
import { sharedWorldOf } from '../support/job-run.js';
import { canMakeDisks, smallDisk } from '../support/machine/small-disk.js';
import { createSlapd, type Slapd } from '../support/servers/slapd.js';
import { collect, createStatusAuthority, type StatusAuthority } from '../support/status/authority.js';

const WAIT_MS_MAX = 300_000;

/** A node that delivers; `states` has what the database said at the last look of a test. */
type Node = {
  readonly visitSoon: () => void;
  readonly states: () => readonly (OutletState & { readonly name: string })[];
  readonly look: () => Promise<void>;
  readonly stop: () => Promise<void>;
};

describe('outlets', function outlets() {
  this.timeout(2 * WAIT_MS_MAX);
  let authority: StatusAuthority;
  let slapd: Slapd;
  let folder: string;
  let publisher: CrlPublisher;
  let store: Store;
  /** Each test has its own entry, because its CRLs are numbered from 1. */
  let dn: string;
  let entries = 0;
  let logged: { event: string; fields: Readonly<Record<string, Json>> }[];
  const running: Node[] = [];

  before(async () => {
    authority = createStatusAuthority();
    slapd = await createSlapd();
  });
  after(async () => {
    await slapd.remove();
    rmSync(authority.folder, { recursive: true, force: true });
  });
  beforeEach(async () => {
    folder = temporaryFolder();
    for (const one of ['home', 'web', 'full']) mkdirSync(join(folder, one));
    publisher = createCrlPublisher(authority, join(folder, 'home'));
    store = await opened({ database: await freshDatabase('sqlite'), clock: Date.now });
    entries += 1;
    dn = `cn=TEST%20AC%20${entries},ou=IGC-SANTE%20TEST,o=ASIP-SANTE,c=FR`;
    logged = [];
  });
  afterEach(async () => {
    for (const one of running.splice(0)) await one.stop();
    await cleanUp();
  });

  const name = () => crlFileName(authority.issuer.id);
  const published = () => readFileSync(join(folder, 'home', name()));
  const web = (which = 'web') => join(folder, which, 'CRL', name());
  /** null: there is no such file. */
  const current = (which = 'web'): Buffer | null => (existsSync(web(which)) ? readFileSync(web(which)) : null);
  const isPublished = (which?: string): boolean => current(which)?.equals(published()) === true;
  const directory = (which = 'web'): RemoteOutlet =>
    createDirectoryOutlet({ name: which, path: join(folder, which), clock: Date.now });
  const ldap = (): RemoteOutlet => {
    const bind = { dn: slapd.bindDn, password: () => readPasswordFile(slapd.passwordFile) };
    const entry = decodeURIComponent(dn).split(',');
    return createLdapOutlet({ name: 'ldap', server: { url: slapd.url, bind, tls: null }, entryOf: () => entry });
  };
  const inLdap = async (): Promise<Buffer | string> => {
    const got = await fetchPublic(`${slapd.url}/${dn}?certificateRevocationList;binary?base?objectClass=pkiCA`);
    return got.ok ? Buffer.from(await collect(got.value)) : got.error.detail;
  };
  const wanted = async () => {
    const latest = publisher.store.crls.filter(({ state }) => state === 'published').at(-1);
    const items: PublishedFile[] = [];
    if (latest !== undefined) {
      const { issuer, number, sha256, sizeBytes } = latest;
      items.push({ scope: 'full', issuer, fileName: name(), sha256: sha256 ?? '', sizeBytes: sizeBytes ?? 0, number });
    }
    return ok(items);
  };
  async function* publishedIn(home: FileOutlet) {
    const found = await home.published(name());
    if (found.ok && found.value !== null) yield* found.value;
  }
  /** As after a start of the service: the content of the outlets is unknown. */
  const begin = (...remotes: readonly RemoteOutlet[]): Node => {
    const home = createFileOutlet({ directory: join(folder, 'home') });
    const hear = (event: string, fields: Readonly<Record<string, Json>> = {}): void =>
      void logged.push({ event, fields });
    const supplied = remotes.map((outlet): OutletSupply => ({ outlet, source: () => [publishedIn(home)] }));
    const log = { info: hear, warn: hear, error: hear };
    const issuerOf = () => authority.issuer;
    const outlets = createOutletDelivery({ clock: Date.now, published: wanted, log, issuerOf }, supplied);
    const run = String(running.length).padStart(32, '0') as RunId;
    const { random, steadyMs } = sharedWorldOf(store);
    const observer = { ended: () => undefined, leaseCountChanged: () => undefined };
    const runner = createRunner(
      [deliverToOutletsJob],
      { outlets },
      { log, steadyMs, observer, shared: { store, run, random } },
    );
    let states: ReturnType<Node['states']> = [];
    const made: Node = {
      visitSoon: () => {
        for (const one of outlets.names) runner.wake('outlet', one);
      },
      states: () => states,
      look: async () => {
        const found = unwrap(await store.read((reads) => readOutletStates(reads, outlets.names)));
        states = [...found].map(([one, state]) => ({ name: one, ...state }));
      },
      stop: runner.stop,
    };
    running.push(made);
    runner.start();
    made.visitSoon();
    return made;
  };
  const stateOf = (made: Node, which: string) => made.states().find((one) => one.name === which);
  const until = async (what: string, isSo: () => boolean | Promise<boolean>): Promise<void> => {
    const end = performance.now() + WAIT_MS_MAX;
    for (;;) {
      for (const made of running) await made.look();
      if (await isSo()) return;
      assert.ok(performance.now() < end, `${what}: ${JSON.stringify(logged.slice(-5))}`);
      await sleep(50);
    }
  };
  const puts = (outlet: string) =>
    logged.filter(({ event, fields }) => event === 'outlet.published' && fields.outlet === outlet).length;

  it('one that is away holds no other back, is shown, and catches up when it is there again', async () => {
    await publisher.publish();
    const remote = ldap();
    let tries = 0;
    const counted: RemoteOutlet = {
      ...remote,
      open: () => {
        tries += 1;
        return remote.open();
      },
    };
    const made = begin(directory(), counted);
    await until('both are current', () => made.states().every(({ state }) => state === 'current'));
    const old = published();
    await slapd.stop();
    const before = tries;
    await publisher.publish(1);
    made.visitSoon();
    await until('the directory has the new list', () => isPublished());
    await until('the other is seen to be away', () => stateOf(made, 'ldap')?.state === 'down');
    // The connection is reset if a server had accepted it and then ended.
    assert.match(stateOf(made, 'ldap')?.detail ?? '', /ECONN(REFUSED|RESET)/);
    assert.equal(stateOf(made, 'web')?.state, 'current');
    // The log has one line for all attempts.
    await until('it is tried again', () => tries - before >= 3);
    await publisher.publish(2);
    made.visitSoon();
    await until('the directory has the next one too', () => isPublished());
    assert.equal(logged.filter(({ event }) => event === 'outlet.down').length, 1);
    await slapd.start();
    const found = await inLdap();
    assert.ok(Buffer.isBuffer(found) && (found.equals(old) || found.equals(published())), 'a whole list');
    // It catches up without a publication, and without being notified that the outlet is back.
    await until('it has caught up', async () => {
      const now = await inLdap();
      return Buffer.isBuffer(now) && published().equals(now);
    });
    await until('it is shown', () => stateOf(made, 'ldap')?.state === 'current');
    assert.equal(logged.filter(({ event }) => event === 'outlet.back').length, 1);
  });

  it('are compared after a restart: what was missed is brought, what stands is left alone', async () => {
    await publisher.publish();
    const before = begin(directory(), ldap());
    await until('both are current', () => before.states().every(({ state }) => state === 'current'));
    await before.stop();
    await publisher.publish(1);
    logged = [];
    const after = begin(directory(), ldap());
    await until('both have the new list', () => puts('web') === 1 && puts('ldap') === 1);
    assert.deepEqual([current(), await inLdap()], [published(), published()]);
    await after.stop();
    const opened: string[] = [];
    const counted = (remote: RemoteOutlet): RemoteOutlet => ({
      ...remote,
      open: () => {
        opened.push(remote.name);
        return remote.open();
      },
    });
    const third = begin(counted(directory()), counted(ldap()));
    await until('both are visited', () => opened.length >= 2);
    await third.stop();
    assert.deepEqual([puts('web'), puts('ldap')], [1, 1]);
  });

  it('are looked at again: what was lost or spoiled there comes back', async () => {
    await publisher.publish();
    const made = begin(directory());
    await until('it is there', () => stateOf(made, 'web')?.state === 'current');
    await made.stop();
    writeFileSync(web(), 'spoiled');
    const again = begin(directory());
    await until('it is there again', () => isPublished());
    await until('it is current', () => stateOf(again, 'web')?.state === 'current');
  });

  it('a folder that is not there is away, and nothing is made in its place', async () => {
    await publisher.publish();
    rmSync(join(folder, 'web'), { recursive: true });
    const made = begin(directory());
    await until('it is seen', () => stateOf(made, 'web')?.state === 'down');
    assert.equal(existsSync(join(folder, 'web')), false);
    mkdirSync(join(folder, 'web'));
    await until('it is there', () => isPublished());
  });

  it('one that was away is compared anew: what it lost meanwhile comes back', async () => {
    await publisher.publish();
    const outlet = directory();
    let isUnavailable = false;
    const made = begin({
      ...outlet,
      open: async () => (isUnavailable ? err({ kind: 'outlet-unavailable', detail: 'a test' }) : outlet.open()),
    });
    await until('it is there', () => stateOf(made, 'web')?.state === 'current');
    isUnavailable = true;
    made.visitSoon();
    await until('it is away', () => stateOf(made, 'web')?.state === 'down');
    writeFileSync(web(), 'spoiled');
    isUnavailable = false;
    await until('it is there again', () => isPublished());
  });

  it('a publisher that is killed half-way leaves the old list whole, and what it left is swept', async () => {
    await publisher.publish();
    const first = begin(directory());
    await until('it is there', () => stateOf(first, 'web')?.state === 'current');
    await first.stop();
    const old = published();
    await publisher.publish(1_000);
    const entry = fileURLToPath(new URL('./half-publisher.js', import.meta.url));
    const child = spawn(process.execPath, [entry, join(folder, 'web'), name(), join(folder, 'home', name())]);
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'exit');
    const drafts = () => readdirSync(join(folder, 'web', 'CRL')).filter((one) => one.endsWith('.draft'));
    assert.deepEqual(current(), old);
    assert.equal(drafts().length, 1);
    // Two hours later.
    for (const one of drafts()) utimesSync(join(folder, 'web', 'CRL', one), new Date(0), new Date(0));
    const second = begin(directory());
    await until('the new list is there', () => isPublished());
    await until('it is current', () => stateOf(second, 'web')?.state === 'current');
    assert.deepEqual(drafts(), []);
  });

  // Only root can make a small disk; for other users this test is skipped.
  if (canMakeDisks)
    it('one whose disk is full keeps its old list, the others go on, and it catches up when there is room', async () => {
      const disk = smallDisk(join(folder, 'full'), 1);
      try {
        await publisher.publish(1_000);
        const made = begin(directory('full'), directory());
        await until('both are current', () => made.states().every(({ state }) => state === 'current'));
        const old = published();
        disk.fill();
        await publisher.publish(2_000);
        made.visitSoon();
        await until('the other has the new list', () => isPublished());
        await until('it is shown', () => stateOf(made, 'full')?.state === 'down');
        assert.match(stateOf(made, 'full')?.detail ?? '', /ENOSPC/);
        assert.deepEqual(current('full'), old);
        disk.empty();
        await until('it has caught up', () => isPublished('full'));
      } finally {
        for (const one of running.splice(0)) await one.stop();
        disk.remove();
      }
    });

  it('has one publisher at a time, and a directory is not given a list by one that looked before another came', async () => {
    await publisher.publish();
    const outlet = directory();
    let others = 0;
    const watched: RemoteOutlet = {
      ...outlet,
      open: async () => {
        const session = await outlet.open();
        if (!session.ok) return session;
        const put: OutletSession['put'] = async (item, chunks) => {
          const request = { name: 'outlet/web', holder: 'another', durationMs: 1_000 };
          const lease = await store.transaction((tx) => tx.takeLease(request));
          assert.deepEqual(lease, ok(null));
          others += 1;
          return session.value.put(item, chunks);
        };
        return ok({ ...session.value, put });
      },
    };
    const made = begin(watched);
    await until('it is there', () => stateOf(made, 'web')?.state === 'current');
    await made.stop();
    assert.equal(others, 1);
    const [old] = (await wanted()).value;
    assert.ok(old);
    const oldBytes = published();
    const slow = await outlet.open();
    assert.ok(slow.ok);
    await slow.value.current(old);
    await publisher.publish(1);
    const other = begin(directory());
    await until('the newer one is there', () => isPublished());
    await until('it is known', () => stateOf(other, 'web')?.state === 'current');
    async function* chunks() {
      yield oldBytes;
    }
    assert.deepEqual(await slow.value.put(old, chunks()), { ok: false, error: { kind: 'outlet-changed' } });
    assert.deepEqual(current(), published());
  });

  it('two services that publish to one directory take turns, and the last list is the newest', async () => {
    await publisher.publish();
    const both = [begin(directory()), begin(directory())];
    const current = () => both.every((made) => made.states().every(({ state }) => state === 'current'));
    for (let round = 0; round < 10; round += 1) {
      await publisher.publish(round);
      for (const made of both) made.visitSoon();
    }
    await until('the newest list is there', () => isPublished());
    await until('both know it', current);
    // Numbers of the CRLs that were put there, in their order: they never fall.
    const numbers = logged
      .filter(({ event }) => event === 'outlet.published')
      .map(({ fields }) => Number(fields.number));
    assert.deepEqual(
      numbers,
      [...numbers].sort((a, b) => a - b),
    );
  });
});
