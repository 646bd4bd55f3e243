/**
 * Runs the supervisor as a child process of the service, and restarts it when it ends. The
 * supervisor stops at the end of its standard input.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createBackOff } from '../back-off.js';

type SupervisorCommand = {
  /**
   * Program and arguments, which must include `--attached`: `[process.execPath, 'main.js',
   * 'signer', '--attached']`.
   */
  readonly argv: readonly [string, ...string[]];
  readonly env: NodeJS.ProcessEnv;
  /**
   * Descriptor of an open file for the log of the supervisor; absent: the standard error of this
   * process.
   */
  readonly stderr?: number;
  /** Called when the supervisor starts or ends. */
  readonly log: (event: { readonly event: string; readonly pid?: number; readonly how?: string }) => void;
};

export type SupervisorProcess = {
  pid(): number | null;
  /**
   * Stops the supervisor, and resolves when it has ended. Kills it if that takes longer than
   * `graceMs`.
   */
  stop(graceMs?: number): Promise<void>;
};

const GRACE_MS = 5_000;
/** When a supervisor ran for this long, the back-off starts again from its first pause. */
const STABLE_AFTER_MS = 10_000;

export function startSupervisorProcess({ argv, env, log, stderr }: SupervisorCommand): SupervisorProcess {
  const backOff = createBackOff();
  let child: ChildProcess | null = null;
  let timer: NodeJS.Timeout | null = null;
  let ended: (() => void) | null = null;

  function start(): void {
    const startedAt = performance.now();
    const [program, ...args] = argv;
    // The standard input of the supervisor is a pipe that ends when this process ends for any
    // reason.
    const started = spawn(program, args, { stdio: ['pipe', 'inherit', stderr ?? 'inherit'], env });
    child = started;
    log({ event: 'supervisor-started', ...(started.pid === undefined ? {} : { pid: started.pid }) });
    let gone = false;
    const handleEnd = (how: string): void => {
      if (gone) return;
      gone = true;
      child = null;
      log({ event: 'supervisor-gone', how });
      if (ended) {
        ended();
        return;
      }
      if (performance.now() - startedAt > STABLE_AFTER_MS) backOff.reset();
      timer = setTimeout(start, backOff.next());
    };
    started.on('error', (error) => {
      if (started.pid === undefined) handleEnd(error.message);
    });
    started.on('exit', (code, signal) => handleEnd(signal ?? `exit code ${code}`));
    started.stdin?.on('error', () => undefined);
  }

  start();
  return {
    pid: () => child?.pid ?? null,
    stop(graceMs = GRACE_MS) {
      if (timer) clearTimeout(timer);
      const last = child;
      if (last === null) return Promise.resolve();
      return new Promise((resolve) => {
        const killTimer = setTimeout(() => last.kill('SIGKILL'), graceMs);
        ended = () => {
          clearTimeout(killTimer);
          resolve();
        };
        last.stdin?.end();
      });
    },
  };
}
