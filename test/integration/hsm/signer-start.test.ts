import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createSignerClient, type SignerClient } from '../../../hsm/client/client.js';
import { acquireLock } from '../../../hsm/exclusive-lock.js';
import { makeLintToken } from '../../../src/lint/token.js';
import type { IssuerId } from '../../../src/ports/signer.js';
import { tbsCertificate } from '../../support/hsm/der.js';
import { createShim } from '../../support/hsm/shim.js';
import {
  certificateClient,
  ISSUER,
  type LogEvent,
  type MadeToken,
  makeToken,
  PIN,
  type RunningSupervisor,
  removeFolder,
  SOFTHSM_MODULE,
  startSupervisor,
  statusOf,
  supervisorConfiguration,
  temporaryFolder,
} from '../../support/hsm/signers.js';
import { isAlive } from '../../support/service/processes.js';

describe('a signer that cannot start', () => {
  let home: string;
  let made: MadeToken;
  let supervisor: RunningSupervisor | null = null;
  let client: SignerClient;

  before(() => {
    home = temporaryFolder();
    made = makeToken(home, 'ca', [[ISSUER, 'p-256']]);
  });
  after(() => removeFolder(home));
  afterEach(async () => {
    client.close();
    await supervisor?.stop();
    supervisor = null;
  });

  /** Starts it with these changes; why the first child ended. */
  async function reason(changes: Partial<MadeToken['configuration']>): Promise<string> {
    const running = startSupervisor(supervisorConfiguration(home, [{ ...made.configuration, ...changes }]));
    supervisor = running;
    client = certificateClient(home, made);
    return String((await running.event('child-gone')).detail);
  }
  function pinFile(name: string, text: string, mode = 0o400): string {
    const file = join(home, 'pins', name);
    writeFileSync(file, text, { mode });
    chmodSync(file, mode);
    return file;
  }

  it('answers unavailable at once and says why it is down', async () => {
    assert.match(await reason({ tokenLabel: 'pfcng-production-ca-test' }), /not of this environment/);
    const { state } = await statusOf(client, join(home, 'run', 'api', `${made.configuration.name}.sock`));
    assert.equal(state, 'down', 'at its first word');
    const answer = await client.certificate(makeLintToken('certificate', ISSUER, tbsCertificate('01')), 'test/leaf');
    assert(!answer.ok && answer.error.kind === 'signer-unavailable');
    // After its deadline the client would say that there was no answer.
    assert.match(answer.error.detail, /not of this environment/);
  });

  it('is replaced when it takes too long', async () => {
    const shim = createShim(join(home, 'shim'), SOFTHSM_MODULE);
    shim.inject([{ act: 'hang', in: 'C_OpenSession', times: 1 }]);
    const slow = { ...made.configuration, modulePath: shim.modulePath };
    const running = startSupervisor(supervisorConfiguration(home, [slow], { startDeadlineMs: 1_500 }));
    supervisor = running;
    client = createSignerClient({ certificateSockets: new Map(), crlSockets: new Map(), ocspSockets: new Map() });
    assert.match(String((await running.event('child-killed')).why), /not ready after 1500 ms/);
    await running.event('child-ready');
  });

  it('is down after three that ended without a reason, and tried again', async () => {
    const shim = createShim(join(home, 'shim-abort'), SOFTHSM_MODULE);
    shim.inject([{ act: 'abort', in: 'C_OpenSession', times: 0 }]);
    assert.match(await reason({ modulePath: shim.modulePath }), /SIGABRT/);
    const status = () => statusOf(client, join(home, 'run', 'api', `${made.configuration.name}.sock`));
    let now = await status();
    for (; now.state !== 'down'; now = await status()) assert.equal(now.state, 'degraded');
    assert.ok(Number(now.restarts) >= 2, 'the first may have been unlucky');
    shim.clear();
    await supervisor?.event('child-ready');
  });

  it('ends with its supervisor even when its token does not answer', async () => {
    const shim = createShim(join(home, 'shim-hang'), SOFTHSM_MODULE);
    shim.inject([{ act: 'hang', in: 'C_Sign', times: 0 }]);
    const stuck = { ...made.configuration, modulePath: shim.modulePath };
    const running = startSupervisor(supervisorConfiguration(home, [stuck]));
    client = createSignerClient({ certificateSockets: new Map(), crlSockets: new Map(), ocspSockets: new Map() });
    await running.event('child-started');
    while (shim.applied(0) === 0) await sleep(20);
    running.process.kill('SIGKILL');
    // On a busy machine the first child may have been killed at its deadline and replaced.
    const children = () =>
      running.events.filter(({ event }) => event === 'child-started').map(({ pid }) => Number(pid));
    while (children().some(isAlive)) await sleep(20);
  });

  it('does not open a token that another process has locked, and does when it is released', async () => {
    const lock = await acquireLock(made.configuration.softhsmDirectory, 10_000);
    assert(lock.ok);
    const running = startSupervisor(supervisorConfiguration(home, [made.configuration], { lockWaitMsMax: 100 }));
    supervisor = running;
    client = createSignerClient({ certificateSockets: new Map(), crlSockets: new Map(), ocspSockets: new Map() });
    const { detail } = await running.event('child-gone');
    assert.match(String(detail), new RegExp(`is still open in process ${process.pid} after`));
    lock.value.release();
    await running.event('child-ready');
  });

  it('refuses a PIN file that others can read', async () => {
    assert.match(
      await reason({ pin: { from: 'file', file: pinFile('open.pin', PIN, 0o444) } }),
      /its mode is 0?444; it must be 0400 or 0600/,
    );
  });

  it('tries a refused PIN once, and then another PIN in the file', async () => {
    const file = pinFile('wrong.pin', '000000', 0o600);
    assert.match(await reason({ pin: { from: 'file', file } }), /refused the PIN: CKR_PIN_INCORRECT/);
    const running = supervisor;
    assert(running);
    const seen = running.events.length;
    assert.match(String((await running.event('child-gone', seen)).detail), /it is not tried again/);
    writeFileSync(file, PIN);
    const ready: LogEvent = await running.event('child-ready', running.events.length);
    assert.equal(ready.token, made.configuration.name);
  });

  it('refuses a key that does not match its certificate', async () => {
    const issuers = made.configuration.issuers.map((issuer) => ({ ...issuer, certificateFile: otherCertificate() }));
    assert.match(await reason({ issuers }), /key aci-te-pp: it is not the key of its certificate/);
  });

  function otherCertificate(): string {
    const file = join(home, 'other.cer');
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', join(home, 'other.key')];
    execFileSync('openssl', ['req', '-x509', ...key, '-subj', '/CN=o', '-outform', 'DER', '-out', file], {
      stdio: 'pipe',
    });
    return file;
  }

  it('refuses a key of another type, and a missing key', async () => {
    const [issuer] = made.configuration.issuers;
    assert(issuer);
    assert.match(await reason({ issuers: [{ ...issuer, keyType: 'p-384' }] }), /it is p-256, not p-384/);
    await supervisor?.stop();
    client.close();
    assert.match(await reason({ issuers: [{ ...issuer, id: 'none' as IssuerId }] }), /the token has no key pair none/);
  });

  it('accepts a clone with the label of its original, and of no other token', async () => {
    const { name, tokenLabel } = made.configuration;
    assert.match(
      await reason({ name: `${name}-b`, replicaOf: 'ca-other' }),
      /whose token would be pfcng-development-ca-test-b or pfcng-development-ca-other$/,
    );
    await supervisor?.stop();
    const clone = { ...made.configuration, name: `${name}-b`, replicaOf: name, tokenLabel };
    supervisor = startSupervisor(supervisorConfiguration(home, [clone]));
    await supervisor.event('child-ready');
  });

  it('refuses a clone when one library shows it and its original with one label', async () => {
    const { softhsmDirectory, tokenLabel } = made.configuration;
    const both = join(home, 'tokens', 'both');
    cpSync(softhsmDirectory, both, { recursive: true, filter: (path) => !path.includes('lock.') });
    const SOFTHSM2_CONF = join(both, 'softhsm2.conf');
    writeFileSync(SOFTHSM2_CONF, `directories.tokendir = ${join(both, 'tokens')}\n`);
    const second = ['--init-token', '--free', '--label', tokenLabel, '--pin', PIN, '--so-pin', PIN];
    execFileSync('softhsm2-util', second, { env: { ...process.env, SOFTHSM2_CONF }, stdio: 'pipe' });
    assert.match(await reason({ softhsmDirectory: both }), /shows 2 tokens labelled pfcng-development-ca-test/);
  });

  it('refuses a socket folder that others may enter', async () => {
    const sockets = [{ role: 'api' as const, path: join(home, 'wide', 'x.sock') }];
    mkdirSync(dirname(sockets[0]?.path ?? ''), { mode: 0o755 });
    const running = startSupervisor(supervisorConfiguration(home, [{ ...made.configuration, sockets }]));
    const refused = await running.event('refused');
    assert.equal(refused.kind, 'socket-folder-exposed');
    client = createSignerClient({ certificateSockets: new Map(), crlSockets: new Map(), ocspSockets: new Map() });
  });
});
