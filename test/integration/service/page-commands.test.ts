/**
 * The shell commands of README.md and of the pages for integrators and relying parties, run as they
 * are written against a service. Without this test a reader would be the first to find out that a
 * command does not work any more.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmod, copyFile, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PACKAGE_ROOT, PROGRAM } from '../../support/service/home.js';
import { type SharedService, sharedService } from '../../support/service/shared.js';

type ShellResult = { readonly status: number | null; readonly output: string };

describe('the commands of the pages', () => {
  let shared: SharedService;
  let folder: string;

  before(async () => {
    shared = await sharedService('p-256');
    folder = await mkdtemp(join(tmpdir(), 'pfcng-docs-'));
    await symlink(shared.service.at.home, join(folder, 'var'));
    await writeFile(join(folder, 'npx'), `#!/bin/sh\nshift\nexec '${process.execPath}' '${PROGRAM}' "$@"\n`);
    await chmod(join(folder, 'npx'), 0o755);
  });

  after(async () => {
    await rm(join(shared.service.at.home, 'try'), { recursive: true, force: true });
    await rm(folder, { recursive: true, force: true });
  });

  /**
   * The blocks of a page in their order, with the addresses of this service for those of the
   * development default.
   */
  async function blocksOf(page: string): Promise<readonly string[]> {
    const text = await readFile(join(PACKAGE_ROOT, page), 'utf8');
    const { api, publication } = shared.service.urls;
    return [...text.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block = '']) =>
      block.replaceAll('https://127.0.0.1:8443', api).replaceAll('http://127.0.0.1:8080', publication),
    );
  }

  function run(script: string): Promise<ShellResult> {
    const { home, configFile } = shared.service.at;
    const env = { ...process.env, PATH: `${folder}:${process.env.PATH}`, PFCNG_HOME: home, PFCNG_CONFIG: configFile };
    return new Promise((resolve, reject) => {
      const child = spawn('bash', ['-euo', 'pipefail', '-c', script], {
        cwd: folder,
        env,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const chunks: string[] = [];
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => chunks.push(String(chunk)));
      child.on('error', reject);
      child.on('close', (status) => resolve({ status, output: chunks.join('') }));
    });
  }

  it('README.md starts the service by one command, and goes from a new card to a revoked one', async () => {
    const [start = '', play = '', byHand = '', ...others] = await blocksOf('README.md');
    assert.equal(start, 'npm start\n', '.ci/run starts a clone with it');
    assert.equal(play, 'npx pfcng play\n');
    assert.deepEqual(others, [], 'a new block needs a test');
    const said = await run(byHand);
    assert.equal(said.status, 0, said.output);
    assert.match(said.output, /subject=.*DOCTEUR[\s\S]*authentication\.pem: good[\s\S]*authentication\.pem: revoked/);
    const played = await run(play);
    assert.equal(played.status, 0, played.output);
    assert.match(played.output, /OpenSSL confirmed every step/);
  });

  it('ops/api.md issues a certificate that the commands of ops/relying-parties.md accept', async () => {
    const [request = '', ...others] = await blocksOf('ops/api.md');
    assert.deepEqual(others, [], 'a new block needs a test');
    const issued = await run(request);
    assert.equal(issued.status, 0, issued.output);
    assert.match(issued.output, /subject=.*INSI-MANU/);
    await copyFile(join(folder, 'var/insi.pem'), join(folder, 'cert.pem'));
    const [check = '', ...more] = await blocksOf('ops/relying-parties.md');
    assert.deepEqual(more, [], 'a new block needs a test');
    const said = await run(check);
    assert.equal(said.status, 0, said.output);
    assert.match(said.output, /cert\.pem: OK[\s\S]*cert\.pem: good/);
  });

  it('ops/ocsp.md gets a response with the algorithm that a request prefers', async () => {
    const [request = '', ...others] = await blocksOf('ops/ocsp.md');
    assert.deepEqual(others, [], 'a new block needs a test');
    const said = await run(request);
    assert.equal(said.status, 0, said.output);
    assert.match(said.output, /Signature Algorithm: sha256WithRSAEncryption[\s\S]*cert\.pem: good/);
  });

  it('ops/keys.md shows, blocks and unblocks a key', async () => {
    const [block = '', ...others] = await blocksOf('ops/keys.md');
    assert.deepEqual(others, [], 'a new block needs a test');
    const said = await run(`openssl ecparam -name prime256v1 -genkey -noout -out leaked.pem\n${block}`);
    assert.equal(said.status, 0, said.output);
  });
});
