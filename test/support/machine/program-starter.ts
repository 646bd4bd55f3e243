/** The process that starts the programs of `service/judges.ts` and returns what they say. */
import { spawn } from 'node:child_process';

export type ProgramCall = {
  readonly id: number;
  readonly program: string;
  readonly args: readonly string[];
  readonly input: Buffer | string;
};

export type ProgramAnswer = { readonly id: number } & (
  | { readonly status: number | null; readonly stdout: Buffer; readonly stderr: Buffer }
  | { readonly error: string }
);

/** Ends what hangs; says nothing of speed. */
const DEADLINE_MS = 120_000;

function run({ id, program, args, input }: ProgramCall): Promise<ProgramAnswer> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'], timeout: DEADLINE_MS });
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

process.on('message', (wanted: ProgramCall) => {
  void run(wanted).then((answer) => process.send?.(answer));
});
