/** Real tokens, and a real supervisor in its own process, for tests. */
import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createSignerClient, type SignerClient } from '../../../hsm/client/client.js';
import type { SupervisorConfiguration, TokenConfiguration } from '../../../hsm/configuration.js';
import type { CallerRole, TokenKind } from '../../../hsm/wire/permissions.js';
import { loadPolicy } from '../../../src/config/policy.js';
import { packageRoot } from '../../../src/package/package-root.js';
import { policyDocument } from '../../../src/policy/transfer.js';
import type { IssuerId } from '../../../src/ports/signer.js';
import type { KeyType } from '../../../src/x509/model.js';

export const SOFTHSM_MODULE = '/usr/lib/softhsm/libsofthsm2.so';
export const PIN = '482915';
/** The issuer of tests that need only one. */
export const ISSUER = 'aci-te-pp' as IssuerId;
const SO_PIN = '90817263';

export function scriptPath(name: string): string {
  return fileURLToPath(new URL(`./${name}.js`, import.meta.url));
}

export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'pfcng-hsm-'));
}

export type MadeToken = {
  readonly configuration: TokenConfiguration;
  readonly publicKeys: ReadonlyMap<string, Buffer>;
};

/**
 * Another implementation than SoftHSM: its module, and the arguments before a command that uses it.
 */
export type HsmPlace = {
  readonly modulePath: string;
  readonly factorySoPin?: string;
  readonly enter: readonly string[];
};
export const SOFTHSM_PLACE: HsmPlace = { modulePath: SOFTHSM_MODULE, enter: [] };

type Keys = readonly (readonly [string, KeyType])[];

/** A token with its keys, PIN file, certificates and socket paths under `home`. */
export function makeToken(home: string, kind: TokenKind, keys: Keys): MadeToken {
  return makeTokenIn({ home, place: SOFTHSM_PLACE }, kind, keys);
}

export function makeTokenIn(
  { home, place, mark = 'development' }: { readonly home: string; readonly place: HsmPlace; readonly mark?: string },
  kind: TokenKind,
  keys: Keys,
): MadeToken {
  const { modulePath, enter, ...initial } = place;
  const name = `${kind}-test`;
  const directory = join(home, 'tokens', name);
  const tokenLabel = `pfcng-${mark}-${name}`;
  const location = { modulePath, directory, label: tokenLabel, pin: PIN, soPin: SO_PIN, ...initial };
  const order = JSON.stringify({ location, keys });
  const [command = process.execPath, ...args] = [...enter, process.execPath, scriptPath('make-token'), order];
  const made = execFileSync(command, args);
  const publicKeys = new Map(
    Object.entries(JSON.parse(made.toString('utf8')) as Record<string, string>).map(([label, spki]) => [
      label,
      Buffer.from(spki, 'base64'),
    ]),
  );
  mkdirSync(join(home, 'pins'), { recursive: true });
  const pinFile = join(home, 'pins', `${name}.pin`);
  writeFileSync(pinFile, `${PIN}\n`, { mode: 0o400 });
  const roles: readonly CallerRole[] = ['api', 'worker', 'responder'];
  return {
    publicKeys,
    configuration: {
      name,
      kind,
      tokenLabel,
      softhsmDirectory: directory,
      modulePath,
      pin: { from: 'file', file: pinFile },
      journalFolder: join(home, 'signers', name),
      issuers: keys.map(([label, keyType]) => ({
        id: label as IssuerId,
        keyType,
        certificateFile:
          kind === 'platform'
            ? null
            : certify(join(home, `${name}-${label}`), publicKeys.get(label) ?? Buffer.alloc(0)),
      })),
      sockets: roles.map((role) => ({ role, path: join(home, 'run', role, `${name}.sock`) })),
    },
  };
}

/** For requests that must not meet their deadline on a busy machine. */
export const PATIENCE_MS = 120_000;
/** Ends a test that hangs, with the events that came. */
const EVENT_MS_MAX = 600_000;

