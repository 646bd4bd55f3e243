/** Other people's programs as judges: OpenSSL, GnuTLS, zlint, curl. */
import { spawn } from 'node:child_process';

export type Verdict = {
  readonly status: number | null;
  /** Standard output, then standard error. */
  readonly output: string;
  readonly bytes: Buffer;
  /** As a person would type it. */
  readonly command: string;
};

/** Ends what hangs; says nothing of speed. */
const DEADLINE_MS = 120_000;

export function judge(program: string, args: readonly string[], input: Buffer | string = ''): Promise<Verdict> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'], timeout: DEADLINE_MS });
    const out: Buffer[] = [];
    const errors: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    child.once('error', reject);
    child.once('close', (status) => {
      const output = Buffer.concat([...out, ...errors]).toString('utf8');
      resolve({ status, output, bytes: Buffer.concat(out), command: `${program} ${args.join(' ')}` });
    });
  });
}

export function openssl(...args: readonly string[]): Promise<Verdict> {
  return judge('openssl', args);
}
