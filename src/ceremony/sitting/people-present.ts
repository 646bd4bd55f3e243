/** The people of a ceremony, the terminal in front of them, and the transcript. */
import type { Person } from '../plan/model.js';
import type { Facts, StepEvent } from '../transcript/transcript.js';
import type { Terminal } from './terminal.js';

export type PeoplePresent = {
  readonly terminal: Terminal;
  readonly note: (action: StepEvent, result: Facts) => Promise<void>;
  readonly people: readonly Person[];
};
