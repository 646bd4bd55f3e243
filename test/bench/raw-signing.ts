/** The limit for issuance: what two threads of a C program get out of the same token and key while nobody else has it open. */
import { execFileSync, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig } from '../../src/config/load.js';
import { temporaryFolder } from '../support/hierarchy.js';
import { PACKAGE_ROOT, type ServiceHome } from '../support/service-home.js';

const TOKEN = 'ca-elementaire';
const KEY = 'aci-el-org';

export async function buildRawSign(): Promise<string> {
  const program = join(await temporaryFolder('pfcng-rawsign-'), 'rawsign');
  const includes = join(PACKAGE_ROOT, 'node_modules/pkcs11js/includes/pkcs11');
  const source = join(PACKAGE_ROOT, 'test/bench/rawsign.c');
  execFileSync('cc', ['-O2', '-pthread', '-I', includes, '-o', program, source, '-ldl'], { stdio: 'inherit' });
  return program;
}

/** Signatures a second; the service must not run. */
export function measureRawSigning(
  program: string,
  { home }: ServiceHome,
  { seconds, threads }: { readonly seconds: number; readonly threads: number },
): Promise<number> {
  const config = loadConfig({ home });
  if (!config.ok) throw new Error(config.error.faults.join('; '));
  const label = `pfcng-development-${TOKEN}`;
  return new Promise((resolve, reject) => {
    const child = spawn(program, [config.value.pkcs11.module, label, KEY, String(seconds), String(threads)], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { SOFTHSM2_CONF: join(home, 'tokens', TOKEN, 'softhsm2.conf') },
    });
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0 ? resolve(Number(said)) : reject(new Error(`rawsign ended with ${code}`)),
    );
    child.stdin.end(readFileSync(join(home, 'pins', `${TOKEN}.pin`)));
  });
}
