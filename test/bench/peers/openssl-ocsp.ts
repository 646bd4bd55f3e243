/**
 * A peer: `openssl ocsp` with its responder's key on a copy of the same token, through
 * pkcs11-provider.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadConfig } from '../../../src/config/load.js';
import { temporaryFolder } from '../../support/ceremony/hierarchy.js';
import { freePorts } from '../../support/machine/ports.js';
import type { ServiceHome } from '../../support/service/home.js';
import { copyToken } from './raw-signing.js';

export type Peer = {
  readonly home: ServiceHome;
  readonly token: string;
  /** Label of the key, and the file of its certificate in the home folder. */
  readonly key: string;
  readonly certificate: string;
  readonly authority: string;
  /** Serial numbers, hex, that are good. */
  readonly serials: readonly string[];
  /** Answers a second at this address. */
  readonly load: (url: string) => Promise<number>;
};

const CONNECT_MS_MAX = 10_000;

/** Or why it was not measured. */
export async function measureOpensslOcsp(peer: Peer): Promise<number | string> {
  const { home } = peer.home;
  const modules = /"(.+)"/.exec(execFileSync('openssl', ['version', '-m'], { encoding: 'utf8' }))?.[1] ?? '';
  const provider = join(modules, 'pkcs11.so');
  if (!existsSync(provider)) return 'pkcs11-provider is not installed';
  const folder = await temporaryFolder('pfcng-openssl-ocsp-');
  const config = loadConfig({ home });
  if (!config.ok) throw new Error(config.error.faults.join('; '));
  const { softhsm } = await copyToken(peer.home, peer.token);
  // pkcs11-provider reads at most 31 characters from a PIN file, and ours have 32. The token is a
  // copy that is deleted after the bench, so its PIN may stand in the configuration.
  const pin = readFileSync(join(home, 'pins', `${peer.token}.pin`), 'utf8').trim();
  const conf = join(folder, 'openssl.cnf');
  writeFileSync(conf, configurationOf({ provider, module: config.value.pkcs11.module, pin }), { mode: 0o600 });
  const pem = (name: string): string => {
    const file = join(folder, `${name}.pem`);
    execFileSync('openssl', ['x509', '-inform', 'DER', '-in', join(home, 'authorities', name), '-out', file]);
    return file;
  };
  const index = join(folder, 'index.txt');
  writeFileSync(
    index,
    peer.serials.map((serial) => `V\t400101000000Z\t\t${serial}\tunknown\t/CN=${serial}\n`).join(''),
  );
  const [port = 0] = await freePorts(1);
  const key = `pkcs11:object=${encodeURIComponent(peer.key)};type=private`;
  const child = spawn(
    'openssl',
    [
      'ocsp',
      '-port',
      String(port),
      '-index',
      index,
      '-CA',
      pem(peer.authority),
      '-ndays',
      '1',
      '-rsigner',
      pem(peer.certificate),
      '-rkey',
      key,
    ],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { PATH: process.env.PATH, OPENSSL_CONF: conf, SOFTHSM2_CONF: softhsm },
    },
  );
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-2_000);
  });
  const gone = once(child, 'exit');
  try {
    const until = performance.now() + CONNECT_MS_MAX;
    // Nothing is tried out by connecting: it would serve nobody after that (a client that says
    // nothing stops it).
    while (!/waiting for OCSP client/i.test(said)) {
      if (child.exitCode !== null || performance.now() > until) return `it did not start: ${said.split('\n')[0] ?? ''}`;
      await sleep(50);
    }
    return await peer.load(`http://127.0.0.1:${port}`);
  } finally {
    child.kill('SIGKILL');
    await gone;
  }
}

function configurationOf(given: { readonly provider: string; readonly module: string; readonly pin: string }): string {
  return [
    'openssl_conf = init',
    '[init]',
    'providers = providers',
    '[providers]',
    'default = default_provider',
    'pkcs11 = pkcs11_provider',
    '[default_provider]',
    'activate = 1',
    '[pkcs11_provider]',
    `module = ${given.provider}`,
    `pkcs11-module-path = ${given.module}`,
    `pkcs11-module-token-pin = ${given.pin}`,
    'activate = 1',
    '',
  ].join('\n');
}

export function serialsOf(certificates: readonly string[]): readonly string[] {
  return certificates.map(
    (pem) =>
      /serial=([0-9A-F]+)/.exec(
        execFileSync('openssl', ['x509', '-noout', '-serial'], { input: pem, encoding: 'utf8' }),
      )?.[1] ?? '',
  );
}
