/**
 * The commands of the guide to renewals, run as they are written, with nginx and a server that
 * answers as RFC 7030 says. Without this test the administrator of a server would be the first to
 * find out that the guide is wrong.
 */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { chmodSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { packageRoot } from '../../../src/package/package-root.js';
import { programPath } from '../../../src/package/program-path.js';
import { startEstServer } from '../../support/client/est-server.js';
import { renewalPlace } from '../../support/client/renewal-place.js';
import { runProgram } from '../../support/machine/programs.js';
import { startNginx } from '../../support/servers/nginx.js';
import { until } from '../../support/until.js';

const PROGRAM = programPath('src/cli/main');
const GUIDE = readFileSync(join(packageRoot(), 'ops/guides/server-renewal.md'), 'utf8');

function blocksOf(language: string): readonly string[] {
  return [...GUIDE.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(
    ([, text = '']) => text,
  );
}

/** SHA-256 of the certificate that a TLS server shows. */
function shownBy(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false }, () => {
      resolve(socket.getPeerCertificate().fingerprint256);
      socket.destroy();
    });
    socket.on('error', reject);
  });
}

describe('the guide to renewals', () => {
  it('renews the certificate of an nginx, which then shows the new one', async () => {
    const est = await startEstServer();
    const place = renewalPlace(est);
    for (const [from, to] of [
      ['c.pem', 'server.pem'],
      ['k.pem', 'server.key'],
      ['ca.pem', 'trust.pem'],
    ] as const)
      renameSync(join(place.folder, from), join(place.folder, to));
    writeFileSync(join(place.folder, 'pfcng'), `#!/bin/sh\nexec '${process.execPath}' '${PROGRAM}' "$@"\n`);
    chmodSync(join(place.folder, 'pfcng'), 0o755);
    const [config = '', ...otherConfigs] = blocksOf('nginx');
    assert.deepEqual(otherConfigs, [], 'a new block needs a test');
    const here = (text: string): string => text.replaceAll('/etc/pfcng-client', place.folder);
    const nginx = await startNginx(() => here(config).trimEnd().split('\n'), true);
    const typed = async (block: string) => {
      const reload = `kill -HUP $(cat ${join(nginx.folder, 'pid')})`;
      const command = here(block).replaceAll('https://pfcng.example.org:8443', est.url);
      const script = command.replace('systemctl reload nginx', reload);
      const args = ['-ec', `PATH="${place.folder}:$PATH"\n${script}`];
      const { status, stdout, stderr } = await runProgram({ program: 'sh', args });
      return { status, output: `${stdout}${stderr}` };
    };
    try {
      const before = await shownBy(nginx.port);
      const [notYet = '', now = '', ...others] = blocksOf('sh');
      assert.deepEqual(others, [], 'a new block needs a test');
      const early = await typed(notYet);
      assert.match(early.output, /will be renewed from/);
      assert.equal(early.status, 0, early.output);
      const renewed = await typed(now);
      assert.equal(renewed.status, 0, renewed.output);
      const expected = new X509Certificate(place.read('server.pem')).fingerprint256;
      assert.notEqual(expected, before);
      await until('nginx shows the new certificate', async () => (await shownBy(nginx.port)) === expected);
    } finally {
      await nginx.stop();
      place.remove();
      await est.close();
    }
  });
});
