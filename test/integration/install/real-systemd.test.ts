/**
 * A real systemd starts the backup from its timer, in the sandbox of its unit. Without this test,
 * a filter or a read-only folder of the unit could stop every backup, and only the alert would say
 * so. systemd is the first process of namespaces and knows no units but these, so that it changes
 * nothing of this machine.
 */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeTwoRecipients } from '../../support/backup/recipients.js';
import {
  configure,
  isNoSocket,
  makeServiceHome,
  PACKAGE_ROOT,
  removeServiceHome,
  type ServiceHome,
} from '../../support/service/home.js';
import { createPreparedService, runPfcng } from '../../support/service/service.js';
import { until } from '../../support/until.js';

const SYSTEMD = '/usr/lib/systemd/systemd';

/** `$1`: the folder of the test, `$2`: the package, `$3`: Node.js, `$4`: a name, `$5`: `INNER`. */
const OUTER = `
set -e
mount --make-rprivate /
mkdir "$1/cgroup"
mount -t cgroup2 cgroup2 "$1/cgroup"
mkdir "$1/cgroup/$4"
echo $$ > "$1/cgroup/$4/cgroup.procs"
exec unshare --cgroup --pid --fork --kill-child --ipc --uts --net bash -c "$5" boot "$1" "$2" "$3"
`;

/** The units that others have are left out, and nothing of the kernel can be changed. */
const INNER = `
set -e
mkdir "$1/written" "$1/work" "$1/root"
mount -t overlay -o "lowerdir=/,upperdir=$1/written,workdir=$1/work" overlay "$1/root"
cd "$1/root"
mount -t proc proc proc
mount --bind proc/sys proc/sys
mount -o remount,bind,ro proc/sys
mount -t tmpfs -o mode=755 tmpfs run
mount -t tmpfs -o mode=1777 tmpfs tmp
mount --rbind /dev dev
mount -t sysfs -o ro sysfs sys
mount -t cgroup2 cgroup2 sys/fs/cgroup
mkdir -p usr/lib/pfcng etc/pfcng var/lib/pfcng var/backups/pfcng
mount --bind "$2" usr/lib/pfcng
[ "$3" = /usr/bin/node ] || { touch usr/bin/node; mount --bind "$3" usr/bin/node; }
cp -r "$1/etc/." etc/pfcng/
cp -r "$1/home/." var/lib/pfcng/
systemd-sysusers --root=. "$2/ops/systemd/pfcng.sysusers.conf"
mount --bind "$1/backups" var/backups/pfcng
chroot . chown -R pfcng: /var/lib/pfcng /var/backups/pfcng
units=etc/systemd/system
rm -rf $units
mkdir -p $units/timers.target.wants $units/pfcng-backup.timer.d $units/pfcng-backup.service.d
cp usr/lib/pfcng/ops/systemd/pfcng-backup.* $units/
ln -s ../pfcng-backup.timer $units/timers.target.wants/
for target in sysinit basic timers network-online shutdown; do
  printf '[Unit]\\nDefaultDependencies=no\\nAllowIsolate=yes\\n' > $units/$target.target
done
printf '[Timer]\\nOnCalendar=\\nOnCalendar=*:*:0/5\\nRandomizedDelaySec=0\\n' > $units/pfcng-backup.timer.d/often.conf
printf '[Service]\\nStandardOutput=append:/var/backups/pfcng/log\\nStandardError=append:/var/backups/pfcng/log\\n' \\
  > $units/pfcng-backup.service.d/log.conf
mkdir old
pivot_root . old
cd /
umount -l old
exec env -i PATH=/usr/sbin:/usr/bin container=pfcng SYSTEMD_UNIT_PATH=/etc/systemd/system \\
  ${SYSTEMD} --unit=timers.target --log-target=null --show-status=no
`;

/** The kernel ends the processes of a namespace a moment after the first one. */
const REMOVE_GROUPS = `
mount -t cgroup2 cgroup2 "$1"
for tries in $(seq 100); do
  find "$1/$2" -depth -type d -exec rmdir {} + && exit 0
  sleep 0.1
done
exit 1
`;

const canRun =
  process.getuid?.() === 0 &&
  existsSync(SYSTEMD) &&
  existsSync('/sys/fs/cgroup') &&
  spawnSync('unshare', ['--mount', '--pid', '--cgroup', '--fork', 'true']).status === 0;

describe('ops/systemd/pfcng-backup.timer', () => {
  let at: ServiceHome;
  let work: string;
  const name = `pfcng-test-${process.pid}`;

  before(async function prepare() {
    if (!canRun) return;
    at = await makeServiceHome('p-256');
    await createPreparedService(at);
    configure(at, { backup: { recipients: await makeTwoRecipients(at.folder) } });
    work = mkdtempSync(join(tmpdir(), 'pfcng-systemd-'));
    for (const folder of ['etc', 'home', 'backups']) mkdirSync(join(work, folder));
    cpSync(at.folder, join(work, 'etc'), { recursive: true });
    cpSync(at.home, join(work, 'home'), { recursive: true, filter: isNoSocket });
    const here = readFileSync(at.configFile, 'utf8');
    const there = here.replaceAll(at.folder, '/etc/pfcng').replaceAll(at.home, '/var/lib/pfcng');
    writeFileSync(join(work, 'etc', 'pfcng.json'), there);
  });
  after(() => {
    if (!canRun) return;
    rmSync(work, { recursive: true, force: true });
    removeServiceHome(at);
  });

  const [title, test] = canRun
    ? ['lets a real systemd make a backup in the sandbox of its unit', makeBackup]
    : ['lets a real systemd make a backup (only root can run it)', undefined];
  it(title, test);

  async function makeBackup(): Promise<void> {
    const args = ['--mount', 'bash', '-c', OUTER, 'outer', work, PACKAGE_ROOT, process.execPath, name, INNER];
    const systemd = spawn('unshare', args, { stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    systemd.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    const ended = once(systemd, 'close');
    const log = join(work, 'backups', 'log');
    const logged = (): string => (existsSync(log) ? readFileSync(log, 'utf8') : '');
    try {
      await until('the timer has made a backup', async () => {
        assert.equal(systemd.exitCode, null, said);
        assert.doesNotMatch(logged(), /^pfcng: /m);
        return /backup written and verified/.test(logged());
      });
    } finally {
      systemd.kill('SIGKILL');
      await ended;
      const removed = spawnSync('unshare', [
        '--mount',
        'bash',
        '-c',
        REMOVE_GROUPS,
        'remove',
        join(work, 'cgroup'),
        name,
      ]);
      assert.equal(removed.status, 0, removed.stderr.toString());
    }
    const [file = ''] = readdirSync(join(work, 'backups')).filter((one) => /^pfcng-development-.*\.cms$/.test(one));
    const key = join(at.folder, 'officer-1.key');
    const verified = await runPfcng(at, 'backup', 'verify', join(work, 'backups', file), '--key', key);
    assert.equal(verified.status, 0, verified.stderr);
    assert.ok(logged().includes(file), logged());
  }
});
