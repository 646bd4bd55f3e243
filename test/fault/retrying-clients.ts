/** Clients that order certificates while something fails, and retry with their keys. */
import type { Client } from '../support/service/client.js';
import type { ServiceHome } from '../support/service/home.js';
import { until } from '../support/until.js';
import { type Ledger, openIntents } from './ledger.js';
import { makeAttempts, type Outcome, send } from './storm.js';

export type RetryingClients = {
  /** Some simultaneous requests of several profiles, each with an idempotency key. */
  readonly ask: () => Promise<readonly Outcome[]>;
  /** The outcomes of all requests so far that were not answered with a certificate. */
  readonly refused: readonly Outcome[];
  /**
   * Waits until new requests are granted, all clients that were refused have their certificates,
   * and no intent is open.
   */
  readonly allAreGranted: () => Promise<void>;
};

export function retryingClients(
  at: ServiceHome,
  { client, ledger, atOnce }: { readonly client: Client; readonly ledger: Ledger; readonly atOnce: number },
): RetryingClients {
  const refused: Outcome[] = [];
  const ask = async (): Promise<readonly Outcome[]> => {
    const attempts = makeAttempts(atOnce).filter(({ key }) => key !== null);
    const outcomes = await Promise.all(attempts.map((attempt) => send(client, attempt)));
    ledger.add(outcomes);
    refused.push(...outcomes.filter(({ answer }) => answer?.status !== 201));
    return outcomes;
  };
  const areGranted = (outcomes: readonly Outcome[]): boolean => outcomes.every(({ answer }) => answer?.status === 201);
  return {
    ask,
    refused,
    async allAreGranted() {
      await until('new requests are granted', async () => areGranted(await ask()));
      await until('clients that were refused are granted', async () => {
        const again = await Promise.all(refused.map(({ attempt }) => send(client, attempt)));
        ledger.add(again);
        return areGranted(again);
      });
      await until('no intent is left open', async () => (await openIntents(at)).length === 0);
    },
  };
}
