/**
 * Development ceremonies in processes that are killed at any moment, also during calls of the
 * module. `power-cuts.test.ts` kills them at every write.
 */
import assert from 'node:assert/strict';
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { developmentPlanFile } from '../../../src/ceremony-host/session.js';
import type { CeremonyReport } from '../../../src/cli/ceremony/ceremony-process.js';
import { verifyFile } from '../../../src/cli/ceremony/verify.js';
import { performDevelopmentCeremonies } from '../../../src/cli/development/ceremonies.js';
import { developmentHome, temporaryFolder } from '../../support/ceremony/hierarchy.js';
import { CEREMONY_PROGRAM } from '../../support/service/home.js';

const TRANSCRIPT = 'ceremony/fort/transcript.ndjson';
/** Seed of the moments; a failure names its moment. */
const SEED = 20_260_301;

function start(home: string, id = 'fort'): ChildProcess {
  return fork(CEREMONY_PROGRAM, [home, developmentPlanFile(id), 'p-256'], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
}

async function finish(home: string, id = 'fort'): Promise<CeremonyReport> {
  const child = start(home, id);
  const reports: CeremonyReport[] = [];
  child.on('message', (message) => reports.push(message as CeremonyReport));
  await once(child, 'close');
  return reports.at(-1) ?? assert.fail('no report');
}

/** A home folder with the token of the platform, whose CMP keys the other ceremonies certify. */
async function platformHome(prefix: string): Promise<string> {
  const home = await temporaryFolder(prefix);
  const report = await finish(home, 'platform');
  assert.equal(report.kind, 'performed', JSON.stringify(report));
  return home;
}

/** A small generator, so that every run has the same moments. */
function moments(seed: number, count: number): readonly number[] {
  let state = seed;
  return Array.from({ length: count }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state;
  });
}

