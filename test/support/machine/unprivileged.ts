/** The user as whom tests run programs that refuse to run as root. */
import { execFileSync } from 'node:child_process';

/** Options of a new process. Empty: it is the user of the test. */
export type Person = { readonly uid?: number; readonly gid?: number };

/** PostgreSQL refuses to run as root. */
export function unprivileged(): Person {
  if (process.getuid?.() !== 0) return {};
  for (const name of ['postgres', 'nobody']) {
    try {
      const id = (what: string): number => Number(execFileSync('id', [what, name], { encoding: 'utf8' }));
      return { uid: id('-u'), gid: id('-g') };
    } catch {
      // There is no such user here.
    }
  }
  throw new Error('there is no unprivileged user to run PostgreSQL as');
}
