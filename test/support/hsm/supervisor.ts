/**
 * A supervisor in a process of its own: `node supervisor.js CONFIGURATION.json --attached`. Logs
 * JSON lines on stdout.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { SupervisorConfiguration } from '../../../hsm/configuration.js';
import { runSupervisor } from '../../../hsm/supervisor/supervisor.js';

const [, , file = '', attached] = process.argv;
const configuration = JSON.parse(readFileSync(file, 'utf8')) as SupervisorConfiguration;
const running = await runSupervisor(configuration, {
  log: (event) => void process.stdout.write(`${JSON.stringify(event)}\n`),
  childEntry: fileURLToPath(new URL('./signer-child.js', import.meta.url)),
  ...(attached === '--attached' ? { attachedTo: process.stdin } : {}),
});
if (!running.ok) {
  process.stdout.write(`${JSON.stringify({ event: 'refused', token: '', ...running.error })}\n`);
  process.exit(1);
}
process.stdout.write('{"event":"listening"}\n');
await running.value.stopped;
process.exit(0);
