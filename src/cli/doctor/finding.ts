/** What a check of `pfcng doctor` has found. */
export type Finding = {
  /** `unchecked`: another fault has to be repaired before this can be checked. */
  readonly state: 'ok' | 'fault' | 'unchecked';
  /** May have several lines. */
  readonly detail: string;
  /** What a person does after this fault; replaces `whatToDo` of the check. */
  readonly whatToDo?: string;
};

export const fine = (detail: string): Finding => ({ state: 'ok', detail });
export const faulty = (detail: string): Finding => ({ state: 'fault', detail });
export const unchecked = (detail: string): Finding => ({ state: 'unchecked', detail });
