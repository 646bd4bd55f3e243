/**
 * What systemd does with the units of ops/systemd, on a machine where it is installed and does not
 * run: `systemctl start`, `stop`, `restart` and `is-active` run the commands of the units, as their
 * users, with their environment and credentials. Everything else is left to systemd's own program
 * (`enable` makes links), and the sandbox of a unit is not made. The test puts this file, which
 * imports nothing of ours, into the machine under the name of the program.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const UNITS = '/etc/systemd/system';
const RUN = '/run/units';
const CREDENTIALS = '/run/credentials';
const POLL_MS = 50;
const STOP_LIMIT_MS = 30_000;

type Unit = {
  readonly name: string;
  readonly instance: string;
  readonly lines: readonly (readonly [string, string])[];
};

function readUnit(given: string): Unit {
  const name = given.includes('.') ? given : `${given}.service`;
  const [, template, instance = ''] = /^([^@]+@)([^.]*)\.service$/.exec(name) ?? [];
  const file = template === undefined ? name : `${template}.service`;
  const lines = readFileSync(join(UNITS, file), 'utf8')
    .split('\n')
    .flatMap((line) => {
      const [, key, value] = /^(\w+)=(.*)$/.exec(line) ?? [];
      return key === undefined || value === undefined ? [] : [[key, value.replaceAll('%i', instance)] as const];
    });
  return { name, instance, lines };
}

const all = ({ lines }: Unit, key: string): readonly string[] =>
  lines.flatMap(([name, value]) => (name === key ? value.split(' ').filter((word) => word !== '') : []));
const one = (unit: Unit, key: string): string => all(unit, key)[0] ?? '';
const fileOf = ({ name }: Unit, what: string): string => join(RUN, `${name}.${what}`);

function processOf(unit: Unit): number | null {
  if (!existsSync(fileOf(unit, 'pid'))) return null;
  const pid = Number(readFileSync(fileOf(unit, 'pid'), 'utf8'));
  return existsSync(`/proc/${pid}`) ? pid : null;
}

/** The folder of the unit's credentials, as systemd.exec(5) describes it; `null`: it has none. */
function decryptCredentials(unit: Unit): string | null {
  const wanted = all(unit, 'LoadCredentialEncrypted');
  if (wanted.length === 0) return null;
  const folder = join(CREDENTIALS, unit.name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const credential of wanted) {
    const [id = '', path = ''] = credential.split(':');
    execFileSync('systemd-creds', ['decrypt', `--name=${id}`, path, join(folder, id)], { stdio: 'inherit' });
    chmodSync(join(folder, id), 0o400);
  }
  chmodSync(folder, 0o500);
  execFileSync('chown', ['-R', `${one(unit, 'User')}:`, folder]);
  return folder;
}

async function start(unit: Unit): Promise<void> {
  // No timer runs: the test starts what it would start.
  if (unit.name.endsWith('.timer') || processOf(unit) !== null) return;
  mkdirSync(RUN, { recursive: true });
  const credentials = decryptCredentials(unit);
  const groups = [one(unit, 'Group'), ...all(unit, 'SupplementaryGroups')].join(',');
  const as = [`--reuid=${one(unit, 'User')}`, `--regid=${one(unit, 'Group')}`, `--groups=${groups}`];
  const command = all(unit, 'ExecStart');
  const log = openSync(fileOf(unit, 'log'), 'a');
  const environment = Object.fromEntries(
    all(unit, 'Environment').map((entry): [string, string] => {
      const at = entry.indexOf('=');
      return [entry.slice(0, at), entry.slice(at + 1)];
    }),
  );
  process.umask(Number.parseInt(one(unit, 'UMask'), 8));
  const child = spawn('prlimit', ['--core=0', 'setpriv', ...as, '--no-new-privs', '--', ...command], {
    cwd: one(unit, 'WorkingDirectory') || '/',
    detached: true,
    stdio: ['ignore', log, log],
    env: {
      PATH: '/usr/local/bin:/usr/bin:/bin',
      LANG: 'C.UTF-8',
      ...environment,
      ...(credentials === null ? {} : { CREDENTIALS_DIRECTORY: credentials }),
    },
  });
  // systemctl waits for a unit that runs to its end.
  if (one(unit, 'Type') === 'oneshot') {
    const [code] = await once(child, 'exit');
    if (code !== 0) process.exitCode = 1;
    return;
  }
  writeFileSync(fileOf(unit, 'pid'), String(child.pid));
  child.unref();
}

async function stop(unit: Unit): Promise<void> {
  const pid = processOf(unit);
  if (pid === null) return;
  process.kill(pid, 'SIGTERM');
  for (let waited = 0; existsSync(`/proc/${pid}`); waited += POLL_MS) {
    if (waited > STOP_LIMIT_MS) process.kill(-pid, 'SIGKILL');
    await sleep(POLL_MS);
  }
}

/** A target stands for the units that `systemctl enable` has linked to it. */
function membersOf(name: string): readonly Unit[] {
  if (!name.endsWith('.target')) return [readUnit(name)];
  const wants = join(UNITS, `${name}.wants`);
  return readdirSync(wants).map(readUnit);
}

const [verb = '', ...rest] = process.argv.slice(2);
const names = rest.filter((word) => !word.startsWith('-'));
if (!['start', 'stop', 'restart', 'reload', 'is-active'].includes(verb)) {
  execFileSync('/usr/bin/systemctl', [verb, ...rest], { stdio: 'inherit' });
} else {
  for (const name of names) {
    // Debian's own units start what Debian's scripts start.
    if (existsSync(join('/etc/init.d', name))) {
      execFileSync('service', [name, verb === 'is-active' ? 'status' : verb], { stdio: 'inherit' });
      continue;
    }
    for (const unit of membersOf(name)) {
      if (verb === 'is-active') process.exitCode ||= processOf(unit) === null ? 3 : 0;
      if (verb === 'stop' || verb === 'restart') await stop(unit);
      if (verb === 'start' || verb === 'restart') await start(unit);
    }
  }
}
