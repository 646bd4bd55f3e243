/**
 * A person at a terminal: a program in a pseudo-terminal (python3's pty module), and answers that
 * are typed when it asks.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

const PTY = `
import os, pty, sys
status = pty.spawn(sys.argv[1:])
sys.exit(os.waitstatus_to_exitcode(status) if os.WIFEXITED(status) else 70)
`;

/**
 * The text of a screen without the control sequences of its prompts; long lines are joined again.
 */
export function unwrapped(screen: string): string {
  return printed(screen).replace(/\n(?:pfcng: )? {2,}(?! |- |\d+\. )/g, ' ');
}

/** ECMA-48 5.4: a control sequence is ESC [, parameters, and a letter. */
const CONTROL_SEQUENCES = new RegExp(`${String.fromCharCode(0x1b)}\\[[\\d;?]*[A-Za-z]`, 'g');

/** The lines as they stand on the screen. */
export function printed(screen: string): string {
  return screen.replace(CONTROL_SEQUENCES, '').replaceAll('\r\n', '\n');
}

/**
 * When the unanswered end of the screen matches `when`, as it is or unwrapped before the prompt of
 * a ceremony, the result of `type` is typed; null: the next rule is asked. `seen` is the screen so
 * far.
 */
export type Rule = {
  readonly when: RegExp;
  readonly type: (found: RegExpMatchArray, asked: number, seen: string) => string | null;
};

export type Sitting = {
  /** null: it was killed. */
  readonly code: number | null;
  /** Everything that was on the screen. */
  readonly seen: string;
};

export type SittingOptions = {
  readonly rules: readonly Rule[];
  readonly env?: NodeJS.ProcessEnv;
  /**
   * Called with each question before it is answered; true: the program is killed there (SIGKILL).
   */
  readonly kill?: (question: string, asked: number) => boolean;
};

/**
 * Runs `command` until it ends, and answers what is on the screen by the first rule that matches.
 */
export function sit(command: readonly string[], { rules, env, kill }: SittingOptions): Promise<Sitting> {
  const child = spawn('python3', ['-c', PTY, ...command], { stdio: ['pipe', 'pipe', 'inherit'], env });
  let seen = '';
  let answered = 0;
  let asked = 0;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    seen += text;
    const open = seen.slice(answered);
    // Only the prompt of ceremonies stands below its question, which may be several lines long.
    const joined = unwrapped(open);
    const isAsked = joined.endsWith('\n> ');
    for (const { when, type } of rules) {
      const found = open.match(when) ?? (isAsked ? joined.match(when) : null);
      if (found?.index === undefined) continue;
      asked += 1;
      if (kill?.(found[0], asked) === true) {
        killProgram(child);
        return;
      }
      const typed = type(found, asked, seen);
      if (typed === null) continue;
      answered = seen.length;
      child.stdin.write(typed);
      return;
    }
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code === 70 ? null : code, seen }));
  });
}

/**
 * Kills the program itself, which is the only child of the process that has the pseudo-terminal.
 */
function killProgram({ pid }: ChildProcess): void {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ');
  for (const child of children) process.kill(Number(child), 'SIGKILL');
}
