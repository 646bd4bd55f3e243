/**
 * Measures how fast a token signs: C_SignInit and C_Sign alone, by sessions and threads, and
 * through a signer with socket and journal.
 *
 * It makes its own keys on the token and destroys them afterwards, so that it signs nothing with a
 * real key, and the journal of the token gets no entries. The checks of certificates and CRLs are
 * not included; `npm run bench` measures them.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assert } from '../../src/kernel/assert.js';
import { err, ok, type Result } from '../../src/kernel/result.js';
import { programPath } from '../../src/package/program-path.js';
import type { PolicyDocument } from '../../src/policy/transfer.js';
import type { IssuerId } from '../../src/ports/signer.js';
import type { KeyType } from '../../src/x509/model.js';
import { createConnection } from '../client/connection.js';
import type { TokenConfiguration } from '../configuration.js';
import { softhsmConfigurationFile } from '../configuration.js';
import { type InspectionFailure, withToken } from '../inspect/inspection.js';
import { TokenError } from '../pkcs11/failures.js';
import { destroyKeyPair, generateKeyPair } from '../pkcs11/keys/keys.js';
import { runSupervisor } from '../supervisor/supervisor.js';
import { readMeta } from '../wire/frames.js';
import { BENCH_TEXT } from '../wire/platform-purposes.js';

type BenchPlan = {
  readonly token: TokenConfiguration;
  readonly keyTypes: readonly KeyType[];
  /** How long each measurement lasts. */
  readonly seconds: number;
  readonly policy: PolicyDocument;
  readonly environmentMark: string;
};
type RawRate = {
  readonly threads: number;
  readonly sessions: number;
  readonly signaturesPerSecond: number;
};
export type BenchFigures = {
  readonly keyType: KeyType;
  readonly raw: readonly RawRate[];
  readonly throughSigner: { readonly callers: number; readonly signaturesPerSecond: number };
};
type BenchFailure = InspectionFailure | { readonly kind: 'bench-failed'; readonly detail: string };

/**
 * The request to the process that measures C_Sign, which gets it as an argument on its command
 * line. The request contains no PIN: the process reads the PIN itself.
 */
export type SigningRateRequest = {
  readonly token: Omit<TokenConfiguration, 'sockets' | 'issuers'>;
  readonly label: string;
  readonly sessions: number;
  readonly seconds: number;
};

const THREADS = [1, 2] as const;
const SESSIONS_A_THREAD = [1, 2, 4] as const;
const CALLERS = 32;

export async function benchToken(plan: BenchPlan): Promise<Result<readonly BenchFigures[], BenchFailure>> {
  const { token, keyTypes } = plan;
  const made = await withToken(token, ({ session }) => {
    for (const keyType of keyTypes) {
      destroyIfThere(() => destroyKeyPair(session, benchLabel(keyType)));
      generateKeyPair(session, benchLabel(keyType), keyType);
    }
  });
  if (!made.ok) return made;
  try {
    const figures: BenchFigures[] = [];
    for (const keyType of keyTypes) {
      const raw = await rawRates(plan, keyType);
      if (!raw.ok) return raw;
      const rate = await rateThroughSigner(plan, keyType);
      if (!rate.ok) return rate;
      const throughSigner = { callers: CALLERS, signaturesPerSecond: rate.value };
      figures.push({ keyType, raw: raw.value, throughSigner });
    }
    return ok(figures);
  } finally {
    await withToken(token, ({ session }) => {
      for (const keyType of keyTypes) destroyIfThere(() => destroyKeyPair(session, benchLabel(keyType)));
    });
  }
}

function benchLabel(keyType: KeyType): string {
  return `pfcng-bench-${keyType}`;
}

/**
 * Calls `destroy`, which destroys keys of a bench. It is no failure if there are none: only a
 * killed bench leaves keys on the token.
 */
function destroyIfThere(destroy: () => void): void {
  try {
    destroy();
  } catch (thrown) {
    if (!(thrown instanceof TokenError && thrown.failure.kind === 'key-not-found')) throw thrown;
  }
}

async function rawRates(plan: BenchPlan, keyType: KeyType): Promise<Result<readonly RawRate[], BenchFailure>> {
  const rates: RawRate[] = [];
  for (const threads of THREADS) {
    for (const times of SESSIONS_A_THREAD) {
      const sessions = threads * times;
      const rate = await rawRate(plan, { keyType, threads, sessions });
      if (!rate.ok) return rate;
      rates.push({ threads, sessions, signaturesPerSecond: rate.value });
    }
  }
  return ok(rates);
}

