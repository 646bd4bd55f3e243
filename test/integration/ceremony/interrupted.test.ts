/** Development ceremonies in processes that are killed: the next start goes on, or starts over, and nothing is made twice. */
import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { verifyFile } from '../../../src/cli/ceremony.js';
import { performDevelopmentCeremonies } from '../../../src/cli/ceremony-development.js';
import type { CeremonyReport } from '../../../src/cli/ceremony-process.js';
import { developmentPlanFile } from '../../../src/cli/ceremony-session.js';
import { developmentHome, temporaryFolder } from '../../support/hierarchy.js';
import { PROGRAM } from '../../support/service-home.js';

const ENTRY = join(dirname(PROGRAM), 'ceremony-process.js');
const TRANSCRIPT = 'ceremony/fort/transcript.ndjson';
/** Seed of the moments; a failure names its moment. */
const SEED = 20_260_301;

function start(home: string): ChildProcess {
  return fork(ENTRY, [home, developmentPlanFile('fort'), 'p-256'], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
}

async function finish(home: string): Promise<CeremonyReport> {
  const child = start(home);
  const reports: CeremonyReport[] = [];
  child.on('message', (message) => reports.push(message as CeremonyReport));
  await once(child, 'close');
  return reports.at(-1) ?? assert.fail('no report');
}

/** A small generator of its own: the same moments at every run. */
function moments(seed: number, count: number): readonly number[] {
  let state = seed;
  return Array.from({ length: count }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state;
  });
}

describe('an interrupted ceremony', function () {
  this.timeout(180_000);

  it('killed with SIGKILL at seeded moments until it is through, ends with a transcript that holds', async () => {
    const home = await temporaryFolder('pfcng-kill-');
    let kills = 0;
    for (const moment of moments(SEED, 14)) {
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
  });

  it('a start that is killed as a whole is taken up by the next one', async () => {
    const home = await temporaryFolder('pfcng-stop-');
    const child = start(home);
    await once(child, 'message');
    // The one who waits is gone; its child ends by itself.
    child.disconnect();
    await once(child, 'exit');
    const done = await performDevelopmentCeremonies(home, { keyType: 'p-256' });
    assert.ok(done.ok, done.ok ? '' : done.error.lines.join('\n'));
    for (const id of ['fort', 'standard', 'elementaire', 'platform']) {
      const verified = await verifyFile(join(home, 'ceremony', id, 'transcript.ndjson'));
      assert.ok(verified.ok, verified.ok ? '' : JSON.stringify(verified.error));
    }
  });

  it('an output that the ceremony did not make is refused, named, and left as it is', async () => {
    const made = await developmentHome();
    const home = await temporaryFolder('pfcng-there-');
    await cp(join(made, 'authorities/acr-fo.cer'), join(home, 'authorities/acr-fo.cer'));
    const report = await finish(home);
    assert.equal(report.kind, 'refused');
    assert.match(JSON.stringify(report), /authorities\/acr-fo\.cer exists already/);
    await rm(join(home, 'authorities'), { recursive: true });
    await cp(join(made, 'tokens/ca-fort'), join(home, 'tokens/ca-fort'), { recursive: true });
    assert.match(JSON.stringify(await finish(home)), /tokens\/ca-fort exists already/);
  });

  it('a home of another environment is refused', async () => {
    const home = await temporaryFolder('pfcng-mark-');
    await writeFile(join(home, 'environment.json'), '{"mark":"production"}');
    const report = await finish(home);
    assert.equal(report.kind, 'refused');
    assert.match(JSON.stringify(report), /belongs to the environment production, not development/);
  });

  it('no PIN or passphrase is in the command line or the environment of its process', async () => {
    const home = await temporaryFolder('pfcng-argv-');
    const child = start(home);
    await once(child, 'message');
    // Held still: with quick keys it could be gone before it is looked at.
    child.kill('SIGSTOP');
    const [commandLine, environment] = await Promise.all(
      ['cmdline', 'environ'].map((name) => readFile(`/proc/${child.pid}/${name}`, 'utf8')),
    );
    // core(5): no memory of it goes into a core dump. Elsewhere than on Linux there is no such file.
    const filter = await readFile(`/proc/${child.pid}/coredump_filter`, 'utf8').catch(() => '0');
    child.kill('SIGCONT');
    await once(child, 'close');
    assert.match(filter, /^0+\n?$/);
    for (const file of ['pins/ca-fort.pin', 'officers/root-fort/development-officer-1.txt']) {
      const secret = (await readFile(join(home, file), 'utf8')).trimEnd();
      assert.equal(secret.length, 32);
      assert.ok(!commandLine?.includes(secret) && !environment?.includes(secret), file);
    }
  });
});
