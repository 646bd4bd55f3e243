/** The process that starts programs for `programs.ts` and returns what they say. */
import { spawn } from 'node:child_process';

export type Program = {
  readonly program: string;
  readonly args: readonly string[];
  /** Absent: the environment of the test. */
  readonly env?: NodeJS.ProcessEnv;
  readonly input?: Buffer | string;
};

export type ProgramOutcome = { readonly status: number | null; readonly stdout: Buffer; readonly stderr: Buffer };

export type Call = Program & { readonly id: number };
export type Answer = { readonly id: number } & (ProgramOutcome | { readonly error: string });

/** Ends what hangs; says nothing of speed. */
const DEADLINE_MS = 600_000;

function run({ id, program, args, env = process.env, input = '' }: Call): Promise<Answer> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'], timeout: DEADLINE_MS, env });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    child.once('error', ({ message }) => resolve({ id, error: message }));
    child.once('close', (status) =>
      resolve({ id, status, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr) }),
    );
  });
}

process.on('message', (call: Call) => {
  void run(call).then((answer) => process.send?.(answer));
});
