/** Many simultaneous requests with their outcomes, and the moments at which to kill something. */
import { randomUUID } from 'node:crypto';
import type { Answer, Client, IssuedCertificate, Problem } from '../support/service/client.js';
import { type Body, bodyOf, cardBody, nextNumber, tokenId } from '../support/service/orders.js';
import { until } from '../support/until.js';

export type Attempt = {
  readonly path: string;
  readonly body: Body;
  /** null: sent without an Idempotency-Key, so that its result cannot be fetched later. */
  readonly key: string | null;
};

/** null: the connection broke, and the outcome is unknown. */
export type Outcome = { readonly attempt: Attempt; readonly answer: Answer | null };

/**
 * Cards of FORT, staff of STANDARD, systems and servers of ELEMENTAIRE, so that every CA signer is
 * used.
 */
export function makeAttempts(count: number): readonly Attempt[] {
  return Array.from({ length: count }, (_, at) => {
    switch (at % 4) {
      case 0: {
        const number = nextNumber();
        const path = `/v1/cards/${encodeURIComponent(tokenId(number))}/certificates`;
        return { path, body: cardBody(number), key: randomUUID() };
      }
      case 1:
        return { path: '/v1/certificates', body: bodyOf('elementaire/org-auth-cli'), key: randomUUID() };
      case 2:
        return { path: '/v1/certificates', body: bodyOf('standard/cpe-authentication'), key: null };
      default:
        return { path: '/v1/certificates', body: bodyOf('elementaire/serv-ssl'), key: randomUUID() };
    }
  });
}

export async function send(client: Client, attempt: Attempt): Promise<Outcome> {
  const { path, body, key } = attempt;
  const headers: Record<string, string> = key === null ? {} : { 'idempotency-key': key };
  try {
    return { attempt, answer: await client.call('POST', path, { body, headers }) };
  } catch (error) {
    // A wrong response is a finding; a broken connection is caused by this test.
    if (error instanceof Error && error.name === 'AssertionError') throw error;
    return { attempt, answer: null };
  }
}

/**
 * Sends an attempt again while the service has no time for it, or still works on it: on a busy
 * machine, requests wait longer for database and signer than the service lets them.
 */
export async function sendUntilTaken(client: Client, attempt: Attempt): Promise<Outcome> {
  let outcome = await send(client, attempt);
  await until('the service has time for a request', async () => {
    if (!isPutOff(outcome)) return true;
    outcome = await send(client, attempt);
    return false;
  });
  return outcome;
}

const PUT_OFF = ['database-unavailable', 'signer-unavailable', 'in-progress'];

function isPutOff({ answer }: Outcome): boolean {
  return answer !== null && answer.status >= 400 && PUT_OFF.includes((answer.body as Problem).code);
}

export type Storm = {
  readonly outcomes: Promise<readonly Outcome[]>;
  /** Resolves when this number of requests were answered, or have broken. */
  readonly answered: (count: number) => Promise<void>;
};

export function storm(client: Client, attempts: readonly Attempt[], sending = send): Storm {
  const waiting = new Set<{ readonly count: number; readonly wake: () => void }>();
  let done = 0;
  const outcomes = attempts.map(async (attempt) => {
    const outcome = await sending(client, attempt);
    done += 1;
    for (const one of waiting) if (done >= one.count) one.wake();
    return outcome;
  });
  return {
    outcomes: Promise.all(outcomes),
    answered: (count) =>
      new Promise((wake) => {
        if (done >= count) wake();
        else waiting.add({ count, wake });
      }),
  };
}

/** The certificates of an acknowledged outcome. */
export function acknowledged({ answer }: Outcome): readonly IssuedCertificate[] {
  if (answer === null || answer.status !== 201) return [];
  const body = answer.body as IssuedCertificate | { readonly certificates: readonly IssuedCertificate[] };
  return 'certificates' in body ? body.certificates : [body];
}

/** mulberry32: numbers from 0 to below 1, which a printed seed repeats. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
