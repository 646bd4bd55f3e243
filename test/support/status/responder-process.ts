/**
 * `pfcng serve --roles responder` beside a service: on its database and signers, under ports of
 * its own.
 */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePorts } from '../machine/ports.js';
import { PROGRAM, type ServiceHome } from '../service/home.js';
import { serviceEnvironment } from '../service/service.js';

const READY_MS_MAX = 300_000;
/** Seldom enough to be no load on a process that starts. */
const POLL_MS = 100;

export type Readiness = {
  readonly state: string;
  readonly parts: { readonly database: string; readonly signers: Readonly<Record<string, string>> };
};

export type ResponderOfItsOwn = {
  readonly urls: { readonly publication: string; readonly operators: readonly string[] };
  readonly configFile: string;
  /** With more arguments; ready when it resolves. */
  readonly start: (...more: readonly string[]) => Promise<void>;
  /** By SIGTERM, after which it ends with 0. */
  readonly stop: () => Promise<void>;
  /** The readiness of a worker, by default the first. `null`: it does not answer. */
  readonly readiness: (worker?: number) => Promise<Readiness | null>;
  readonly said: () => string;
  /** The process id of the first process. */
  readonly pid: () => number;
};

/** `members` are added to the configuration of the service. */
export async function createResponderProcess(
  at: ServiceHome,
  members: object = {},
  roles = 'responder',
): Promise<ResponderOfItsOwn> {
  const configFile = join(at.folder, 'responder.json');
  // Each further process has the operators' port after the one before.
  const [publication = 0, operators = 0, , api = 0, cmp = 0] = await freePorts(5);
  const config = JSON.parse(readFileSync(at.configFile, 'utf8')) as object;
  const listen = {
    api: { port: api },
    cmp: { port: cmp },
    publication: { port: publication },
    operators: { port: operators },
  };
  writeFileSync(configFile, JSON.stringify({ ...config, ...members, listen }));
  const addressOf = (port: number): string => `http://127.0.0.1:${port}`;
  const urls = { publication: addressOf(publication), operators: [addressOf(operators), addressOf(operators + 1)] };
  let child: ChildProcess | null = null;
  let said = '';
  const readiness = async (worker = 0): Promise<Readiness | null> => {
    const answer = await fetch(`${urls.operators[worker]}/readyz`).catch(() => null);
    return answer === null ? null : ((await answer.json()) as Readiness);
  };
  return {
    urls,
    configFile,
    readiness,
    said: () => said,
    pid: () => child?.pid ?? assert.fail('it does not run'),
    start: async (...more) => {
      said = '';
      const started = spawn(process.execPath, [PROGRAM, 'serve', '--roles', roles, ...more], {
        stdio: ['ignore', 'pipe', 'pipe'],
        env: serviceEnvironment({ ...at, configFile }),
      });
      for (const stream of [started.stdout, started.stderr])
        stream.setEncoding('utf8').on('data', (text: string) => {
          said = (said + text).slice(-20_000);
        });
      child = started;
      const until = performance.now() + READY_MS_MAX;
      for (const worker of more.length > 0 ? [0, 1] : [0])
        while ((await readiness(worker)) === null) {
          assert.equal(started.exitCode, null, said);
          assert.ok(performance.now() < until, said);
          await sleep(POLL_MS);
        }
    },
    stop: async () => {
      if (child === null || child.exitCode !== null) return;
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      assert.deepEqual(await gone, [0, null], said);
      child = null;
    },
  };
}
