/** What the questions of a ceremony use: the people present, their terminal, and the transcript. */
import type { Person } from '../plan/model.js';
import type { Facts, StepEvent } from '../transcript/transcript.js';
import type { Terminal } from './terminal.js';

export type PeoplePresent = {
  readonly terminal: Terminal;
  /** Appends an entry about an event within a step. */
  readonly note: (action: StepEvent, result: Facts) => Promise<void>;
  readonly people: readonly Person[];
};
