/** The signers of a home alone, as `pfcng signer` runs them: no service. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createConnection } from '../../hsm/client/connection.js';
import { readMeta } from '../../hsm/wire/frames.js';
import { PROGRAM, type ServiceHome } from '../support/service/home.js';
import { type ProcessFacts, processTree } from '../support/service/processes.js';
import { serviceEnvironment } from '../support/service/service.js';
import { startLoadProcess } from './loads/load-process.js';
import type { SignerGo, SignerLoad, SignerReport } from './loads/signer-load.js';
import { TOKEN } from './peers/raw-signing.js';

export type Signers = {
  readonly tree: () => readonly ProcessFacts[];
  /** Waits until none of them is left. */
  readonly stop: () => Promise<void>;
};

const POLL_MS = 50;
const POLLS_MAX = 600;

/** Resolves when the token that is measured is ready. */
export async function startSigners(at: ServiceHome): Promise<Signers> {
  // As the service starts it (src/compose/signers/supervisor.ts).
  const flags = ['--max-semi-space-size=8', '--max-old-space-size=64'];
  const child = spawn(process.execPath, [...flags, PROGRAM, 'signer', '--attached'], {
    stdio: ['pipe', 'ignore', 'ignore'],
    env: serviceEnvironment(at),
  });
  await ready(at, child);
  return {
    tree: () => processTree(child.pid ?? 0),
    async stop() {
      const gone = once(child, 'exit');
      child.stdin?.end();
      await gone;
    },
  };
}

async function ready({ home }: ServiceHome, child: ChildProcess): Promise<void> {
  const path = join(home, 'run/signers', TOKEN, 'api/socket');
  const connection = createConnection(path, { deadlineMs: 2_000, inFlightMax: 1 });
  try {
    for (let poll = 0; poll < POLLS_MAX && child.exitCode === null; poll += 1) {
      const reply = await connection.ask('status', {});
      const meta = 'kind' in reply ? null : readMeta(reply);
      if (meta?.ok && meta.value.state === 'ready') return;
      await sleep(POLL_MS);
    }
  } finally {
    connection.close();
  }
  throw new Error('the signers did not get ready');
}

export type SignerLoader = {
  readonly run: (go: SignerGo) => Promise<SignerReport>;
  readonly close: () => void;
};

export async function openSignerLoad(at: ServiceHome, load: SignerLoad): Promise<SignerLoader> {
  const { child, next } = await startLoadProcess('./signer-load.js', load, serviceEnvironment(at));
  return {
    async run(go) {
      child.send(go);
      return (await next()) as SignerReport;
    },
    close: () => void child.disconnect(),
  };
}
