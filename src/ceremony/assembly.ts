/** Before whom something is shown, asked and written down. */
import type { Facts } from './decide.js';
import type { Person } from './plan.js';
import type { Terminal } from './terminal.js';
import type { Aside } from './transcript.js';

export type Assembly = {
  readonly terminal: Terminal;
  readonly note: (action: Aside, result: Facts) => Promise<void>;
  readonly people: readonly Person[];
};
