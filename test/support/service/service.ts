/**
 * The real service as a process: started, asked whether it is ready, stopped, killed, started
 * again on the same home.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { homePaths } from '../../../src/config/paths.js';
import { SERVICE_NODE_OPTIONS } from '../machine/node-options.js';
import { runProgram } from '../machine/programs.js';
import { PROGRAM, type ServiceHome } from './home.js';
import { isAlive, type ProcessFacts, processTree } from './processes.js';

export type Service = {
  readonly at: ServiceHome;
  readonly urls: {
    readonly api: string;
    readonly cmp: string;
    readonly publication: string;
    readonly operators: string;
  };
  /** Resolves when /readyz says 200; the time from spawn to then, in ms. */
  readonly start: () => Promise<number>;
  /** SIGTERM, and waits for the end of the whole tree. */
  readonly stop: () => Promise<void>;
  /** kill -9 of the service alone: what is under it has to notice. */
  readonly killService: () => Promise<void>;
  /** kill -9 of the whole tree at once: what a power cut does to processes. */
  readonly killEverything: () => Promise<void>;
  readonly pid: () => number;
  readonly tree: () => readonly ProcessFacts[];
  /**
   * What it said on standard output and standard error, and then in its log without the lines of
   * requests, since the last start.
   */
  readonly said: () => string;
};

export type CommandOutcome = { readonly status: number | null; readonly stdout: string; readonly stderr: string };

const START_MS_MAX = 300_000;
const END_MS_MAX = 300_000;
/** Seldom enough to be no load on those who start: a request costs both sides a millisecond. */
const POLL_MS = 100;
const SAID_CHARACTERS_MAX = 400_000;

/** A service that has run once, which makes the development credentials, and is stopped. */
export async function createPreparedService(at: ServiceHome): Promise<Service> {
  const service = createService(at);
  await service.start();
  await service.stop();
  return service;
}

/** `nodeOptions`: of the service alone; its signers have none. */
export function createService(at: ServiceHome, nodeOptions: readonly string[] = []): Service {
  const { ports, host } = at;
  const address = host?.address ?? '127.0.0.1';
  const urls = {
    api: `https://${address}:${ports.api}`,
    cmp: `http://${address}:${ports.cmp}`,
    publication: `http://${address}:${ports.publication}`,
    operators: `http://${address}:${ports.operators}`,
  };
  let child: ChildProcess | null = null;
  let said = '';
  let logBegan = 0;
  const logFile = homePaths(at.home).log;
  const logged = (): string =>
    existsSync(logFile)
      ? withoutRequests(readFileSync(logFile, 'utf8').slice(logBegan)).slice(-SAID_CHARACTERS_MAX)
      : '';

  const running = (): ChildProcess & { readonly pid: number } => {
    if (child?.pid === undefined) throw new Error('the service is not running');
    return child as ChildProcess & { readonly pid: number };
  };

  async function start(): Promise<number> {
    said = '';
    logBegan = existsSync(logFile) ? readFileSync(logFile, 'utf8').length : 0;
    const began = performance.now();
    const { program, args, env } = pfcngOf(at, ['start', '--no-play'], [...SERVICE_NODE_OPTIONS, ...nodeOptions]);
    const started = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env });
    child = started;
    const hear = (text: string): void => {
      said = (said + text).slice(-SAID_CHARACTERS_MAX);
    };
    started.stdout.setEncoding('utf8').on('data', hear);
    started.stderr.setEncoding('utf8').on('data', hear);
    while (performance.now() - began < START_MS_MAX) {
      if (started.exitCode !== null || started.signalCode !== null)
        throw new Error(
          `the service ended with ${started.exitCode ?? started.signalCode}:\n${(said + logged()).slice(-6_000)}`,
        );
      if (await isReady(urls.operators)) return performance.now() - began;
      await sleep(POLL_MS);
    }
    await endAll(processTree(running().pid), 'SIGKILL');
    throw new Error(`the service was not ready within ${START_MS_MAX} ms:\n${(said + logged()).slice(-6_000)}`);
  }

  async function end(signal: 'SIGTERM' | 'SIGKILL', which: 'service' | 'everything'): Promise<void> {
    if (child === null) return;
    const tree = processTree(running().pid);
    const targets = which === 'everything' ? tree : tree.slice(0, 1);
    await endAll(tree, signal, targets);
    child = null;
  }

  return {
    at,
    urls,
    start,
    stop: () => end('SIGTERM', 'service'),
    killService: () => end('SIGKILL', 'service'),
    killEverything: () => end('SIGKILL', 'everything'),
    pid: () => running().pid,
    tree: () => processTree(running().pid),
    said: () => said + logged(),
  };
}

/** The access log has a line for each request of a test. */
function withoutRequests(log: string): string {
  return log
    .split('\n')
    .filter((line) => !line.includes('"event":"http.request"'))
    .join('\n');
}

/** Signals `targets`, then waits until everybody in `tree` is gone. */
async function endAll(
  tree: readonly ProcessFacts[],
  signal: NodeJS.Signals,
  targets: readonly ProcessFacts[] = tree,
): Promise<void> {
  for (const { pid } of targets) signalQuietly(pid, signal);
  const began = performance.now();
  for (;;) {
    const left = tree.filter(({ pid }) => isAlive(pid));
    if (left.length === 0) return;
    if (performance.now() - began > END_MS_MAX) {
      for (const { pid } of left) signalQuietly(pid, 'SIGKILL');
      const names = left.map(({ commandLine }) => commandLine.join(' ')).join('\n');
      throw new Error(`still alive ${END_MS_MAX} ms after ${signal}:\n${names}`);
    }
    await sleep(POLL_MS);
  }
}

function signalQuietly(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It is gone already, which is what was wanted.
  }
}

async function isReady(operators: string): Promise<boolean> {
  try {
    const answer = await fetch(`${operators}/readyz`, { signal: AbortSignal.timeout(10_000) });
    await answer.arrayBuffer();
    return answer.status === 200;
  } catch {
    return false;
  }
}

export function serviceEnvironment({ home, configFile }: ServiceHome): NodeJS.ProcessEnv {
  const { PATH, HOME, NODE_V8_COVERAGE, NODE_REDIRECT_WARNINGS } = process.env;
  return {
    PATH,
    HOME,
    PFCNG_HOME: home,
    PFCNG_CONFIG: configFile,
    ...(NODE_V8_COVERAGE === undefined ? {} : { NODE_V8_COVERAGE }),
    ...(NODE_REDIRECT_WARNINGS === undefined ? {} : { NODE_REDIRECT_WARNINGS }),
  };
}

/** The `pfcng` of this home, on its host: what to start, with its arguments and its environment. */
function pfcngOf(at: ServiceHome, args: readonly string[], nodeOptions: readonly string[] = []) {
  const [program = '', ...before] = [...(at.host?.enter() ?? []), process.execPath];
  return { program, args: [...before, ...nodeOptions, at.program ?? PROGRAM, ...args], env: serviceEnvironment(at) };
}

/** One `pfcng` command on the same home, to its end. */
export async function runPfcng(at: ServiceHome, ...args: readonly string[]): Promise<CommandOutcome> {
  const { status, stdout, stderr } = await runProgram(pfcngOf(at, args));
  return { status, stdout: stdout.toString('utf8'), stderr: stderr.toString('utf8') };
}
