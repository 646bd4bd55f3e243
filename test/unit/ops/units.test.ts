/** The units of ops/systemd start existing commands with the right users and folders. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Command } from 'commander';
import { ROLE_MAY_REQUEST } from '../../../hsm/wire/permissions.js';
import { registerBackup } from '../../../src/cli/backup/backup.js';
import { registerClient } from '../../../src/cli/client/client.js';
import { registerServe } from '../../../src/cli/serve/serve.js';
import { registerSigner } from '../../../src/cli/signer/signer.js';
import { ROLES } from '../../../src/compose/roles.js';
import { checkConfig } from '../../../src/config/load.js';
import { homePaths } from '../../../src/config/paths.js';
import { packageRoot } from '../../../src/package/package-root.js';
import { SERVICE_NODE_OPTIONS } from '../../support/machine/node-options.js';

const FOLDER = join(packageRoot(), 'ops', 'systemd');
const read = (name: string): string => readFileSync(join(FOLDER, name), 'utf8');

const UNITS = readdirSync(FOLDER).filter((name) => /\.(service|target|timer)$/.test(name));
const DROP_INS = readdirSync(join(FOLDER, 'drop-ins')).map((name) => `drop-ins/${name}`);
const SIGNER = 'pfcng-signer@.service';
const ROLE = 'pfcng@.service';
const CLIENT = 'pfcng-client-renew.service';
const BACKUP = 'pfcng-backup.service';
const TOKENS = [...['fort', 'standard', 'elementaire'].flatMap((one) => [`ca-${one}`, `ocsp-${one}`]), 'platform'];

/**
 * What `systemd-analyze security` of systemd 257 says: 0 is the least that a unit may do. Others
 * may weigh some settings differently.
 */
const EXPOSURE_MAX: Readonly<Record<string, number>> = {
  'pfcng.service': 1.4,
  [ROLE]: 1.4,
  [SIGNER]: 0.9,
  [CLIENT]: 2.4,
  [BACKUP]: 1.4,
};

const isRule = (line: string): boolean => line !== '' && !line.startsWith('#');

/** Returns the values of one setting, in the order of their lines. */
function settings(unit: string, name: string): readonly string[] {
  return read(unit)
    .split('\n')
    .filter((line) => line.startsWith(`${name}=`))
    .map((line) => line.slice(name.length + 1));
}

/** The command that the words name, and its arguments. */
function commandOf(parent: Command, words: readonly string[]): readonly [Command, readonly string[]] {
  const command = parent.commands.find((one) => one.name() === words[0]);
  return command === undefined ? [parent, words] : commandOf(command, words.slice(1));
}

