/** Secrets stay where they are used: read from /proc of a running service and everything under it. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Issued } from '../support/service-client.js';
import { bodyOf } from '../support/service-orders.js';
import {
  isSignerChild,
  mapsOf,
  type ProcessFacts,
  spokenSecretsPlaces,
  tokenOf,
} from '../support/service-processes.js';
import { type SharedService, sharedService } from '../support/service-shared.js';

const MODULE = 'libsofthsm2';

describe('secrets of a running service', () => {
  let shared: SharedService;
  let tree: readonly ProcessFacts[];
  let pins: readonly string[];

  before(async function startIt() {
    this.timeout(120_000);
    shared = await sharedService('p-256');
    // Everything has been used: what is loaded on demand is loaded.
    for (const profile of ['fort/cps-signature', 'standard/cpe-signature', 'elementaire/serv-ssl'] as const)
      await shared.as('card-management').expect<Issued>('POST', '/v1/certificates', { body: bodyOf(profile) });
    tree = shared.service.tree();
    const folder = join(shared.service.at.home, 'pins');
    pins = readdirSync(folder)
      .filter((name) => name.endsWith('.pin'))
      .map((name) => readFileSync(join(folder, name), 'utf8').trim());
  });

  it('one process serves, one supervises, and each token has one of its own', () => {
    const tokens = tree.filter(isSignerChild).map(tokenOf).sort();
    const hierarchies = ['elementaire', 'fort', 'standard'];
    const expected = [...hierarchies.map((one) => `ca-${one}`), ...hierarchies.map((one) => `ocsp-${one}`), 'platform'];
    assert.deepEqual(tokens, expected);
    assert.equal(tree.length, expected.length + 2);
  });

  it('no process but the signers maps the PKCS#11 module, and each signer does', () => {
    for (const one of tree)
      assert.equal(mapsOf(one.pid).includes(MODULE), isSignerChild(one), one.commandLine.join(' '));
  });

  it('no PIN stands in any command line or environment', () => {
    assert.equal(pins.length, 7);
    for (const { pid, commandLine } of tree)
      for (const pin of pins) {
        assert.ok(pin.length >= 8);
        assert.ok(!spokenSecretsPlaces(pid).includes(pin), commandLine.join(' '));
      }
  });

  it('no PIN was said on standard output or in the log', () => {
    for (const pin of pins) assert.ok(!shared.service.said().includes(pin));
  });

  it('PIN files are their owner’s alone, and differ from token to token', () => {
    const folder = join(shared.service.at.home, 'pins');
    for (const name of readdirSync(folder)) assert.equal(statSync(join(folder, name)).mode & 0o077, 0, name);
    assert.equal(new Set(pins).size, pins.length);
  });

  it('the service has no root token: none of its processes has one open, and none is in its tokens', () => {
    const names = readdirSync(join(shared.service.at.home, 'tokens'));
    assert.deepEqual(
      names.filter((name) => name.includes('root')),
      [],
    );
  });

  it('and the search finds a PIN that is said, in the command line and in the environment', async () => {
    const [pin = ''] = pins;
    const idle = 'process.stdout.write("ready"); setInterval(() => {}, 1000)';
    for (const [args, extra] of [
      [[`--title=${pin}`], {}],
      [[], { PIN: pin }],
    ] as const) {
      const child = spawn(process.execPath, ['-e', idle, '--', ...args], {
        stdio: ['ignore', 'pipe', 'ignore'],
        env: { PATH: process.env.PATH, ...extra },
      });
      await once(child.stdout, 'data');
      assert.ok(child.pid !== undefined && spokenSecretsPlaces(child.pid).includes(pin));
      child.kill('SIGKILL');
    }
  });
});