describe('an interrupted ceremony', () => {
  it('ends with a valid transcript after SIGKILL at many seeded moments', async () => {
    const home = await platformHome('pfcng-kill-');
    let kills = 0;
    for (const moment of moments(SEED, 8)) {
      const child = start(home);
      const closed = once(child, 'close');
      const first = await Promise.race([once(child, 'message'), closed]);
      const through = (first[0] as Partial<CeremonyReport> | null)?.kind === 'performed';
      if (!through) await Promise.race([sleep(moment % 40), closed]);
      if (through || child.exitCode === 0) break;
      child.kill('SIGKILL');
      await closed;
      kills += 1;
    }
    assert.ok(kills >= 5, `killed ${kills} times`);
    const report = await finish(home);
    assert.equal(report.kind, 'performed', JSON.stringify(report));
    const verified = await verifyFile(join(home, TRANSCRIPT));
    assert.ok(verified.ok, verified.ok ? '' : JSON.stringify(verified.error));
    const text = await readFile(join(home, TRANSCRIPT), 'utf8');
    assert.match(text, /"action":"resume"/);
    assert.match(text, /"machine":\{"coreDumps":false,"debugging":false,/);
  });

  it('is resumed by the next start when all its processes were killed', async () => {
    const home = await platformHome('pfcng-stop-');
    const child = start(home);
    await once(child, 'message');
    // The parent disconnects; its child ends by itself.
    child.disconnect();
    await once(child, 'exit');
    const done = await performDevelopmentCeremonies(home, { keyType: 'p-256' });
    assert.ok(done.ok, done.ok ? '' : done.error.lines.join('\n'));
    for (const id of ['fort', 'standard', 'elementaire', 'platform']) {
      const verified = await verifyFile(join(home, 'ceremony', id, 'transcript.ndjson'));
      assert.ok(verified.ok, verified.ok ? '' : JSON.stringify(verified.error));
    }
  });

  it('refuses, names and keeps an output that the ceremony did not make', async () => {
    const made = await developmentHome();
    const home = await platformHome('pfcng-there-');
    await cp(join(made, 'authorities/acr-fo.cer'), join(home, 'authorities/acr-fo.cer'));
    const report = await finish(home);
    assert.equal(report.kind, 'refused');
    assert.match(JSON.stringify(report), /authorities\/acr-fo\.cer exists already/);
    await rm(join(home, 'authorities'), { recursive: true });
    await cp(join(made, 'tokens/ca-fort'), join(home, 'tokens/ca-fort'), { recursive: true });
    assert.match(JSON.stringify(await finish(home)), /tokens\/ca-fort exists already/);
  });

  it('refuses a home of another environment', async () => {
    const home = await temporaryFolder('pfcng-mark-');
    await writeFile(join(home, 'environment.json'), '{"mark":"production"}');
    const report = await finish(home);
    assert.equal(report.kind, 'refused');
    assert.match(JSON.stringify(report), /belongs to the environment production, not development/);
  });

  it('exposes no secret: not in arguments or environment, by core dump, or by a debugger on a signal', async () => {
    const home = await platformHome('pfcng-argv-');
    const limited = ['-c', 'ulimit -c unlimited; exec "$0" "$@"', process.execPath];
    const child = spawn(
      'sh',
      [...limited, '--report-uncaught-exception', CEREMONY_PROGRAM, home, developmentPlanFile('fort'), 'p-256'],
      {
        stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
        cwd: home,
      },
    );
    let output = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    const ended = once(child, 'close');
    await once(child, 'message');
    // At this point no passphrase has been typed.
    assert.match(await readFile(`/proc/${child.pid}/limits`, 'utf8'), /^Max core file size\s+0\s/m);
    child.kill('SIGUSR1');
    // At this point the token of the CAs exists, with a PIN from a file, and the root's token was
    // open, with the PIN of the officers' shares.
    await new Promise<void>((resolve) => {
      child.on('message', (message) => {
        const report = message as CeremonyReport;
        if (report.kind === 'progress' && report.event.step >= 3) resolve();
      });
    });
    // The process is stopped, because with fast keys it could end before it is examined.
    child.kill('SIGSTOP');
    const [commandLine, environment] = await Promise.all(
      ['cmdline', 'environ'].map((name) => readFile(`/proc/${child.pid}/${name}`, 'latin1')),
    );
    // No memory of the process would go into a core dump (core(5)). The file exists on Linux only.
    const filter = await readFile(`/proc/${child.pid}/coredump_filter`, 'utf8').catch(() => '0');
    assert.match(filter, /^0+\n?$/);
    child.kill('SIGABRT');
    child.kill('SIGCONT');
    const [, signal] = await ended;
    assert.equal(signal, 'SIGABRT');
    assert.doesNotMatch(output, /Debugger/);
    // A debug report would contain its memory: production refuses that, and development reports it.
    assert.match(await readFile(join(home, TRANSCRIPT), 'utf8'), /"debugging":true/);
    assert.deepEqual(await dumpsIn(home), []);
    // Another process leaves a core dump, if this kernel writes them to files, pipes them to no
    // program, and allows this process to raise its limit.
    const other = spawn('sh', ['-c', 'ulimit -c unlimited && kill -ABRT $$'], { cwd: home, stdio: 'ignore' });
    const [, died] = await once(other, 'close');
    const pattern = await readFile('/proc/sys/kernel/core_pattern', 'utf8').catch(() => '|');
    if (/^core\b/.test(pattern) && died === 'SIGABRT') assert.equal((await dumpsIn(home)).length, 1);
    for (const file of ['pins/ca-fort.pin', 'officers/root-fort/development-officer-1.txt']) {
      const secret = (await readFile(join(home, file), 'utf8')).trimEnd();
      assert.equal(secret.length, 32);
      assert.ok(!commandLine?.includes(secret) && !environment?.includes(secret), file);
    }
  });
});

async function dumpsIn(folder: string): Promise<readonly string[]> {
  return (await readdir(folder)).filter((name) => name.startsWith('core'));
}
