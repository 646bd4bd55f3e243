/** Runs the shell commands of the pages as they are written, against a running service. */
import { spawn } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PACKAGE_ROOT, PROGRAM } from './home.js';
import type { Service } from './service.js';

export type ShellResult = { readonly status: number | null; readonly output: string };

export type PageShell = {
  /** The working directory of the commands. */
  readonly folder: string;
  /**
   * The blocks of a page in their order, with the addresses of this service for those of the
   * development default.
   */
  readonly blocksOf: (page: string, language?: 'sh' | 'python' | 'ts') => Promise<readonly string[]>;
  readonly run: (script: string) => Promise<ShellResult>;
  readonly close: () => Promise<void>;
};

export async function openPageShell({ at, urls }: Service): Promise<PageShell> {
  const folder = await mkdtemp(join(tmpdir(), 'pfcng-docs-'));
  await symlink(at.home, join(folder, 'var'));
  for (const name of ['scripts', 'ops']) await symlink(join(PACKAGE_ROOT, name), join(folder, name));
  await writeFile(join(folder, 'npx'), `#!/bin/sh\nshift\nexec '${process.execPath}' '${PROGRAM}' "$@"\n`);
  await chmod(join(folder, 'npx'), 0o755);
  const env = {
    ...process.env,
    PATH: `${folder}:${process.env.PATH}`,
    PFCNG_HOME: at.home,
    PFCNG_CONFIG: at.configFile,
  };
  return {
    folder,
    blocksOf: async (page, language = 'sh') => {
      const text = await readFile(join(PACKAGE_ROOT, page), 'utf8');
      return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(([, block = '']) =>
        block
          .replaceAll('https://127.0.0.1:8443', urls.api)
          .replaceAll('http://127.0.0.1:8080', urls.publication)
          .replaceAll('http://127.0.0.1:8081', urls.cmp)
          .replaceAll('http://127.0.0.1:9090', urls.operators),
      );
    },
    run: (script) =>
      new Promise((resolve, reject) => {
        const child = spawn('bash', ['-euo', 'pipefail', '-c', script], {
          cwd: folder,
          env,
          stdio: ['ignore', 'pipe', 'pipe'],
        });
        const chunks: string[] = [];
        for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => chunks.push(String(chunk)));
        child.on('error', reject);
        child.on('close', (status) => resolve({ status, output: chunks.join('') }));
      }),
    close: () => rm(folder, { recursive: true, force: true }),
  };
}