/** A certificate for this public key, made by OpenSSL with another key. */
function certify(stem: string, spki: Buffer): string {
  const path = (suffix: string) => `${stem}.${suffix}`;
  const pem = `-----BEGIN PUBLIC KEY-----\n${spki.toString('base64').replace(/(.{64})/g, '$1\n')}\n-----END PUBLIC KEY-----\n`;
  writeFileSync(path('pub'), pem);
  const openssl = (...args: readonly string[]) => execFileSync('openssl', args, { stdio: 'pipe' });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  openssl('req', '-x509', ...key, '-subj', '/CN=ca', '-keyout', path('key'), '-out', path('ca'));
  const signed = ['-CA', path('ca'), '-CAkey', path('key'), '-outform', 'DER', '-out', path('cer')];
  openssl('x509', '-new', '-subj', '/CN=key', '-force_pubkey', path('pub'), ...signed);
  return path('cer');
}

/** A client that requests certificates of `ISSUER` from the signer of this token. */
export function certificateClient(home: string, { configuration: { name } }: MadeToken): SignerClient {
  return createSignerClient({
    certificateSockets: new Map([[ISSUER, join(home, 'run', 'api', `${name}.sock`)]]),
    crlSockets: new Map(),
    ocspSockets: new Map(),
    deadlineMs: PATIENCE_MS,
  });
}

/** The answer to a status request, which is repeated when a busy supervisor is late. */
export async function statusOf(client: SignerClient, socket: string): Promise<Readonly<Record<string, unknown>>> {
  for (;;) {
    const answer = await client.status(socket);
    if (answer.ok) return answer.value;
    await sleep(20);
  }
}

export type LogEvent = {
  readonly event: string;
  readonly token?: string;
  readonly pid?: number;
  readonly [fact: string]: unknown;
};
export type RunningSupervisor = {
  readonly process: ChildProcess;
  readonly events: readonly LogEvent[];
  /** The next event of this name, or one that was logged since `from`. */
  event(name: string, from?: number): Promise<LogEvent>;
  stop(): Promise<void>;
};

const loaded = loadPolicy(join(packageRoot(), 'policies'), 'development');
assert(loaded.ok, 'the policies of the package');
/** A policy for the configuration of the children. The checker of the tests does not use it. */
const DEVELOPMENT_POLICY = policyDocument(loaded.value);

export function supervisorConfiguration(
  home: string,
  tokens: readonly TokenConfiguration[],
  changes: Partial<SupervisorConfiguration> = {},
): SupervisorConfiguration {
  return {
    tokens,
    policy: DEVELOPMENT_POLICY,
    runDirectory: join(home, 'run'),
    environmentMark: 'development',
    ...changes,
  };
}

export function startSupervisor(
  configuration: SupervisorConfiguration,
  { enter }: Pick<HsmPlace, 'enter'> = SOFTHSM_PLACE,
): RunningSupervisor {
  const file = join(configuration.runDirectory, '..', 'supervisor.json');
  writeFileSync(file, JSON.stringify(configuration));
  const words = [...enter, process.execPath, scriptPath('supervisor'), file, '--attached'];
  const [command = process.execPath, ...args] = words;
  const child = spawn(command, args, {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const events: LogEvent[] = [];
  const waiting = new Set<() => void>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    events.push(JSON.parse(line) as LogEvent);
    for (const wake of waiting) wake();
  });
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    process: child,
    events,
    async event(name, from = 0) {
      for (;;) {
        const found = events.slice(from).find((event) => event.event === name);
        if (found) return found;
        await new Promise<void>((resolve, reject) => {
          const timer = setTimeout(() => reject(new Error(`no ${name} in ${JSON.stringify(events)}`)), EVENT_MS_MAX);
          const wake = (): void => {
            clearTimeout(timer);
            waiting.delete(wake);
            resolve();
          };
          waiting.add(wake);
        });
      }
    },
    async stop() {
      child.stdin.end();
      await gone;
    },
  };
}

/** The files that a process has mapped. */
export function mapsOf(pid: number): string {
  return readFileSync(`/proc/${pid}/maps`, 'utf8');
}

/** False for a process that has ended, also when its parent has not collected it yet. */
export function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

/** Proportional set size, in MB. */
export function pssMb(pid: number): number {
  const match = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'));
  return Number(match?.[1] ?? 0) / 1024;
}

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}
