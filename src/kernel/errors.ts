/** What was thrown: an error of Node or of a library, or in principle any other value. */

/** The message of an error, or the text of anything else that was thrown. */
export function errorMessage(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** The stack of an error, for the log, or the text of anything else that was thrown. */
export function errorStack(thrown: unknown): string {
  return thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
}

/** For `catch`: a missing file is null; other errors are thrown again. */
export function absent(error: unknown): null {
  if (hasCode(error, 'ENOENT')) return null;
  throw error;
}

/** Whether it is an error with this code, such as `ENOENT` for a failed system call (errno(3)). */
export function hasCode(thrown: unknown, code: string): boolean {
  return thrown instanceof Error && 'code' in thrown && thrown.code === code;
}
