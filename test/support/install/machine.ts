/**
 * A machine of its own, as far as Linux gives one without a hypervisor: namespaces for mounts,
 * processes and network, and a root folder of its own. The first process of its namespaces reads
 * a pipe of the test. When the test ends, in whatever way, the pipe is closed, that process ends,
 * and the kernel ends every other process of the machine and removes its mounts.
 */
import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Rule, type Sitting, sit } from '../ceremony/typist.js';
import type { Host } from '../machine/host.js';
import { networkObstacle } from '../machine/network.js';
import { PACKAGE_ROOT } from '../service/home.js';
import { described } from './package.js';

/** Folders that all machines of a test share: the stick, and the one that is kept in the safe. */
const STICK = '/media/usb';
const SAFE = '/media/safe';
/** Where npm puts the package of a version, and the link to the version in use. */
export const installedAt = (version: string): string => `/opt/pfcng/${version}/lib/node_modules/pfcng`;
const IN_USE = '/usr/lib/pfcng';
const PREFIX = 'pfcng-install-';
const PROGRAMS = [
  'unshare',
  'nsenter',
  'systemd-creds',
  'pg_createcluster',
  'softhsm2-util',
  'curl',
  'jq',
  'haproxy',
  'nginx',
];
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/**
 * SIGCHLD is ignored, so that the kernel removes processes that end without a parent, as the first
 * process of a machine has to.
 */
const FIRST_PROCESS = `
import signal, sys
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
print('begun', flush=True)
sys.stdin.read()
`;

/** The loopback interface of a new network namespace is down. 0x8914 is SIOCSIFFLAGS. */
const LOOPBACK_UP = `
import fcntl, socket, struct
fcntl.ioctl(socket.socket(), 0x8914, struct.pack('16sh', b'lo', 0x49))
`;

/** What the kernel and the sticks give to a root folder, `$1`, and the name of the machine. */
const FURNISH = `
set -e
mkdir -p "$1/proc" "$1/dev" "$1/run" "$1/tmp" "$1${STICK}" "$1${SAFE}"
mount -t proc proc "$1/proc"
mount --rbind /dev "$1/dev"
mount -t tmpfs -o mode=755 tmpfs "$1/run"
mount -t tmpfs -o mode=1777 tmpfs "$1/tmp"
mount --bind "$2" "$1${STICK}"
mount --bind "$3" "$1${SAFE}"
hostname "$4"
`;

/**
 * A copy of the test's own system that costs nothing: what is written goes to memory. The program
 * of this checkout is in its place, and the system's PostgreSQL has no clusters.
 */
const LAYER = `
set -e
mount -t tmpfs -o mode=755,size=4g tmpfs "$1"
mkdir "$1/written" "$1/work" "$1/root"
mount -t overlay -o "lowerdir=/,upperdir=$1/written,workdir=$1/work" overlay "$1/root"
mkdir -p "$1/root$4"
mount --bind "$2" "$1/root$4"
mount -o remount,bind,ro "$1/root$4"
ln -sT "$4" "$1/root${IN_USE}"
[ "$3" = /usr/bin/node ] || { touch "$1/root/usr/bin/node"; mount --bind "$3" "$1/root/usr/bin/node"; }
for folder in /etc/postgresql /var/lib/postgresql; do
  [ ! -d "$1/root$folder" ] || mount -t tmpfs -o mode=755 tmpfs "$1/root$folder"
done
`;

export type Machine = {
  /** The root folder, as the processes of the machine's namespaces see it. */
  readonly root: string;
  /** Runs a script as root at a terminal. `online`: with the network of the test. */
  readonly type: (
    script: string,
    how: { readonly rules: readonly Rule[]; readonly online?: boolean },
  ) => Promise<Sitting>;
  /** Runs a program in the machine's namespaces, with the test's root folder, and waits for it. */
  readonly outside: (program: string, ...args: readonly string[]) => Promise<void>;
  readonly close: () => Promise<void>;
};