describe('the units of ops/systemd', () => {
  it('start commands and options that exist', () => {
    const program = new Command();
    registerSigner(program);
    registerServe(program);
    registerClient(program);
    registerBackup(program);
    const lines = UNITS.flatMap((unit) => settings(unit, 'ExecStart'));
    assert.equal(lines.length, 5);
    for (const line of lines) {
      const [before = '', after = ''] = line.split('/dist/bin/main.js ');
      assert.match(before, /^\/usr\/bin\/node /);
      const words = [...after.replaceAll('%i', 'ca-fort').matchAll(/"([^"]*)"|(\S+)/g)].map(
        ([, quoted, plain = '']) => quoted ?? plain,
      );
      const [command, rest] = commandOf(program, words);
      assert.notEqual(command, program, line);
      assert.deepEqual(command.parseOptions([...rest]), { operands: [], unknown: [] }, line);
    }
  });

  it('limit the heap of the service as npm start and the tests do', () => {
    const { scripts } = JSON.parse(read('../../package.json')) as { readonly scripts: { readonly start: string } };
    const options = SERVICE_NODE_OPTIONS.join(' ');
    for (const line of [...settings('pfcng.service', 'ExecStart'), ...settings(ROLE, 'ExecStart')])
      assert.ok(line.startsWith(`/usr/bin/node ${options} /`), line);
    assert.ok(read('pfcng').includes(`exec /usr/bin/node ${options} /`));
    assert.ok(scripts.start.startsWith(`node ${options} `), scripts.start);
  });

  it('run the processes of single roles as the whole service, each in the group of its role', () => {
    const others = /^(#|Description=|Conflicts=|ExecStart=|SupplementaryGroups=)/;
    const common = (unit: string) =>
      read(unit)
        .split('\n')
        .filter((line) => !others.test(line));
    assert.deepEqual(common(ROLE), common('pfcng.service'));
    assert.deepEqual(settings(ROLE, 'Conflicts'), ['pfcng.service']);
    assert.deepEqual(settings(ROLE, 'SupplementaryGroups'), ['pfcng-%i']);
    assert.match(settings(ROLE, 'ExecStart').join(), / serve --roles %i$/);
    const callers = new Set(Object.values(ROLES).map(({ calls }) => calls));
    assert.deepEqual([...callers].sort(), Object.keys(ROLE_MAY_REQUEST).sort());
  });

  it('give a signer its PIN as an encrypted credential with the name that it reads, and no PIN in any other way', () => {
    assert.match(settings(SIGNER, 'LoadCredentialEncrypted').join(), /^%i\.pin:\/etc\/credstore\.encrypted\//);
    for (const unit of [...UNITS, ...DROP_INS]) {
      assert.deepEqual([...settings(unit, 'SetCredential'), ...settings(unit, 'EnvironmentFile')], [], unit);
      for (const setting of ['ExecStart', 'Environment', 'PassEnvironment'])
        assert.doesNotMatch(settings(unit, setting).join(' '), /pin/i, unit);
    }
    assert.deepEqual(settings('drop-ins/officer.conf', 'LoadCredentialEncrypted'), ['']);
  });

  it('run the service and each signer as separate users, without core files, swap or new privileges', () => {
    assert.deepEqual(settings(SIGNER, 'User'), ['pfcng-signer-%i']);
    assert.deepEqual(settings('pfcng.service', 'User'), ['pfcng']);
    for (const unit of ['pfcng.service', SIGNER]) {
      for (const line of [
        'LimitCORE=0',
        'MemorySwapMax=0',
        'NoNewPrivileges=yes',
        'ProtectSystem=strict',
        'UMask=0027',
      ])
        assert.ok(read(unit).split('\n').includes(line), `${unit} ${line}`);
      assert.deepEqual(settings(unit, 'MemoryDenyWriteExecute'), [], 'V8 could not run');
    }
    assert.deepEqual(settings(SIGNER, 'SupplementaryGroups'), [], 'no signer may ask another');
  });

  it('create users and folders for each token, and socket folders for the permitted caller roles only', () => {
    const paths = homePaths('/var/lib/pfcng', '/run/pfcng-signers');
    const users = read('pfcng.sysusers.conf');
    const folders = read('pfcng.tmpfiles.conf')
      .split('\n')
      .map((line) => line.split(/\s+/).join(' '));
    const asks = { ca: ['api', 'worker'], ocsp: ['responder'], platform: ['api', 'worker'] } as const;
    for (const token of TOKENS) {
      const user = `pfcng-signer-${token}`;
      assert.ok(user.length <= 31, 'as long as a user’s name may be');
      assert.match(users, new RegExp(`^u ${user} `, 'm'));
      assert.ok(folders.includes(`d ${join(paths.tokens, token)} 0700 ${user} ${user}`), token);
      assert.ok(folders.includes(`d ${join(paths.signers, token)} 2750 ${user} pfcng`), token);
      assert.ok(folders.includes(`Z ${join(paths.signers, token)} ~2750 ${user} pfcng`), token);
      const roles = asks[token.replace(/-.*/, '') as keyof typeof asks];
      const expected = roles.map((role) => `d ${join(paths.signerSockets, token, role)} 2710 ${user} pfcng-${role}`);
      assert.deepEqual(
        folders.filter((line) => line.startsWith(`d ${join(paths.signerSockets, token)}/`)).sort(),
        [...expected].sort(),
      );
    }
    // a ceremony that took place in the home folder made them as root.
    for (const line of [`d ${paths.run} 0750 pfcng pfcng`, `Z ${paths.crl} ~0755 pfcng pfcng`])
      assert.ok(folders.includes(line), line);
    for (const role of Object.keys(ROLE_MAY_REQUEST)) {
      assert.match(users, new RegExp(`^g pfcng-${role} `, 'm'));
      // The commands of an operator run as the user of the service, not in its unit.
      assert.match(users, new RegExp(`^m pfcng pfcng-${role}$`, 'm'));
    }
  });

  it('create a user and folders for a replica, and nothing else, by the command of ops/signers.md', () => {
    const guide = readFileSync(join(packageRoot(), 'ops', 'signers.md'), 'utf8');
    const program = /sed -n '([^']+)'/.exec(guide)?.[1];
    assert.ok(program);
    const made = (name: string): readonly string[] =>
      execFileSync('sed', ['-n', program, join(FOLDER, name)], { encoding: 'utf8' })
        .split('\n')
        .filter(isRule);
    const ofOriginal = (name: string): readonly string[] =>
      read(name)
        .split('\n')
        .filter((line) => isRule(line) && /ca-fort(?![a-z0-9-])/.test(line));
    for (const name of ['pfcng.sysusers.conf', 'pfcng.tmpfiles.conf']) {
      assert.ok(made(name).length > 0);
      assert.deepEqual(
        made(name),
        ofOriginal(name).map((line) => line.replaceAll('ca-fort', 'ca-fort-b')),
      );
    }
  });

  it('renew the certificate of a machine every day, also after a day without power, in the one folder that they may write', () => {
    const [line = ''] = settings(CLIENT, 'ExecStart');
    const folders = [...line.matchAll(/--(?:cert|key) (\S+)/g)].map(([, file = '']) => dirname(file));
    assert.deepEqual([...new Set(folders)], settings(CLIENT, 'ReadWritePaths'));
    const timer = 'pfcng-client-renew.timer';
    assert.deepEqual(settings(timer, 'OnCalendar'), ['daily']);
    assert.deepEqual(settings(timer, 'Persistent'), ['true']);
    assert.notDeepEqual(settings(timer, 'RandomizedDelaySec'), []);
  });

  it('make a backup each night, also after a night without power, in the one folder that it may write beside the home', () => {
    const folder = settings(BACKUP, 'WorkingDirectory').join();
    assert.deepEqual(settings(BACKUP, 'ReadWritePaths'), [`/var/lib/pfcng ${folder}`]);
    assert.match(read('pfcng.tmpfiles.conf'), new RegExp(`^d ${folder} +0700 pfcng pfcng$`, 'm'));
    assert.deepEqual(settings(BACKUP, 'User'), settings('pfcng.service', 'User'));
    assert.deepEqual(settings('pfcng-backup.timer', 'OnCalendar'), ['*-*-* 01:30:00']);
    assert.deepEqual(settings('pfcng-backup.timer', 'Persistent'), ['true']);
  });

  it('let journald keep the line of each request', () => {
    for (const unit of ['pfcng.service', ROLE])
      assert.deepEqual(settings(unit, 'LogRateLimitIntervalSec'), ['0'], unit);
  });

  it('come with a valid configuration', () => {
    const checked = checkConfig(JSON.parse(read('pfcng.json')), 'pfcng.json');
    assert.ok(checked.ok, JSON.stringify(checked));
    assert.equal(checked.value.signers, 'external');
    assert.deepEqual(settings('pfcng.service', 'SupplementaryGroups'), [
      Object.values(checked.value.signerSockets?.groups ?? {}).join(' '),
    ]);
  });
});