/**
 * Measures in a new process, because libuv reads the size of its thread pool from the environment
 * at start.
 */
function rawRate(
  { token, seconds }: BenchPlan,
  { keyType, threads, sessions }: { readonly keyType: KeyType; readonly threads: number; readonly sessions: number },
): Promise<Result<number, BenchFailure>> {
  const { sockets: _sockets, issuers: _issuers, ...place } = token;
  const order: SigningRateRequest = { token: place, label: benchLabel(keyType), sessions, seconds };
  const entry = programPath('hsm/bench/raw-rate');
  const child = spawn(process.execPath, [entry, JSON.stringify(order)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      PATH: process.env.PATH,
      SOFTHSM2_CONF: softhsmConfigurationFile(token.softhsmDirectory),
      UV_THREADPOOL_SIZE: String(threads),
    },
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  return new Promise((resolve) => {
    const failed = (detail: string): void => resolve(err({ kind: 'bench-failed', detail }));
    child.once('error', (error) => failed(error.message));
    child.once('close', (code, signal) => {
      const rate = Number(output);
      if (code === 0 && rate > 0) resolve(ok(rate));
      else failed(`the measuring process ended with ${signal ?? code}: ${output.trim()}`);
    });
  });
}

/**
 * Measures how many signatures per second a signer makes with the bench key. Runs a supervisor for
 * this token, with its own folder, sockets and journal.
 */
async function rateThroughSigner(plan: BenchPlan, keyType: KeyType): Promise<Result<number, BenchFailure>> {
  const folder = mkdtempSync(join(tmpdir(), 'pfcng-bench-'));
  const path = join(folder, 'run', 'bench.sock');
  const id = benchLabel(keyType) as IssuerId;
  const { hierarchy: _hierarchy, ...place } = plan.token;
  const token: TokenConfiguration = {
    ...place,
    kind: 'platform',
    journalFolder: join(folder, 'journal'),
    issuers: [{ id, keyType, certificateFile: null }],
    sockets: [{ role: 'api', path }],
  };
  let lastError = '';
  const supervisor = await runSupervisor(
    {
      tokens: [token],
      policy: plan.policy,
      environmentMark: plan.environmentMark,
      runDirectory: join(folder, 'run'),
      requestDeadlineMs: 10_000,
    },
    {
      log: (event) => {
        if (event.event === 'child-gone') lastError = String(event.detail);
      },
    },
  );
  if (!supervisor.ok) return err({ kind: 'bench-failed', detail: JSON.stringify(supervisor.error) });
  try {
    const rate = await measureRate(path, id, plan.seconds);
    return rate === null ? err({ kind: 'bench-failed', detail: lastError || 'the signer did not answer' }) : ok(rate);
  } finally {
    await supervisor.value.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Keeps 32 requests (`CALLERS`) unanswered at a time, and returns the signatures per second; null:
 * an answer had no signature.
 */
async function measureRate(path: string, issuer: IssuerId, seconds: number): Promise<number | null> {
  const connection = createConnection(path, { deadlineMs: 20_000, inFlightMax: CALLERS });
  const ask = async (): Promise<boolean> => {
    const reply = await connection.ask('platform', { issuer, purpose: 'bench' }, BENCH_TEXT);
    if (!('kind' in reply) && reply.type === 'signature') return true;
    assert('kind' in reply || readMeta(reply).ok, 'an answer that is no signature says why');
    return false;
  };
  try {
    // The first request waits until the child is ready.
    if (!(await ask())) return null;
    const startedAt = performance.now();
    const until = startedAt + seconds * 1_000;
    let signatures = 0;
    const call = async (): Promise<boolean> => {
      while (performance.now() < until) {
        if (!(await ask())) return false;
        signatures += 1;
      }
      return true;
    };
    const all = await Promise.all(Array.from({ length: CALLERS }, call));
    return all.every(Boolean) ? (signatures * 1_000) / (performance.now() - startedAt) : null;
  } finally {
    connection.close();
  }
}

export function describeBenchFailure(failure: BenchFailure, describe: (failure: InspectionFailure) => string): string {
  return failure.kind === 'bench-failed' ? failure.detail : describe(failure);
}
