/**
 * The limit for signatures: what two threads of a C program get out of the same key on a token of
 * its own, copied from the home.
 */
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tokenLabel } from '../../../hsm/token-label.js';
import { loadConfig } from '../../../src/config/load.js';
import { temporaryFolder } from '../../support/ceremony/hierarchy.js';
import { PACKAGE_ROOT, type ServiceHome } from '../../support/service/home.js';

export const TOKEN = 'ca-elementaire';
export const KEY = 'aci-el-org';
export const THREADS = 2;

export type RawRate = {
  /** Signatures a second. */
  readonly rate: number;
  /** Processor time of one signature. */
  readonly cpuMs: number;
};
export type RawSigning = { readonly measure: (seconds: number) => Promise<RawRate> };

export async function buildRawSign(): Promise<string> {
  const program = join(await temporaryFolder('pfcng-rawsign-'), 'rawsign');
  const includes = join(PACKAGE_ROOT, 'node_modules/pkcs11js/includes/pkcs11');
  const source = join(PACKAGE_ROOT, 'test/bench/rawsign.c');
  execFileSync('cc', ['-O2', '-pthread', '-I', includes, '-o', program, source, '-ldl'], { stdio: 'inherit' });
  return program;
}

/**
 * Two processes must not have one token open: the place of a copy's SoftHSM configuration. Nobody
 * may have it open now.
 */
export async function copyToken({ home }: ServiceHome, token: string): Promise<{ readonly softhsm: string }> {
  const copy = join(await temporaryFolder('pfcng-rawtoken-'), token);
  cpSync(join(home, 'tokens', token), copy, { recursive: true, filter: (path) => !/lock\.(\d+|json)$/.test(path) });
  const softhsm = join(copy, 'softhsm2.conf');
  writeFileSync(softhsm, readFileSync(softhsm, 'utf8').replaceAll(join(home, 'tokens', token), copy));
  return { softhsm };
}

export async function openRawSigning(
  program: string,
  at: ServiceHome,
  { token, key }: { readonly token: string; readonly key: string } = { token: TOKEN, key: KEY },
): Promise<RawSigning> {
  const { home } = at;
  const config = loadConfig({ home });
  if (!config.ok) throw new Error(config.error.faults.join('; '));
  const { softhsm } = await copyToken(at, token);
  const pin = readFileSync(join(home, 'pins', `${token}.pin`));
  const args = [config.value.pkcs11.module, tokenLabel('development', token), key];
  return {
    measure: (seconds) =>
      new Promise((resolve, reject) => {
        const child = spawn(program, [...args, String(seconds), String(THREADS)], {
          stdio: ['pipe', 'pipe', 'inherit'],
          env: { SOFTHSM2_CONF: softhsm },
        });
        let said = '';
        child.stdout.setEncoding('utf8').on('data', (text: string) => {
          said += text;
        });
        child.once('error', reject);
        child.once('close', (code) => {
          const [rate = 0, cpuMs = 0] = said.trim().split(' ').map(Number);
          if (code === 0 && rate > 0) resolve({ rate, cpuMs });
          else reject(new Error(`rawsign ended with ${code}`));
        });
        child.stdin.end(pin);
      }),
  };
}
