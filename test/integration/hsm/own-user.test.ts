/** Signers with a user of their own: the group of the folder limits who can connect to a socket. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TokenConfiguration } from '../../../hsm/configuration.js';
import { prepareSocketFolder } from '../../../hsm/wire/socket-folder.js';
import type { IssuerId } from '../../../src/ports/signer.js';
import {
  type MadeToken,
  makeToken,
  makeTokenIn,
  type RunningSupervisor,
  removeFolder,
  SOFTHSM_PLACE,
  scriptPath,
  startSupervisor,
  supervisorConfiguration,
  temporaryFolder,
} from '../../support/hsm/signers.js';

/** Ids that no machine uses: systemd and distributions have other ranges. */
const SIGNER = 64_901;
const SERVICE = 64_902;
const API = 64_911;
const WORKER = 64_912;

/** The arguments before a command that runs as this user, in this group only. */
function as(user: number, group: number = user): readonly string[] {
  return ['setpriv', `--reuid=${user}`, `--regid=${group}`, '--clear-groups'];
}

/** Other users cannot write the coverage files, and Node would report that on standard error. */
const { NODE_V8_COVERAGE: _coverage, ...ENVIRONMENT } = process.env;

function run(words: readonly string[]): string {
  const [program = '', ...args] = words;
  const { stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', env: ENVIRONMENT });
  return stdout + stderr;
}

/** Only root can become another user, and other users must be able to read the checkout. */
const canBecomeOthers =
  process.geteuid?.() === 0 && run([...as(SERVICE), process.execPath, '--check', scriptPath('supervisor')]) === '';
const describeAsRoot = canBecomeOthers ? describe : () => undefined;

describeAsRoot('a signer under a user of its own', () => {
  let home: string;
  let sockets: string;
  let made: MadeToken;
  let supervisor: RunningSupervisor | null = null;

  before(function makeIt() {
    home = temporaryFolder();
    made = makeToken(home, 'ca', [['aci-te-pp' as IssuerId, 'p-256']]);
    giveTo(SIGNER, home);
  });
  beforeEach(() => {
    sockets = mkdtempSync(join(tmpdir(), 'pfcng-run-'));
    chmodSync(sockets, 0o711);
  });
  afterEach(async () => {
    await supervisor?.stop();
    supervisor = null;
    removeFolder(sockets);
  });
  after(() => removeFolder(home));

  const socket = (role: string): string => join(sockets, 'ca-test', role, 'socket');
  function configuration(): TokenConfiguration {
    const places = [
      { role: 'api', path: socket('api'), groupId: API },
      { role: 'worker', path: socket('worker'), groupId: WORKER },
    ] as const;
    return { ...made.configuration, sockets: places };
  }
  /**
   * Makes the folders as systemd-tmpfiles does before the start (ops/systemd/pfcng.tmpfiles.conf).
   */
  function makeFolders(mode = 0o2710, apiGroup = API): void {
    mkdirSync(join(sockets, 'ca-test'));
    chmodSync(join(sockets, 'ca-test'), 0o711);
    chownSync(join(sockets, 'ca-test'), SIGNER, SIGNER);
    for (const [role, group] of [
      ['api', apiGroup],
      ['worker', WORKER],
    ] as const) {
      const folder = dirname(socket(role));
      mkdirSync(folder);
      chownSync(folder, SIGNER, group);
      chmodSync(folder, mode);
    }
  }
  function start(): RunningSupervisor {
    const plan = { ...supervisorConfiguration(home, [configuration()]), runDirectory: join(home, 'run') };
    supervisor = startSupervisor(plan, { enter: as(SIGNER) });
    return supervisor;
  }
  /** Returns `connected`, or the code of the error. */
  function reach(role: string, who: readonly string[]): string {
    const script =
      `require('node:net').connect(${JSON.stringify(socket(role))})` +
      `.on('connect', () => { process.stdout.write('connected'); process.exit(); })` +
      `.on('error', (error) => process.stdout.write(error.code))`;
    return run([...who, process.execPath, '-e', script]);
  }

  it('accepts connections of the group of that role only', async () => {
    makeFolders();
    await start().event('child-ready');
    assert.equal(reach('api', as(SERVICE, API)), 'connected');
    assert.equal(reach('worker', as(SERVICE, WORKER)), 'connected');
    assert.equal(reach('api', as(SERVICE, WORKER)), 'EACCES');
    assert.equal(reach('worker', as(SERVICE, API)), 'EACCES');
    assert.equal(reach('api', as(SERVICE)), 'EACCES');
    const { mode, gid, uid } = statSync(socket('api'));
    assert.deepEqual({ mode: mode & 0o777, gid, uid }, { mode: 0o660, gid: API, uid: SIGNER });
  });

  it('is not started when another group, or anybody, could connect', async () => {
    makeFolders(0o2710, WORKER);
    const refused = await start().event('refused');
    assert.equal(refused.detail, `it belongs to group ${WORKER}, not to ${API}`);
    await supervisor?.stop();
    for (const mode of [0o2711, 0o2750, 0o2770, 0o710]) {
      removeFolder(join(sockets, 'ca-test'));
      makeFolders(mode);
      assert.match(String((await start().event('refused')).detail), /it must be 2710/, mode.toString(8));
      await supervisor?.stop();
    }
  });

  it('says that root must make the folder when it cannot give it the group', async () => {
    chownSync(sockets, SIGNER, SIGNER);
    assert.match(String((await start().event('refused')).detail), /cannot give it to group 64911 .*systemd-tmpfiles/);
  });

  it('makes its folders with the right mode, whatever the umask', () => {
    const umask = process.umask(0o077);
    const folder = dirname(socket('api'));
    assert.ok(prepareSocketFolder(folder, API).ok);
    process.umask(umask);
    assert.equal(statSync(folder).mode & 0o7777, 0o2710);
    assert.equal(statSync(folder).gid, API);
    assert.equal(statSync(dirname(folder)).mode & 0o777, 0o711);
  });
});

const describeOnLinux = process.platform === 'linux' ? describe : () => undefined;

describeOnLinux('the memory of a signer', () => {
  let supervisor: RunningSupervisor | null = null;
  const homes: string[] = [];
  const user = canBecomeOthers ? SIGNER : (process.geteuid?.() ?? 0);

  afterEach(async () => {
    await supervisor?.stop();
    supervisor = null;
  });
  after(() => homes.forEach(removeFolder));

  /** Starts a child that waits for its PIN, in the environment with that mark. */
  async function childOf(mark: string): Promise<number> {
    const home = temporaryFolder();
    homes.push(home);
    const made = makeTokenIn({ home, place: SOFTHSM_PLACE, mark }, 'ca', [['aci-te-pp' as IssuerId, 'p-256']]);
    if (canBecomeOthers) giveTo(SIGNER, home);
    const pin = { from: 'officer', socket: join(home, 'run', 'officer', 'unlock') } as const;
    const tokens = [{ ...made.configuration, pin }];
    supervisor = startSupervisor(supervisorConfiguration(home, tokens, { environmentMark: mark }), {
      // Many machines forbid core files for all processes: allow them here as far as possible.
      enter: ['sh', '-c', 'ulimit -S -c "$(ulimit -H -c)" && exec "$@"', 'sh', ...(canBecomeOthers ? as(SIGNER) : [])],
    });
    return (await supervisor.event('signer-locked')).pid ?? 0;
  }
  /** Files of a process that is not dumpable belong to root (proc(5), PR_SET_DUMPABLE). */
  const ownerOfMemory = (pid: number): number => statSync(`/proc/${pid}/mem`).uid;

  it('cannot be read by other processes of its user before a PIN is in it', async () => {
    const pid = await childOf('production');
    assert.equal(ownerOfMemory(pid), 0);
    assert.match(readFileSync(`/proc/${pid}/limits`, 'utf8'), /^Max core file size +0 +0 /m);
    const open =
      `try { require('node:fs').openSync('/proc/${pid}/mem', 'r'); process.stdout.write('opened'); } ` +
      'catch ({ code }) { process.stdout.write(code); }';
    const enter = canBecomeOthers ? as(SIGNER) : [];
    // root can open any file.
    if (user !== 0) assert.match(run([...enter, process.execPath, '-e', open]), /EACCES|EPERM/);
  });

  it('makes no core file, not even in development, where debuggers may attach', async () => {
    const pid = await childOf('development');
    assert.match(readFileSync(`/proc/${pid}/limits`, 'utf8'), /^Max core file size +0 +\S+ /m);
    assert.equal(ownerOfMemory(pid), user);
  });
});

function giveTo(user: number, folder: string): void {
  chownSync(folder, user, user);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) giveTo(user, path);
    else chownSync(path, user, user);
  }
}
