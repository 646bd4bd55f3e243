/** A real Prometheus with the shipped configuration, on a port and in a folder of its own. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { answers, freePort } from '../machine/ports.js';
import { until } from '../until.js';
import { RULES_FILE } from './alert-rules.js';

export type Prometheus = {
  /** Asks its HTTP API: `query`, `rules`. */
  readonly ask: <Data>(what: string, parameters: Readonly<Record<string, string>>) => Promise<Data>;
  readonly stop: () => Promise<void>;
};

/** `target`: the address for operators of a service, with its port. */
export async function startPrometheus(target: string): Promise<Prometheus> {
  const folder = mkdtempSync(join(tmpdir(), 'pfcng-prometheus-'));
  const shipped = readFileSync(join(dirname(RULES_FILE), 'prometheus.yml'), 'utf8');
  const config = shipped.replace('127.0.0.1:9090', target).replaceAll('interval: 15s', 'interval: 1s');
  assert.ok(config.includes(`"${target}"`), config);
  writeFileSync(join(folder, 'prometheus.yml'), config);
  copyFileSync(RULES_FILE, join(folder, 'pfcng.rules.yml'));
  const port = await freePort();
  const options = [
    `--config.file=${join(folder, 'prometheus.yml')}`,
    `--storage.tsdb.path=${join(folder, 'data')}`,
    `--web.listen-address=127.0.0.1:${port}`,
    '--log.level=error',
  ];
  const server = spawn('prometheus', options, { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  server.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const ended = once(server, 'exit');
  await until('Prometheus is ready', async () => {
    assert.equal(server.exitCode, null, said);
    return (await answers(port)) && (await fetch(`http://127.0.0.1:${port}/-/ready`)).ok;
  });
  return {
    ask: async (what, parameters) => {
      const url = `http://127.0.0.1:${port}/api/v1/${what}?${new URLSearchParams(parameters)}`;
      const answer = (await (await fetch(url)).json()) as { readonly status: string; readonly data: never };
      assert.equal(answer.status, 'success', JSON.stringify(answer));
      return answer.data;
    },
    stop: async () => {
      server.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
