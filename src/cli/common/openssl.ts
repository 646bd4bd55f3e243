/** Runs OpenSSL as an independent judge, and records the command and its output. */
import { spawn } from 'node:child_process';
import { shellWord } from '../../kernel/shell-word.js';

export type Judgement = { readonly command: string; readonly status: number; readonly output: string };

export function openssl(args: readonly string[], folder: string): Promise<Judgement> {
  return new Promise((resolve) => {
    const child = spawn('openssl', args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
    const output: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => output.push(chunk));
    const command = ['openssl', ...args.map(shellWord)].join(' ');
    const finish = (status: number, text: string): void => resolve({ command, status, output: text.trim() });
    child.on('error', (error) => finish(127, error.message));
    child.on('close', (code) => finish(code ?? 1, Buffer.concat(output).toString('utf8')));
  });
}
