/**
 * Secrets stay where they are used, as seen in /proc for a running service and all its children.
 */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { memoryHolds } from '../support/machine/process-memory.js';
import { assertProblem, type Client, clientOf, type IssuedCertificate } from '../support/service/client.js';
import { configure, makeServiceHome, PROGRAM, removeServiceHome, type ServiceHome } from '../support/service/home.js';
import { bodyOf } from '../support/service/orders.js';
import {
  isSignerChild,
  mapsOf,
  type ProcessFacts,
  spokenSecretsPlaces,
  tokenOf,
} from '../support/service/processes.js';
import {
  type CommandOutcome,
  createPreparedService,
  runPfcng,
  type Service,
  serviceEnvironment,
} from '../support/service/service.js';
import { type SharedService, sharedService } from '../support/service/shared.js';
import { until } from '../support/until.js';

const MODULE = 'libsofthsm2';

describe('secrets of a running service', () => {
  let shared: SharedService;
  let tree: readonly ProcessFacts[];
  let pins: readonly string[];

  before(async function startIt() {
    shared = await sharedService('p-256');
    // Everything was used once, so that all modules loaded on demand are loaded.
    for (const profile of ['fort/cps-signature', 'standard/cpe-signature', 'elementaire/serv-ssl'] as const)
      await shared
        .as('card-management')
        .expect<IssuedCertificate>('POST', '/v1/certificates', { body: bodyOf(profile) });
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

  it('no PIN is in any command line or environment', () => {
    assert.equal(pins.length, 7);
    for (const { pid, commandLine } of tree)
      for (const pin of pins) {
        assert.ok(pin.length >= 8);
        assert.ok(!spokenSecretsPlaces(pid).includes(pin), commandLine.join(' '));
      }
  });

  it('no PIN was written to standard output or to the log', () => {
    for (const pin of pins) assert.ok(!shared.service.said().includes(pin));
  });

  it('PIN files are readable by their owner only, and differ from token to token', () => {
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

  it('and the search finds a PIN in output, in the command line and in the environment', async () => {
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

describe('a PIN that an officer types while the service runs', () => {
  const TOKEN = 'ca-fort';
  let at: ServiceHome;
  let service: Service;
  let cards: Client;
  let pin: string;
  /** All output of this service and of the officers' commands. */
  let said = '';

  before(async function startTwice() {
    at = await makeServiceHome('p-256');
    service = await createPreparedService(at);
    const file = join(at.home, 'pins', `${TOKEN}.pin`);
    pin = readFileSync(file, 'utf8').trim();
    rmSync(file);
    configure(at, { pkcs11: { pins: { tokens: { [TOKEN]: { from: 'officer' } } } } });
    await service.start();
    cards = clientOf(service, 'card-management');
  });
  after(async function stopIt() {
    await cards.close();
    await service.stop();
    removeServiceHome(at);
  });

  const childOf = (token: string) => service.tree().find((one) => isSignerChild(one) && tokenOf(one) === token);
  async function readyz(): Promise<{
    readonly state: string;
    readonly parts: { readonly signers: Readonly<Record<string, string>> };
  }> {
    const answer = await fetch(`${service.urls.operators}/readyz`);
    return (await answer.json()) as Awaited<ReturnType<typeof readyz>>;
  }
  /** Runs `pfcng signer unlock` with typed input; `words`: the command line that runs it. */
  function unlock(typed: string, words: readonly string[] = [process.execPath, PROGRAM, 'signer', 'unlock', TOKEN]) {
    return new Promise<CommandOutcome>((resolve) => {
      const [program = '', ...args] = words;
      const command = spawn(program, args, { stdio: 'pipe', env: serviceEnvironment(at) });
      let stdout = '';
      let stderr = '';
      command.stdout.setEncoding('utf8').on('data', (text: string) => {
        // A terminal that still echoes would show what is typed too soon.
        if (!stdout.includes('PIN of') && (stdout + text).includes('PIN of')) command.stdin.write(typed);
        stdout += text;
      });
      command.stderr.setEncoding('utf8').on('data', (text: string) => {
        stderr += text;
      });
      if (program === process.execPath) command.stdin.end(typed);
      command.once('close', (status) => {
        said += stdout + stderr;
        resolve({ status, stdout, stderr });
      });
    });
  }

  it('starts without that token, and reports the unlock command', async () => {
    assert.match(service.said(), /although some signers are down.*ca-fort/);
    assert.match(service.said(), /unlocks it with: pfcng signer unlock ca-fort/);
    assert.match(service.said(), /"event":"signer-locked".*"run":"pfcng signer unlock ca-fort"/);
    const { state, parts } = await readyz();
    assert.equal(state, 'degraded');
    assert.equal(parts.signers[TOKEN], 'locked');
    const metrics = await (await fetch(`${service.urls.operators}/metrics`)).text();
    assert.match(metrics, /pfcng_signer_state\{token="ca-fort",state="locked"\} 1/);
  });

  it('answers 503 with Retry-After for signatures of that token, and does everything else', async () => {
    const answer = await cards.call('POST', '/v1/certificates', { body: bodyOf('fort/cps-signature') });
    assertProblem(answer, { status: 503, code: 'signer-unavailable' });
    assert.ok(Number(answer.headers['retry-after']) >= 10);
    await cards.expect<IssuedCertificate>('POST', '/v1/certificates', { body: bodyOf('elementaire/org-auth-cli') });
    assert.equal((await fetch(`${service.urls.publication}/CRL/ACI-FO-PP.crl`)).status, 200);
  });

  it('a command that cannot unlock reports why, and what to do', async () => {
    const wrong = await unlock('000000\n');
    assert.equal(wrong.status, 1);
    assert.match(wrong.stderr, /refused: .*CKR_PIN_INCORRECT.*few tries.*still waits/s);
    // A PIN that comes sooner is not tried: integration/hsm/unlock.
    await sleep(3_100);
    const again = await unlock('000000\n');
    assert.match(again.stderr, /has refused this PIN before, so it was not sent/);
    assert.match((await unlock('')).stderr, /nothing was sent/);
    assert.match((await unlock(`${'1'.repeat(256)}\n`)).stderr, /nothing was sent: a PIN has at most 255 bytes/);
    const fromFile = await runPfcng(at, 'signer', 'unlock', 'ca-standard');
    assert.match(fromFile.stderr, /the signer of ca-standard reads its PIN from a file/);
    const unknown = await runPfcng(at, 'signer', 'unlock', 'ca-frot');
    assert.match(unknown.stderr, /no token is named ca-frot: there are ca-fort/);
    await sleep(3_100);
  });

  it('is typed without echo and with correction keys, and then the token signs', async function typeIt() {
    const words = ['script', '-qec', `${process.execPath} ${PROGRAM} signer unlock ${TOKEN}`, '/dev/null'];
    // Without script(1) of util-linux there is no terminal, and standard input is used.
    const hasTerminal = spawnSync('script', ['--version']).status === 0;
    const typed = await (hasTerminal ? unlock(`wrong\x15${pin}é\x7f\r`, words) : unlock(`${pin}\n`));
    assert.match(typed.stdout, /ca-fort is unlocked and can sign/);
    assert.ok(!typed.stdout.includes(pin.slice(0, 4)) && !typed.stdout.includes('wrong'), 'nothing typed is shown');
    await cards.expect<IssuedCertificate>('POST', '/v1/certificates', { body: bodyOf('fort/cps-signature') });
    assert.equal((await readyz()).state, 'ready');
    assert.match((await unlock(`${pin}\n`)).stderr, /no signer waits for the PIN of ca-fort: it is ready, and signs/);
  });

  it('is in no command line, environment, output or log', () => {
    for (const { pid } of service.tree()) assert.ok(!spokenSecretsPlaces(pid).includes(pin));
    assert.ok(!(service.said() + said).includes(pin));
  });

  it('is in the memory of the one process that has the token, and of no other', async function searchMemory() {
    const child = childOf(TOKEN);
    assert.ok(child);
    const holds = memoryHolds(child.pid, pin);
    // Some systems forbid this user to read the memory of its own processes.
    if (holds === null) return;
    assert.equal(holds, true, 'the search finds it where it is');
    for (const { pid, commandLine } of service.tree().filter((one) => one.pid !== child.pid))
      assert.equal(memoryHolds(pid, pin), false, commandLine.join(' '));
  });

  it('is required again when that process has ended', async () => {
    const child = childOf(TOKEN);
    assert.ok(child);
    process.kill(child.pid, 'SIGKILL');
    await until('it is locked', async () => (await readyz()).parts.signers[TOKEN] === 'locked');
    assert.equal((await unlock(`${pin}\r\n`)).status, 0);
    await cards.expect<IssuedCertificate>('POST', '/v1/certificates', { body: bodyOf('fort/cps-signature') });
  });
});
