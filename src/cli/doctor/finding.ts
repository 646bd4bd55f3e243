/** What a check of `pfcng doctor` has found. */
export type Finding = {
  /**
   * `warning`: nothing is wrong, and something is missing that most installations need; the doctor
   * still succeeds. `unchecked`: another fault has to be repaired before this can be checked.
   */
  readonly state: 'ok' | 'warning' | 'fault' | 'unchecked';
  /** May have several lines. */
  readonly detail: string;
  /** What a person does after this fault or warning; replaces `whatToDo` of the check. */
  readonly whatToDo?: string;
};

export const fine = (detail: string): Finding => ({ state: 'ok', detail });
export const warned = (detail: string, whatToDo: string): Finding => ({ state: 'warning', detail, whatToDo });
export const faulty = (detail: string): Finding => ({ state: 'fault', detail });
export const unchecked = (detail: string): Finding => ({ state: 'unchecked', detail });
