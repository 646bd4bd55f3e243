/** What the questions of a ceremony use: the terminal, the transcript and the people present. */
import type { Person } from '../plan/model.js';
import type { Facts, StepEvent } from '../transcript/transcript.js';
import type { Terminal } from './terminal.js';

export type SittingContext = {
  readonly terminal: Terminal;
  /** Appends an entry about an event within a step. */
  readonly note: (action: StepEvent, result: Facts) => Promise<void>;
  readonly people: readonly Person[];
};
