/**
 * The soft token of opencryptoki with its own pkcsslotd. Its folders are fixed (/etc, /var/lib,
 * /run, /var/lock), and so is the key of its shared memory. Therefore it runs in a mount namespace
 * with folders of the test, and in an IPC namespace, so that the machine's own pkcsslotd and tokens
 * are not touched. Processes that use the token enter both namespaces.
 */
import { type ChildProcess, execFileSync, fork, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CeremonyToken, CeremonyTokenLocation } from '../../../hsm/pkcs11/ceremony-token.js';
import { TokenError } from '../../../hsm/pkcs11/failures.js';
import type { Implementation } from './implementations.js';
import { type HsmPlace, isAlive, scriptPath } from './signers.js';
import type { TokenAnswer, TokenCall, TokenQuestion } from './token-server.js';

const MODULES = ['/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu', '/usr/lib64', '/usr/lib'].map((folder) =>
  join(folder, 'pkcs11/libopencryptoki.so'),
);
/** The PINs of a new token, which must be changed (opencryptoki, pkcsconf). */
export const MAKERS_SO_PIN = '87654321';
const SLOTS = 10;
const START_MS_MAX = 300_000;

/** Why it cannot run, for the title of a pending test; null: it can. */
export function whyNoOpencryptoki(): string | null {
  if (process.platform !== 'linux') return 'opencryptoki is for Linux';
  if (!MODULES.some((path) => existsSync(path))) return 'opencryptoki is not installed and has no package here';
  if (process.getuid?.() !== 0) return 'pkcsslotd must be started by root';
  const entered = spawnSync('unshare', ['--mount', '--ipc', 'true'], { stdio: 'ignore' });
  return entered.status === 0 ? null : 'this machine gives no mount namespace (CAP_SYS_ADMIN) to root';
}

export type Opencryptoki = {
  readonly implementation: Implementation;
  readonly place: HsmPlace;
  /** Ends pkcsslotd while the token is in use. */
  stopDaemon(): Promise<void>;
  startDaemon(): Promise<void>;
  stop(): Promise<void>;
};

