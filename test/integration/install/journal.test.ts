/**
 * A real journald with the settings of ops/systemd keeps the newest lines of a flood and deletes
 * the oldest. Without this test, a setting that journald ignores could fill the disk, or let it
 * drop the lines of requests.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_ROOT } from '../../support/service/home.js';

const JOURNALD = '/usr/lib/systemd/systemd-journald';
const LINES = 60_000;
const LINE_BYTES = 400;
/** journald keeps at least 8 files of half a megabyte. */
const SIZES = { SystemMaxUse: 16, SystemMaxFileSize: 2 } as const;

/** `$1`: settings, which replace the sizes of ops/systemd; `$2`: the lines to send. */
const FLOOD = `
set -e
mkdir -p /run/systemd /run/log
for folder in /run/systemd /run/log /var/log; do mount -t tmpfs tmpfs $folder; done
mkdir -p /var/log/journal '/run/systemd/journald@pfcng.conf.d'
printf %s "$1" > '/run/systemd/journald@pfcng.conf.d/pfcng.conf'
${JOURNALD} pfcng &
until [ -S /run/systemd/journal.pfcng/stdout ]; do sleep 0.05; done
python3 -c "$2"
journalctl --directory /var/log/journal/*.pfcng --sync > /dev/null 2>&1 || true
until journalctl --directory /var/log/journal/*.pfcng -o cat -n 1 | grep -q '"last"'; do sleep 0.1; done
journalctl --directory /var/log/journal/*.pfcng -o cat > /run/log/seen
kill %1
wait %1 || true
find /var/log/journal -name '*.journal' -printf 'file %s\\n'
printf 'line %s\\n' $(wc -l < /run/log/seen)
tail -n 2 /run/log/seen | cut -c -40
`;

/** What systemd sends first says whose lines these are; then the lines come. */
const SENDER = `
import socket
to = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
to.connect('/run/systemd/journal.pfcng/stdout')
to.sendall(b'pfcng\\n\\n6\\n0\\n0\\n0\\n0\\n')
for n in range(${LINES}):
    to.sendall(('{"event":"http.request","n":%d,"x":"%s"}' % (n, 'x' * ${LINE_BYTES}))[:${LINE_BYTES}].encode() + b'\\n')
to.sendall(b'{"event":"last"}\\n')
`;

const canRun =
  process.getuid?.() === 0 &&
  existsSync(JOURNALD) &&
  spawnSync('unshare', ['--mount', '--pid', '--fork', 'true']).status === 0;

describe('ops/systemd/pfcng.journald.conf', () => {
  const shipped = readFileSync(join(PACKAGE_ROOT, 'ops/systemd/pfcng.journald.conf'), 'utf8');
  const [title, test] = canRun
    ? ['lets journald delete the oldest lines of a flood, and drop none of the newest', flood]
    : ['lets journald delete the oldest lines of a flood (only root can run it)', undefined];

  it(title, test);

  function flood(): void {
    let settings = shipped;
    for (const [name, megabytes] of Object.entries(SIZES)) {
      assert.match(settings, new RegExp(`^${name}=\\d+[MG]$`, 'm'));
      settings = settings.replace(new RegExp(`^${name}=.*$`, 'm'), `${name}=${megabytes}M`);
    }
    // Units have no such limit of their own; a journal of a namespace is given it here.
    settings += 'RateLimitIntervalSec=0\n';
    const flooded = ['--mount', '--pid', '--fork', '--kill-child', 'bash', '-c', FLOOD, 'flood', settings, SENDER];
    const { status, stdout, stderr } = spawnSync('unshare', flooded, { encoding: 'utf8' });
    assert.equal(status, 0, stderr);
    assert.doesNotMatch(stderr, /Unknown|Failed to parse|Suppressed/i);
    const sizes = [...stdout.matchAll(/^file (\d+)$/gm)].map(([, size]) => Number(size));
    const bytes = sizes.reduce((sum, size) => sum + size, 0);
    assert.ok(sizes.length > 1 && bytes <= SIZES.SystemMaxUse * 1024 ** 2, `${sizes.length} files, ${bytes} bytes`);
    const kept = Number(/^line (\d+)$/m.exec(stdout)?.[1]);
    assert.ok(kept > 5_000 && kept < LINES, `${kept} lines`);
    assert.match(stdout, new RegExp(`"n":${LINES - 1},[^\\n]*\\n\\{"event":"last"\\}`));
  }
});
