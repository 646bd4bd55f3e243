/** Runs the fill of a database in a process of its own. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { ServiceHome } from '../../support/service/home.js';
import { serviceEnvironment } from '../../support/service/service.js';
import type { FilledCertificate } from './fill-database.js';

/** The service of the home must not run. Returns a sample of what was filled in. */
export function runFill(at: ServiceHome, count: number): Promise<readonly FilledCertificate[]> {
  const entry = fileURLToPath(new URL('./fill-database.js', import.meta.url));
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--enable-source-maps', entry, String(count)], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: serviceEnvironment(at),
    });
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0
        ? resolve(JSON.parse(said) as readonly FilledCertificate[])
        : reject(new Error(`the fill ended with ${code}`)),
    );
  });
}
