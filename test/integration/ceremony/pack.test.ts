/** The archive for the root's machine runs there by itself: no network, no npm, no checkout. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { appendFile, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { loadPolicy } from '../../../src/config/policy.js';
import { packageRoot } from '../../../src/package/package-root.js';
import { temporaryFolder } from '../../support/ceremony/hierarchy.js';
import { makeProduction } from '../../support/ceremony/production.js';

const run = promisify(execFile);
const OFFLINE: readonly string[] = process.getuid?.() === 0 ? ['unshare', '-n'] : [];

describe('the packed archive of the root machine', () => {
  it('has a checksum, rehearses offline, writes minutes, and runs nothing after a file was changed', async () => {
    const folder = await temporaryFolder('pfcng-packed-');
    const { config, policies } = await makeProduction(folder);
    const packing = [join(packageRoot(), 'scripts/ceremony/pack.mjs'), folder, '--configuration', config];
    await run(process.execPath, packing);
    const archive = await readFile(join(folder, 'pfcng-ceremony.tar.gz'));
    const checksum = await readFile(join(folder, 'pfcng-ceremony.tar.gz.sha256'), 'utf8');
    assert.equal(checksum, `${createHash('sha256').update(archive).digest('hex')}  pfcng-ceremony.tar.gz\n`);
    await run('tar', ['-xzf', join(folder, 'pfcng-ceremony.tar.gz'), '-C', folder]);
    const unpacked = join(folder, 'pfcng-ceremony');
    const ceremony = (...args: readonly string[]) => {
      const [program = '', ...rest] = [...OFFLINE, join(unpacked, 'ceremony'), ...args];
      // It runs without this checkout: in another folder, and in an environment that has only the
      // path.
      return run(program, rest, { cwd: folder, env: { PATH: process.env.PATH ?? '', HOME: folder, TMPDIR: folder } });
    };
    const [, named = ''] = /: (\S+\.md)/.exec(await readFile(join(unpacked, 'LISEZMOI-README.txt'), 'utf8')) ?? [];
    const guide = join(unpacked, named);
    for (const [, page = ''] of (await readFile(guide, 'utf8')).matchAll(/\]\(([^)#:]+)\)/g))
      assert.ok((await stat(join(dirname(guide), page))).isFile(), page);
    const example = join(unpacked, 'policies/ceremonies/development/platform.json');
    // The folder in which officers have decided also has the lock of their command.
    assert.deepEqual([join(policies, '.decide'), join(unpacked, 'policies/.decide')].map(existsSync), [true, false]);
    // The archive contains the installation's policy, which a production plan names.
    const policy = loadPolicy(policies, 'production');
    assert.ok(policy.ok);
    const { version } = JSON.parse(await readFile(join(packageRoot(), 'package.json'), 'utf8'));
    const software = { name: 'pfcng', version, policyDigest: policy.value.digest };
    const plan = join(folder, 'plan.json');
    const text = JSON.parse(await readFile(example, 'utf8'));
    await writeFile(plan, JSON.stringify({ ...text, environment: 'production', software }));
    const { stdout } = await ceremony('rehearse', '--keep', plan);
    const home = /dossier de la répétition :\s+(\S+)/.exec(stdout)?.[1] ?? assert.fail(stdout);
    assert.match((await ceremony('verify', home)).stdout, /verified; [0-9a-f]{64}\n.* this is a rehearsal: /);
    await ceremony('minutes', join(home, 'ceremony/platform/transcript.ndjson'));
    assert.match(await readFile(join(home, 'ceremony/platform/minutes.pdf'), 'latin1'), /^%PDF-/);
    await appendFile(example, ' ');
    await assert.rejects(ceremony('verify', home), /platform\.json/);
  });
});
