/**
 * Faults of a remote update that the simulator makes on demand: the connection is lost, the card
 * loses power, the read-back is wrong, or the key of another card signs.
 */
import { err, ok, type Result } from '../../../kernel/result.js';

/** The calls of an update, by the names that `--fault` takes. */
export const CALLS = [
  'pending',
  'card',
  'keys',
  'capabilities',
  'begin',
  'read',
  'writing',
  'confirmation',
  'abandonment',
] as const;
export type CallName = (typeof CALLS)[number];

export type Fault =
  /** The request does not reach the service, or its answer does not reach the client. */
  | { readonly kind: 'connection-lost'; readonly when: 'before' | 'after'; readonly call: CallName }
  /** Writes of the card are counted from 1 in each run; this one does not take effect. */
  | { readonly kind: 'power-lost'; readonly atWrite: number }
  /** One hash of the read-back is not that of what was written. */
  | { readonly kind: 'wrong-read-back' }
  /** The card in this folder signs the statement of the update. */
  | { readonly kind: 'other-card'; readonly folder: string };

/** Ends a run, with the reason for people. The card keeps what was written before. */
export class Interrupted extends Error {}

export const FAULT_FORMS = 'before:CALL, after:CALL, power:WRITE, read-back, other-card:FOLDER';

const WRITE = /^[1-9][0-9]{0,3}$/;

/** The error is for people. */
export function readFault(text: string): Result<Fault, string> {
  const [kind = '', ...rest] = text.split(':');
  const value = rest.join(':');
  const call = CALLS.find((name) => name === value);
  if ((kind === 'before' || kind === 'after') && call !== undefined)
    return ok({ kind: 'connection-lost', when: kind, call });
  if (kind === 'power' && WRITE.test(value)) return ok({ kind: 'power-lost', atWrite: Number(value) });
  if (text === 'read-back') return ok({ kind: 'wrong-read-back' });
  if (kind === 'other-card' && value !== '') return ok({ kind: 'other-card', folder: value });
  return err(`no fault ${text}: one of ${FAULT_FORMS}, where CALL is ${CALLS.join(', ')}`);
}

/** Makes one call, and loses the connection before or after it if a fault says so. */
export async function callWith<Answer>(
  faults: readonly Fault[],
  call: CallName,
  send: () => Promise<Answer>,
): Promise<Answer> {
  loseConnection(faults, 'before', call);
  const answer = await send();
  loseConnection(faults, 'after', call);
  return answer;
}

function loseConnection(faults: readonly Fault[], when: 'before' | 'after', call: CallName): void {
  const isLost = faults.some((fault) => fault.kind === 'connection-lost' && fault.when === when && fault.call === call);
  if (isLost) throw new Interrupted(`the connection was lost ${when} the call ${call}; the next run resumes`);
}
