/**
 * Starts statements of one read or transaction together if they do not depend on each other. After
 * each statement that is awaited alone, the transaction waits for the event loop, and all other
 * transactions wait for it.
 */

type Values<Statements extends readonly Promise<unknown>[]> = {
  -readonly [At in keyof Statements]: Awaited<Statements[At]>;
};

/**
 * Resolves with the results in the order of the statements. Rejects with the error of the statement
 * that was the first to fail, but only when all have ended, so that none is executed after the end
 * of its read or transaction.
 */
export async function together<const Statements extends readonly Promise<unknown>[]>(
  statements: Statements,
): Promise<Values<Statements>> {
  try {
    return (await Promise.all(statements)) as Values<Statements>;
  } finally {
    await Promise.allSettled(statements);
  }
}
