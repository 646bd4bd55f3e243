/**
 * An installation that is made by typing what ops/install.md and then ops/nodes.md say, block by
 * block, on the machines that the block names. Where a program asks, the answers below are typed.
 */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { chmodSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { people } from '../ceremony/guide.js';
import type { Rule } from '../ceremony/typist.js';
import { LATER, laterVersion } from '../later-version.js';
import { createNetwork } from '../machine/network.js';
import { PACKAGE_ROOT } from '../service/home.js';
import { bareDebian } from './debian.js';
import { bareMachine, installedAt, layeredMachine, type Machine, workFolder } from './machine.js';
import { packCheckout, run as runHere } from './package.js';
import type { Block, Place } from './page.js';

export type Installation = {
  /** Types a block on each of its machines; fails with the whole screen if a command fails. */
  readonly type: (block: Block) => Promise<string>;
  /** Runs a command on a machine that the page does not have. */
  readonly look: (place: Place, script: string) => Promise<string>;
  /** Brings the version to which ops/upgrade.md leads: on the stick, or installed on layers. */
  readonly addLaterVersion: () => Promise<void>;
  /** Adds the machines of ops/nodes.md, on one network with the server. */
  readonly addMachines: () => Promise<void>;
  /** What happens to a machine whose plug is pulled: every process is killed. */
  readonly pullPlug: (place: Place) => Promise<void>;
  readonly close: () => Promise<void>;
};

const ADDED = ['node-2', 'node-3', 'database-1', 'database-2', 'balancer'] as const;
/** Their records in the DNS, which files on the machines replace. */
const DOMAIN = 'chu-exemple.fr';

/**
 * `bare`: on a bare Debian, for which packages are fetched. Otherwise on layers over the system of
 * the test, which has the packages already, and the blocks that fetch them are not typed.
 */
export async function openInstallation({ bare }: { readonly bare: boolean }): Promise<Installation> {
  const work = workFolder();
  for (const name of ['stick', 'safe']) mkdirSync(join(work, name));
  const network = await createNetwork();
  const machines = new Map<string, Machine>();
  const addresses = new Map<string, string>();
  const close = async (): Promise<void> => {
    for (const machine of machines.values()) await machine.close();
    await network.close();
    rmSync(work, { recursive: true, force: true });
  };
  const open = async (name: string, isOnNetwork: boolean): Promise<Machine> => {
    const host = isOnNetwork ? await network.addHost(name) : undefined;
    if (host !== undefined) addresses.set(name, host.address);
    const server = machines.get('node-1');
    const machine = bare
      ? await bareMachine({ name, work, host }, (one) => debianOf(one, server))
      : await layeredMachine({ name, work, host });
    machines.set(name, machine);
    await putSystemctl(machine, work);
    return machine;
  };
  const of = (place: Place): Machine => {
    const machine = machines.get(place === 'server' || place === 'client' ? 'node-1' : place);
    assert.ok(machine, `there is no machine ${place}`);
    return machine;
  };
  const run = async (place: Place, script: string, online: boolean): Promise<string> => {
    const { code, seen } = await of(place).type(script, { rules: typed(), online });
    if (code !== 0) {
      const logs = await of(place).type('tail -n 20 /run/units/*.log', { rules: [] });
      assert.fail(`${place}:\n${script}\n${seen}\n${logs.seen}`);
    }
    return seen.replaceAll('\r\n', '\n');
  };
  const makeCluster = async (place: Place): Promise<void> => {
    if (!bare) await run(place, 'pg_createcluster "$(ls /usr/lib/postgresql | sort -n | tail -n 1)" main', false);
  };
  try {
    if (bare) await packRelease(PACKAGE_ROOT, join(work, 'stick'));
    await open('node-1', true);
    await open('ceremony', false);
    await makeCluster('server');
  } catch (error) {
    await close();
    throw error;
  }
  return {
    async type({ places, script, online }) {
      let seen = '';
      for (const place of places) seen += await run(place, script, online);
      return seen;
    },
    look: (place, script) => run(place, script, false),
    async addLaterVersion() {
      const tree = join(work, 'later');
      const modules = join(tree, 'node_modules');
      await laterVersion(tree);
      rmSync(modules);
      if (bare) {
        await runHere('cp', '-a', join(PACKAGE_ROOT, 'node_modules'), modules);
        await packRelease(tree, join(work, 'stick'));
        return;
      }
      mkdirSync(modules);
      const { outside, root } = of('server');
      const folders = [tree, join(root, installedAt(LATER)), join(PACKAGE_ROOT, 'node_modules')];
      await outside('sh', '-c', INSTALL_BESIDE, 'install', ...folders);
    },
    async addMachines() {
      for (const name of ADDED) await open(name, true);
      for (const place of ['database-1', 'database-2'] as const) await makeCluster(place);
      const names = [...addresses].map(([name, address]) => `${address} ${name} ${name}.${DOMAIN}`);
      const lines = [...names, `${addresses.get('database-1')} database.${DOMAIN}`];
      for (const place of ['server', ...ADDED] as const)
        await run(place, `cat >> /etc/hosts <<'END'\n${lines.join('\n')}\nEND`, false);
    },
    pullPlug: (place) => of(place).close(),
    close,
  };
}

/** What `npm install --global` makes of a package: of the checkout `$1` with the libraries `$3`. */
const INSTALL_BESIDE = `
set -e
mkdir -p "$2" "$2/../../../bin"
mount --bind "$1" "$2"
mount --bind "$3" "$2/node_modules"
ln -s ../lib/node_modules/pfcng/dist/bin/main.js "$2/../../../bin/pfcng"
`;

/** The values that officers change, by question. */
const CHANGED: ReadonlyMap<string, string> = new Map([
  ['policyOid', '1.2.250.1.213.1.7.1.1'],
  ['durability', 'local'],
]);

/** It opens the keys of officers for backups. */
const BACKUP_PASSPHRASE = 'une phrase pour les sauvegardes';

/** What people type: their passphrases, the codes that the screen shows, and so on. */
function typed(): readonly Rule[] {
  let changed = '';
  return [
    ...people(),
    { when: /Enter PEM pass phrase:$/, type: () => `${BACKUP_PASSPHRASE}\r` },
    { when: /passphrase of \S+: $/, type: () => `${BACKUP_PASSPHRASE}\r` },
    // Officers keep the shipped values, except the example of an identifier, and the second
    // database server, which the page does not have.
    ...[...CHANGED].map(([question, value]) => ({
      when: new RegExp(`environment/${question}[\\s\\S]*q quitter / quit : `),
      type: () => {
        changed = value;
        return 'changer\r';
      },
    })),
    { when: /nouvelle valeur .* : /, type: () => `${changed}\r` },
    { when: /pourquoi \? .* : /, type: () => 'comité de la PC, séance 12\r' },
    { when: /q quitter \/ quit : /, type: () => 'garder\r' },
  ];
}

/** The second machine starts as a copy of the first one, before anything was typed there. */
async function debianOf(machine: Machine, first: Machine | undefined): Promise<void> {
  if (first === undefined) await bareDebian(machine);
  else await machine.outside('cp', '-a', '--one-file-system', first.root, machine.root);
}

/** The program and the name by which the machine finds it before systemd's own. */
async function putSystemctl({ outside, root }: Machine, work: string): Promise<void> {
  const program = join(work, 'systemctl.mjs');
  cpSync(join(PACKAGE_ROOT, 'dist/test/support/install/systemctl.js'), program);
  const script = join(work, 'systemctl');
  writeFileSync(script, '#!/bin/sh\nexec node /usr/local/sbin/systemctl.mjs "$@"\n');
  chmodSync(script, 0o755);
  await outside('cp', program, script, join(root, 'usr/local/sbin'));
}

/** The package of a version on the stick, with its checksum. */
async function packRelease(checkout: string, stick: string): Promise<void> {
  const file = await packCheckout(checkout, stick);
  const sum = createHash('sha256').update(readFileSync(file)).digest('hex');
  writeFileSync(`${file}.sha256`, `${sum}  ${basename(file)}\n`);
}
