/**
 * `pfcng client renew` as a program that is killed before each of its steps. Without this test a
 * power cut could leave a server with a key that does not belong to its certificate, or use up a
 * certificate that nobody has.
 */
import assert from 'node:assert/strict';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { packageRoot } from '../../../src/package/package-root.js';
import { programPath } from '../../../src/package/program-path.js';
import { startEstServer } from '../../support/client/est-server.js';
import { type RenewalPlace, renewalPlace } from '../../support/client/renewal-place.js';
import type { ProgramOutcome } from '../../support/machine/program-starter.js';
import { runProgram } from '../../support/machine/programs.js';

const PROGRAM = programPath('src/cli/main');
const PRELOAD = pathToFileURL(join(packageRoot(), 'dist/test/support/client/kill-preload.js')).href;

/** It needs neither the home folder nor a configuration, so that neither is there. */
function runRenewal({ folder, options }: RenewalPlace, killedAt: number): Promise<ProgramOutcome> {
  const { url, certificate, key, trust } = options;
  const files = ['--cert', certificate, '--key', key, '--trust', trust];
  const command = ['--exec', `echo ran >> '${join(folder, 'ran.txt')}'`];
  return runProgram({
    program: process.execPath,
    args: [
      '--import',
      `${PRELOAD}?${killedAt}`,
      PROGRAM,
      'client',
      'renew',
      '--url',
      url,
      ...files,
      '--if-within',
      'P90D',
      ...command,
    ],
    env: { PATH: process.env.PATH, PFCNG_HOME: join(folder, 'absent'), PFCNG_CONFIG: join(folder, 'absent.json') },
  });
}

describe('a renewal that is killed', () => {
  it('before any of its steps is completed by the next run, with one certificate and its command', async () => {
    const est = await startEstServer();
    try {
      for (let step = 1, killed = true; killed; step += 1) {
        const place = renewalPlace(est);
        const issuedBefore = est.issued();
        const first = await runRenewal(place, step);
        killed = first.status === null;
        const second = killed ? await runRenewal(place, 0) : first;
        const said = `step ${step}: ${second.stdout}${second.stderr}`;
        assert.equal(second.status, 0, said);
        assert.match(String(second.stdout), /is renewed until/, said);
        const certificate = new X509Certificate(place.read('c.pem'));
        assert.ok(certificate.checkPrivateKey(createPrivateKey(place.read('k.pem'))), said);
        assert.equal(est.issued() - issuedBefore, 1, said);
        assert.match(readFileSync(join(place.folder, 'ran.txt'), 'utf8'), /^(ran\n)+$/, said);
        assert.deepEqual(place.names(), ['c.pem', 'ca.pem', 'k.pem', 'ran.txt'], said);
        place.remove();
        if (!killed) assert.ok(step > 10, `only ${step} steps`);
      }
    } finally {
      await est.close();
    }
  });
});