/** The folder of a test and what is in it are removed with it, at the latest by the next test. */
export function workFolder(): string {
  for (const name of readdirSync(tmpdir())) {
    const owner = new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1];
    if (owner !== undefined && !existsSync(`/proc/${owner}`)) rmSync(join(tmpdir(), name), { recursive: true });
  }
  return mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`));
}

/** Why there can be no such machine here; `null`: there can. */
export function obstacle(): string | null {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'only root on Linux can make machines';
  if (!existsSync('/etc/debian_version')) return 'the page installs on Debian';
  const missing = PROGRAMS.find((program) => !PATH.split(':').some((folder) => existsSync(join(folder, program))));
  if (missing !== undefined) return `${missing} is not installed`;
  const tried = spawnSync('unshare', ['--mount', '--pid', '--net', '--fork', 'true']);
  return tried.status === 0 ? networkObstacle() : 'this root may not make namespaces';
}

export type MachineOptions = {
  readonly name: string;
  /** The folder of the test, with the folders `stick` and `safe`. */
  readonly work: string;
  /** Where it is on a network; without it, the machine reaches no other one. */
  readonly host?: Host | undefined;
};

/** A machine on which Debian's packages, PostgreSQL and this checkout are installed already. */
export async function layeredMachine(options: MachineOptions): Promise<Machine> {
  const folder = join(options.work, options.name);
  mkdirSync(folder);
  const machine = await openMachine(join(folder, 'root'), options.host);
  const installed = installedAt(described(PACKAGE_ROOT).version);
  await machine.outside('sh', '-c', LAYER, 'layer', folder, PACKAGE_ROOT, process.execPath, installed);
  await furnish(machine, options);
  return machine;
}

/** A machine with nothing but what `debian` writes into its root folder. */
export async function bareMachine(
  options: MachineOptions,
  debian: (machine: Machine) => Promise<void>,
): Promise<Machine> {
  const machine = await openMachine(join(options.work, options.name), options.host);
  await debian(machine);
  await furnish(machine, options);
  return machine;
}

async function furnish({ outside, root }: Machine, { work, name }: MachineOptions): Promise<void> {
  await outside('sh', '-c', FURNISH, 'furnish', root, join(work, 'stick'), join(work, 'safe'), name);
}

async function openMachine(root: string, host: Host | undefined): Promise<Machine> {
  const spaces = ['--mount', '--pid', '--ipc', '--uts', '--fork', '--kill-child', '--mount-proc'];
  const apart = [...(host?.enter() ?? []), 'unshare', ...spaces, ...(host === undefined ? ['--net'] : [])];
  const [begin = '', ...words] = [...apart, 'python3', '-c', FIRST_PROCESS];
  const child = spawn(begin, words, { stdio: ['pipe', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  const first = firstProcessOf(child);
  const inside = ['--mount', '--pid', '--ipc', '--uts', `--target=${first}`];
  const enter = (online: boolean): readonly string[] => ['nsenter', ...inside, ...(online ? [] : ['--net']), '--'];
  const outside = async (program: string, ...args: readonly string[]): Promise<void> => {
    // The network is the test's: this is how packages come.
    const [command = '', ...rest] = [...enter(true), program, ...args];
    const running = spawn(command, rest, { stdio: ['ignore', 'pipe', 'pipe'] });
    let seen = '';
    for (const stream of [running.stdout, running.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        seen += text;
      });
    const [code] = await once(running, 'close');
    assert.equal(code, 0, `${program} ${args.join(' ')}: ${seen}`);
  };
  if (host === undefined) execFileSync('nsenter', [`--net=/proc/${first}/ns/net`, 'python3', '-c', LOOPBACK_UP]);
  return {
    root,
    outside,
    type(script, { rules, online = false }) {
      const environment = { PATH, HOME: '/root', LANG: 'C.UTF-8', TERM: 'dumb', ...(online ? networkSettings() : {}) };
      const named = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
      const shell = ['env', '-i', ...named, 'bash', '-euo', 'pipefail', '-c', `cd\nulimit -c 0\n${script}`];
      return sit([...enter(online), 'chroot', root, ...shell], { rules, env: process.env });
    },
    async close() {
      if (child.exitCode !== null) return;
      const gone = once(child, 'exit');
      child.stdin.end();
      await gone;
    },
  };
}

/**
 * The proxies of this machine; none of them is in the page. npm's own settings are a file of the
 * bare Debian, because npm gives those of the test to every process that it starts.
 */
function networkSettings(): Readonly<Record<string, string>> {
  const named = Object.entries(process.env).flatMap(([name, value]) =>
    value !== undefined && /^(https?|no)_proxy$/i.test(name) ? [[name, value] as const] : [],
  );
  return Object.fromEntries(named);
}

function firstProcessOf({ pid }: ChildProcess): number {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim());
}
