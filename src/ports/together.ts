/**
 * Statements of one read or transaction that do not depend on each other are started together:
 * others wait for the end of a transaction, and each statement that is awaited alone lets it wait
 * for the event loop once more.
 */

type Values<Statements extends readonly Promise<unknown>[]> = {
  -readonly [At in keyof Statements]: Awaited<Statements[At]>;
};

/**
 * As `Promise.all`, but rejects only when all have ended, so that none is still executed after the
 * end of its read.
 */
export async function together<const Statements extends readonly Promise<unknown>[]>(
  statements: Statements,
): Promise<Values<Statements>> {
  await Promise.allSettled(statements);
  return Promise.all(statements) as Promise<Values<Statements>>;
}
