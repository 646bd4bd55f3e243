/**
 * A guard of the product, as a change that removes it and the test that must then fail. `npm run
 * mutants` makes each change in a copy of the checkout and demands that failure.
 */
export type Mutant = {
  /** The guarantee that the guard gives, as a sentence. */
  readonly guard: string;
  readonly file: string;
  /** The text that is replaced. It occurs exactly once in the file; a unit test checks it. */
  readonly find: string;
  readonly replace: string;
  /** The test file that is run. */
  readonly test: string;
  /** Part of the title of the test that must fail. */
  readonly title: string;
  /** Part of the message of the failure, where the title alone does not say what is seen. */
  readonly message?: string;
  /** The tests of the file build on each other, and all of them are run. */
  readonly whole?: true;
  /** The test does not end without the guard. */
  readonly hangs?: true;
};

/** Mutants by name; the name is what `npm run mutants -- NAME` takes. */
export type Mutants = Readonly<Record<string, Mutant>>;

type Change = Omit<Mutant, 'guard' | 'file' | 'test'>;

/** For several guards of one file that one test file sees. */
export function guardsOf(file: string, test: string): (guard: string, change: Change) => Mutant {
  return (guard, change) => ({ guard, file, test, ...change });
}
