/**
 * `pfcng signer unlock <token>`: an officer types the PIN of a token, which goes to the process
 * that has the token, and nowhere else.
 */
import { createSignerClient } from '../../../hsm/client/client.js';
import { readUnlockGreeting, sendPin, type UnlockFailure } from '../../../hsm/client/pin-client.js';
import type { TokenConfiguration } from '../../../hsm/configuration.js';
import { pinFault, type UnlockGreeting, type UnlockOutcome } from '../../../hsm/wire/pin-frames.js';
import { typePin } from '../../terminal/line-reader.js';
import { fail, say } from '../../terminal/say.js';

const TRIES_LEFT = {
  few: 'The token reports that few tries are left.',
  one: 'The token reports that one try is left: a wrong PIN now locks it.',
  none: 'The token reports that its PIN is locked: its security officer (SO) must set a new one.',
} as const satisfies Record<NonNullable<UnlockGreeting['tries']>, string>;

const STATUS_DEADLINE_MS = 2_000;

export async function unlockToken(token: TokenConfiguration): Promise<void> {
  const { name, pin: source } = token;
  if (source.from !== 'officer')
    return fail([`the signer of ${name} reads its PIN from a ${source.from}: it is not typed`]);
  const greeting = await readUnlockGreeting(source.socket);
  if (!greeting.ok) return fail(await failureText(token, greeting.error));
  if ('outcome' in greeting.value) return fail(outcomeText(name, greeting.value));
  if (greeting.value.tries !== null) process.stderr.write(`${TRIES_LEFT[greeting.value.tries]}\n`);
  const typed = await typePin(process.stdin, `PIN of ${name} (it is not shown): `);
  if (typed.kind === 'cancelled') return fail(['nothing was sent']);
  try {
    const fault = pinFault(typed.pin);
    if (fault !== null) return fail([`nothing was sent: ${fault}`]);
    const outcome = await sendPin(source.socket, typed.pin);
    if (!outcome.ok) return fail(await failureText(token, outcome.error));
    if (outcome.value.outcome === 'unlocked') say(`${name} is unlocked and can sign.`);
    else fail(outcomeText(name, outcome.value));
  } finally {
    typed.pin.fill(0);
  }
}

/** Describes what happened, and what to do next. */
export function outcomeText(name: string, outcome: Exclude<UnlockOutcome, { outcome: 'unlocked' }>): readonly string[] {
  switch (outcome.outcome) {
    case 'refused': {
      const tries = outcome.tries === null ? [] : [TRIES_LEFT[outcome.tries]];
      const next = outcome.tries === 'none' ? [] : ['The signer still waits: check the PIN, then try again.'];
      return [`refused: ${outcome.detail}`, ...tries, ...next];
    }
    case 'failed':
      return [
        `${name} cannot be opened, for another reason than the PIN: ${outcome.detail}`,
        'Its signer restarts by itself and then waits for the PIN again.',
      ];
    case 'malformed':
      return [`the PIN was not tried: ${outcome.detail}`];
    case 'too-soon':
      return [`not tried so soon after a refusal: wait ${Math.ceil(outcome.retryAfterMs / 1000)} s, then try again`];
    case 'busy':
      return ['another officer is typing its PIN: try again in a moment'];
  }
}

async function failureText(token: TokenConfiguration, failure: UnlockFailure): Promise<readonly string[]> {
  switch (failure.kind) {
    case 'not-waiting':
      return [`no signer waits for the PIN of ${token.name}: ${await signerState(token)}`];
    case 'not-permitted':
      return [
        `this user may not reach ${failure.path}`,
        `Run the command as the user of the signer: sudo -u USER pfcng signer unlock ${token.name}`,
      ];
    case 'no-outcome':
      return [failure.detail];
  }
}

async function signerState({ sockets }: TokenConfiguration): Promise<string> {
  const none = { certificateSockets: new Map(), crlSockets: new Map(), ocspSockets: new Map() };
  const client = createSignerClient({ ...none, deadlineMs: STATUS_DEADLINE_MS });
  try {
    const status = await client.status(sockets[0]?.path ?? '');
    if (!status.ok) return 'none is running';
    const { state, lastError } = status.value;
    return state === 'ready' ? 'it is ready, and signs' : `it is ${state}: ${lastError}`;
  } finally {
    client.close();
  }
}
