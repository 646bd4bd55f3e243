/** A host on a network that a test has made (`network.ts`). */
import type { Person } from './unprivileged.js';

export type Host = {
  readonly name: string;
  /** The address that it keeps. */
  readonly address: string;
  /** The beginning of a command that runs the rest on this host. */
  readonly enter: (person?: Person) => readonly string[];
};
