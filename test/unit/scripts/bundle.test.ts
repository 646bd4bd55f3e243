/**
 * `npm start` compiles and then serves in the same process: what compiles must leave no process
 * behind.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { packageRoot } from '../../../src/package/package-root.js';
import { processTree } from '../../support/service/processes.js';

const script = pathToFileURL(join(packageRoot(), 'scripts/lib/bundle.mjs')).href;

describe('the compiler of bundles', () => {
  it('ends with the compilation', async () => {
    const { compiledAlone } = (await import(script)) as {
      readonly compiledAlone: (source: string, loader: 'ts' | 'tsx') => string;
    };
    assert.match(compiledAlone('export const answer: number = 42;', 'ts'), /42/);
    const running = () => processTree(process.pid).filter(({ commandLine }) => commandLine[0]?.includes('esbuild'));
    for (let tries = 0; running().length > 0; tries += 1) {
      assert.ok(tries < 300, `still running: ${running()[0]?.commandLine.join(' ')}`);
      await sleep(50);
    }
  });
});
