/** How the service runs the supervisor: as its one child, restarted when it dies, ended by the end of its standard input. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createBackOff } from '../back-off.js';

export type SupervisorCommand = {
  /** Program and arguments, `--attached` among them: `[process.execPath, 'main.js', 'signer', '--attached']`. */
  readonly argv: readonly [string, ...string[]];
  readonly env: NodeJS.ProcessEnv;
  /** Where its log goes: our own standard error, or an open file. */
  readonly stderr?: number;
  /** One line when it starts or ends. */
  readonly log: (event: { readonly event: string; readonly pid?: number; readonly how?: string }) => void;
};

export type SupervisorProcess = {
  pid(): number | null;
  /** Ends it and waits; kills it when it takes longer than `graceMs`. */
  stop(graceMs?: number): Promise<void>;
};

const GRACE_MS = 5_000;
/** A supervisor that ran for so long starts the back-off anew. */
const STABLE_AFTER_MS = 10_000;

export function startSupervisorProcess({ argv, env, log, stderr }: SupervisorCommand): SupervisorProcess {
  const backOff = createBackOff();
  let child: ChildProcess | null = null;
  let timer: NodeJS.Timeout | null = null;
  let ended: (() => void) | null = null;

  function start(): void {
    const startedAt = performance.now();
    const [program, ...args] = argv;
    // Its standard input is a pipe that we hold: it ends with us, however we end.
    const started = spawn(program, args, { stdio: ['pipe', 'inherit', stderr ?? 'inherit'], env });
    child = started;
    log({ event: 'supervisor-started', ...(started.pid === undefined ? {} : { pid: started.pid }) });
    let gone = false;
    const vanish = (how: string): void => {
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
      if (started.pid === undefined) vanish(error.message);
    });
    started.on('exit', (code, signal) => vanish(signal ?? `exit code ${code}`));
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
        const impatience = setTimeout(() => last.kill('SIGKILL'), graceMs);
        ended = () => {
          clearTimeout(impatience);
          resolve();
        };
        last.stdin?.end();
      });
    },
  };
}
