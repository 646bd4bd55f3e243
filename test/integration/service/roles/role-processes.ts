/**
 * A home folder that is served by several processes with different roles, on signers that are units
 * of their own.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Role } from '../../../../src/ports/node.js';
import { freePorts } from '../../../support/machine/ports.js';
import { configure, PROGRAM, type ServiceHome } from '../../../support/service/home.js';
import { createPreparedService, type Service, serviceEnvironment } from '../../../support/service/service.js';

export type RoleProcess = {
  readonly operators: string;
  readonly start: () => Promise<void>;
  readonly kill: (signal: 'SIGTERM' | 'SIGKILL') => Promise<void>;
  /** The answer of /readyz. */
  readonly readiness: () => Promise<RoleReadiness>;
};

export type RoleReadiness = {
  readonly state: string;
  readonly parts: Readonly<Record<string, unknown>> & { readonly signers: Readonly<Record<string, string>> };
};

export type RoleProcesses = {
  /** The service, with the URLs of all processes; it is not started itself. */
  readonly service: Service;
  /** Where the process with the role console has its pages. */
  readonly consoleUrl: string;
  readonly of: Readonly<Record<Role, RoleProcess>>;
  readonly stop: () => Promise<void>;
};

const READY_MS_MAX = 300_000;
const POLL_MS = 100;
const TOKENS = ['ca', 'ocsp'].flatMap((kind) => ['fort', 'standard', 'elementaire'].map((one) => `${kind}-${one}`));

/** The processes are ready when it resolves. */
export async function startRoleProcesses(at: ServiceHome): Promise<RoleProcesses> {
  const [api = 0, responder = 0, worker = 0, pages = 0, consolePort = 0] = await freePorts(5);
  const rolePorts = { api, responder, worker, console: pages };
  // The first start needs signers of its own, because it issues the development credentials.
  const service = await createPreparedService(at);
  const { ports } = at;
  const listen = {
    api: { port: ports.api },
    cmp: { port: ports.cmp },
    console: { port: consolePort },
    publication: { port: ports.publication },
    operators: { port: ports.operators, rolePorts },
  };
  configure(at, { signers: 'external', listen });
  const signers = spawn(process.execPath, [PROGRAM, 'signer', '--token', ...TOKENS, 'platform'], {
    stdio: 'ignore',
    env: serviceEnvironment(at),
  });
  const processOf = (role: Role) => createRoleProcess(at, role, `http://127.0.0.1:${rolePorts[role]}`);
  const of = {
    api: processOf('api'),
    responder: processOf('responder'),
    worker: processOf('worker'),
    console: processOf('console'),
  };
  await Promise.all(Object.values(of).map((one) => one.start()));
  return {
    service,
    consoleUrl: `https://127.0.0.1:${consolePort}`,
    of,
    stop: async () => {
      for (const one of Object.values(of)) await one.kill('SIGTERM');
      await endOf(signers, 'SIGTERM');
    },
  };
}

function createRoleProcess(at: ServiceHome, role: Role, operators: string): RoleProcess {
  let child: ChildProcess | null = null;
  let said = '';
  return {
    operators,
    start: async () => {
      const started = spawn(process.execPath, [PROGRAM, 'serve', '--roles', role], {
        stdio: ['ignore', 'pipe', 'pipe'],
        env: serviceEnvironment(at),
      });
      child = started;
      for (const stream of [started.stdout, started.stderr])
        stream.setEncoding('utf8').on('data', (text: string) => {
          said = (said + text).slice(-20_000);
        });
      const until = performance.now() + READY_MS_MAX;
      while ((await fetch(`${operators}/readyz`).catch(() => null))?.status !== 200) {
        if (started.exitCode !== null || performance.now() > until) throw new Error(`${role} is not ready:\n${said}`);
        await sleep(POLL_MS);
      }
    },
    kill: async (signal) => {
      if (child !== null) await endOf(child, signal);
      child = null;
    },
    readiness: async () => (await (await fetch(`${operators}/readyz`)).json()) as RoleReadiness,
  };
}

async function endOf(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill(signal);
  await gone;
}
