/**
 * Closes what a process has opened, in the reverse order: when its start fails, and at its normal
 * end.
 */
import type { Result } from '../kernel/result.js';

export type ClosingStack = {
  readonly push: (close: () => Promise<void> | void) => void;
  /**
   * Closes everything once; further calls wait for the first one. A part that fails to close does
   * not leave the others open: the first failure is thrown after all have been closed.
   */
  readonly close: () => Promise<void>;
};

export function createClosingStack(): ClosingStack {
  const stack: (() => Promise<void> | void)[] = [];
  let closing: Promise<void> | null = null;
  const closeAll = async (): Promise<void> => {
    const failures: unknown[] = [];
    for (let close = stack.pop(); close !== undefined; close = stack.pop()) {
      try {
        await close();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  };
  return {
    push: (close) => void stack.push(close),
    close: () => {
      closing ??= closeAll();
      return closing;
    },
  };
}

/**
 * Opens a resource that consists of several parts. If `open` fails or throws, the parts that it has
 * pushed onto the stack are closed.
 */
export async function openOrClose<Value>(
  open: (closing: ClosingStack) => Promise<Result<Value, string>>,
): Promise<Result<Value, string>> {
  const closing = createClosingStack();
  try {
    const opened = await open(closing);
    if (!opened.ok) await closing.close();
    return opened;
  } catch (error) {
    await closing.close();
    throw error;
  }
}