export async function startOpencryptoki(folder: string): Promise<Opencryptoki> {
  const daemon = spawn('unshare', ['--mount', '--ipc', 'sh', '-c', setUp(folder)], {
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  let said = '';
  daemon.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const gone = new Promise<void>((resolve) => daemon.once('exit', () => resolve()));
  const startedAt = performance.now();
  while (!existsSync(join(folder, 'run/pkcsslotd.socket'))) {
    if (daemon.exitCode !== null || performance.now() - startedAt > START_MS_MAX) {
      daemon.kill('SIGKILL');
      throw new Error(`pkcsslotd did not start: ${said}`);
    }
    await sleep(20);
  }
  const enter = ['nsenter', '--target', String(daemon.pid), '--mount', '--ipc'];
  const server = startServer(enter);
  const socket = join(folder, 'run/pkcsslotd.socket');
  const pidFile = join(folder, 'run/pkcsslotd.pid');
  const shell = (script: string): void => {
    const [command = 'nsenter', ...args] = enter;
    execFileSync(command, [...args, 'sh', '-c', script], { stdio: 'ignore' });
  };
  const modulePath = MODULES.find((path) => existsSync(path)) ?? '';
  return {
    place: { modulePath, factorySoPin: MAKERS_SO_PIN, enter },
    implementation: implementation(enter, server),
    async stopDaemon() {
      const pid = Number(readFileSync(pidFile, 'utf8'));
      // pkcsslotd ignores SIGTERM while it has clients.
      process.kill(pid, 'SIGKILL');
      while (isAlive(pid)) await sleep(20);
      for (const path of [socket, pidFile]) rmSync(path, { force: true });
    },
    async startDaemon() {
      shell('pkcsslotd');
      while (!existsSync(socket)) await sleep(20);
    },
    async stop() {
      server.process.kill('SIGKILL');
      daemon.stdin.end();
      await gone;
    },
  };
}

/**
 * A shell script that makes the folders, mounts them for opencryptoki, starts pkcsslotd, and ends
 * it with the test.
 */
function setUp(folder: string): string {
  const slots = Array.from(
    { length: SLOTS },
    (_, at) => `slot ${at}\n{\nstdll = libpkcs11_sw.so\ntokname = t${at}\n}\n`,
  );
  for (const name of ['etc', 'lib', 'run', 'lock', 'log']) mkdirSync(join(folder, name), { recursive: true });
  for (let at = 0; at < SLOTS; at += 1) mkdirSync(join(folder, 'lib', `t${at}`, 'TOK_OBJ'), { recursive: true });
  mkdirSync(join(folder, 'lib', 'HSM_MK_CHANGE'));
  writeFileSync(join(folder, 'etc/opencryptoki.conf'), `version opencryptoki-3.23\n${slots.join('')}`);
  const places = { lib: '/var/lib', run: '/run', lock: '/var/lock', log: '/var/log', etc: '/etc' };
  return [
    'set -e',
    `cp /etc/opencryptoki/strength.conf '${folder}/etc'`,
    `chown -R root:pkcs11 '${folder}'`,
    `find '${folder}' -type d -exec chmod 0770 {} +`,
    `chmod 0640 '${folder}'/etc/*`,
    `chown pkcsslotd '${folder}/run'`,
    `chmod 0711 '${folder}'`,
    ...Object.entries(places).map(
      ([name, place]) => `mkdir -p ${place}/opencryptoki; mount --bind '${folder}/${name}' ${place}/opencryptoki`,
    ),
    'pkcsslotd',
    // Runs until the pipe from the test is closed, which the end of the test's process does too.
    'cat > /dev/null',
    `kill -9 "$(cat '${folder}/run/pkcsslotd.pid')"`,
  ].join('\n');
}

type Server = { readonly process: ChildProcess; ask(question: TokenQuestion): Promise<unknown> };

/**
 * The tests send their calls to this process, because a process loads one PKCS#11 module only, and
 * because this one is in the namespaces.
 */
function startServer(enter: readonly string[]): Server {
  const [command = 'nsenter', ...args] = enter;
  const child = fork(scriptPath('token-server'), {
    execPath: command,
    execArgv: [...args, process.execPath],
    serialization: 'advanced',
  });
  type TokenRequest = { readonly settle: (answer: TokenAnswer) => void; readonly fail: (error: Error) => void };
  const waiting = new Map<number, TokenRequest>();
  let last = 0;
  child.on('message', (answer: TokenAnswer) => {
    waiting.get(answer.id)?.settle(answer);
    waiting.delete(answer.id);
  });
  child.once('exit', (code, signal) => {
    for (const { fail } of waiting.values()) fail(new Error(`the token server ended: ${signal ?? code}`));
  });
  return {
    process: child,
    async ask(question) {
      last += 1;
      const id = last;
      const answer = await new Promise<TokenAnswer>((settle, fail) => {
        waiting.set(id, { settle, fail });
        const call: TokenCall = { id, question };
        child.send(call);
      });
      if (answer.failure) throw new TokenError(answer.failure);
      if (answer.bug !== undefined) throw new Error(answer.bug);
      return answer.value;
    },
  };
}

function implementation(enter: readonly string[], server: Server): Implementation {
  const modulePath = MODULES.find((path) => existsSync(path)) ?? '';
  const proxy = (token: number): CeremonyToken => {
    const call =
      (method: keyof CeremonyToken) =>
      (...args: readonly unknown[]): Promise<never> =>
        // The server calls the method of the same name and type.
        server.ask({ ask: 'call', token, method, args }) as Promise<never>;
    return {
      generateKey: call('generateKey'),
      publicKey: call('publicKey'),
      isTaken: call('isTaken'),
      attributes: call('attributes'),
      sign: call('sign'),
      destroyKey: call('destroyKey'),
      changePin: call('changePin'),
      info: call('info'),
      keys: call('keys'),
      copy: call('copy'),
      close: call('close'),
    };
  };
  const opened = async (question: TokenQuestion): Promise<CeremonyToken> => proxy(Number(await server.ask(question)));
  return {
    modulePath,
    create: (location) => opened({ ask: 'create', location: { ...location, factorySoPin: MAKERS_SO_PIN } }),
    open: (location) => opened({ ask: 'open', location }),
    importKey: (location, label, pem) => importKey(enter, { location, label, pem }),
  };
}

type Import = { readonly location: CeremonyTokenLocation; readonly label: string; readonly pem: string };

function importKey(enter: readonly string[], { location, label, pem }: Import): void {
  const [command = 'nsenter', ...args] = enter;
  const run = (...words: readonly string[]): string =>
    execFileSync(command, [...args, ...words], { stdio: 'pipe' }).toString();
  const slot = /Token #(\d+) Info:\s+Label: (\S+)/g;
  const found = [...run('pkcsconf', '-t').matchAll(slot)].find(([, , name]) => name === location.label);
  const where = ['--slot', found?.[1] ?? '', '--pin', location.pin, '--label', label];
  const id = Buffer.from(label).toString('hex');
  // A signer reads the private half first.
  run('p11sak', 'import-key', 'rsa', 'private', '--file', pem, '--id', id, ...where);
}