const isThere = (program: string): boolean => spawnSync(program, ['--version']).status === 0;
const itWithAnalyze = isThere('systemd-analyze') ? it : () => undefined;
const canMake = process.geteuid?.() === 0 && isThere('systemd-sysusers') && isThere('systemd-tmpfiles');
const itThatMakes = canMake ? it : () => undefined;

describe('systemd accepts, if it is installed,', () => {
  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'pfcng-units-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  itWithAnalyze('each unit and each drop-in', () => {
    for (const unit of UNITS) copyFileSync(join(FOLDER, unit), join(folder, unit));
    const units = [join(folder, 'pfcng.service')];
    for (const name of ['plain', ...DROP_INS]) {
      const instance = `pfcng-signer@${name.replace(/.*\/|\..*/g, '')}.service`;
      // A template cannot be verified, and the program that it starts may not be installed here.
      writeFileSync(join(folder, instance), read(SIGNER).replaceAll('/usr/bin/node', process.execPath));
      if (name !== 'plain') {
        mkdirSync(join(folder, `${instance}.d`));
        copyFileSync(join(FOLDER, name), join(folder, `${instance}.d`, 'x.conf'));
      }
      units.push(join(folder, instance));
    }
    units.push(join(folder, 'pfcng@api.service'));
    for (const unit of [CLIENT, BACKUP])
      units.push(join(folder, unit), join(folder, unit.replace('.service', '.timer')));
    const started = (unit: string): string => read(unit).replaceAll('/usr/bin/node', process.execPath);
    writeFileSync(join(folder, 'pfcng.service'), started('pfcng.service'));
    writeFileSync(join(folder, 'pfcng@api.service'), started(ROLE));
    for (const unit of [CLIENT, BACKUP]) writeFileSync(join(folder, unit), started(unit));
    const { status, stdout, stderr } = spawnSync('systemd-analyze', ['verify', ...units], {
      encoding: 'utf8',
      env: { ...process.env, SYSTEMD_UNIT_PATH: `${folder}:` },
    });
    const about = (stdout + stderr).split('\n').filter((line) => line.includes('pfcng'));
    assert.deepEqual({ about, status }, { about: [], status: 0 });
  });

  for (const [unit, exposureMax] of Object.entries(EXPOSURE_MAX))
    itWithAnalyze(`the sandbox of ${unit}, with an exposure of at most ${exposureMax} of 10`, () => {
      const file = join(folder, unit.replace('@', '@plain'));
      writeFileSync(file, read(unit));
      const { stdout, stderr } = spawnSync('systemd-analyze', ['security', '--offline=true', '--no-pager', file], {
        encoding: 'utf8',
      });
      const exposure = /Overall exposure level for \S+: ([\d.]+) /.exec(stdout)?.[1];
      assert.ok(exposure !== undefined, stdout + stderr);
      assert.ok(Number(exposure) <= exposureMax, `${unit} has ${exposure}`);
    });

  itThatMakes('the users and folders, with the right owners and modes', () => {
    const root = join(folder, 'root');
    for (const name of ['etc', 'run', 'var/lib/pfcng/authorities', 'var/lib/pfcng/pins'])
      mkdirSync(join(root, name), { recursive: true });
    writeFileSync(join(root, 'etc/passwd'), 'root:x:0:0::/:/bin/sh\n');
    writeFileSync(join(root, 'etc/group'), 'root:x:0:\n');
    writeFileSync(join(root, 'var/lib/pfcng/authorities/aci-fo-pp.cer'), '', { mode: 0o640 });
    const journal = 'var/lib/pfcng/signers/ca-fort/journal.000001.ndjson';
    mkdirSync(join(root, dirname(journal)), { recursive: true, mode: 0o700 });
    writeFileSync(join(root, journal), '', { mode: 0o600 });
    const quiet = { stdio: 'pipe' } as const;
    execFileSync('systemd-sysusers', [`--root=${root}`, join(FOLDER, 'pfcng.sysusers.conf')], quiet);
    execFileSync('systemd-tmpfiles', [`--root=${root}`, '--create', join(FOLDER, 'pfcng.tmpfiles.conf')], quiet);
    const ids = new Map(
      readFileSync(join(root, 'etc/group'), 'utf8')
        .split('\n')
        .map((line) => line.split(':'))
        .map(([name, , id]) => [name, Number(id)]),
    );
    const facts = (path: string) => {
      const { mode, uid, gid } = statSync(join(root, path));
      return { mode: (mode & 0o7777).toString(8), uid, gid };
    };
    const signer = ids.get('pfcng-signer-ca-fort');
    assert.deepEqual(facts('var/lib/pfcng'), { mode: '1771', uid: 0, gid: ids.get('pfcng') });
    assert.deepEqual(facts('var/lib/pfcng/authorities/aci-fo-pp.cer'), { mode: '644', uid: 0, gid: 0 });
    assert.deepEqual(facts('var/lib/pfcng/pins'), { mode: '700', uid: 0, gid: 0 });
    assert.deepEqual(facts('var/lib/pfcng/tokens/ca-fort'), { mode: '700', uid: signer, gid: signer });
    assert.deepEqual(facts('var/lib/pfcng/signers/ca-fort'), { mode: '2750', uid: signer, gid: ids.get('pfcng') });
    // Names of tokens only: the journals are in folders of the signers.
    assert.deepEqual(facts('var/lib/pfcng/signers'), { mode: '751', uid: 0, gid: ids.get('pfcng') });
    // A restored journal, which the service has written.
    assert.deepEqual(facts(journal), { mode: '640', uid: signer, gid: ids.get('pfcng') });
    assert.deepEqual(facts('run/pfcng-signers/ca-fort/api'), { mode: '2710', uid: signer, gid: ids.get('pfcng-api') });
  });
});
