/** Other people's programs as judges: OpenSSL, GnuTLS, zlint, curl. */
import { runProgram } from '../machine/programs.js';

export type Verdict = {
  readonly status: number | null;
  /** Standard output, then standard error. */
  readonly output: string;
  readonly bytes: Buffer;
  /** As a person would type it. */
  readonly command: string;
};

export async function judge(program: string, args: readonly string[], input: Buffer | string = ''): Promise<Verdict> {
  const { status, stdout, stderr } = await runProgram({ program, args, input });
  const output = Buffer.concat([stdout, stderr]).toString('utf8');
  return { status, output, bytes: stdout, command: `${program} ${args.join(' ')}` };
}

export function openssl(...args: readonly string[]): Promise<Verdict> {
  return judge('openssl', args);
}
