/** Databases that the service is measured on. */
import type { ProcessFacts } from '../support/service-processes.js';

export type OpenDatabase = {
  /** What the service's configuration says of it. */
  readonly config: object;
  /** Processes of the database that are not the service's own. */
  readonly processes: () => readonly ProcessFacts[];
  readonly close: () => Promise<void>;
};

export type Database = {
  readonly name: string;
  /** Certificates a second with a P-256 CA key. */
  readonly goal: number;
  /** An empty one; or why there is none here, for the table. */
  readonly open: () => Promise<OpenDatabase | string>;
};

export const DATABASES: readonly Database[] = [
  {
    name: 'SQLite',
    goal: 1_500,
    open: async () => ({ config: {}, processes: () => [], close: async () => undefined }),
  },
];
