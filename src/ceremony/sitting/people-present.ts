/** Before whom something is shown, asked and written down. */
import type { Person } from '../plan/model.js';
import type { Aside, Facts } from '../transcript/transcript.js';
import type { Terminal } from './terminal.js';

export type Assembly = {
  readonly terminal: Terminal;
  readonly note: (action: Aside, result: Facts) => Promise<void>;
  readonly people: readonly Person[];
};
