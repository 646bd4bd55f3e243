/**
 * Reports the state of the publication for `/readyz` and sets its metrics: the outlets, the public
 * addresses, and how long changes of status wait for a list.
 */
import { readOutletStates } from '../jobs/lists/outlets.js';
import { readSelfCheckState } from '../jobs/lists/self-check.js';
import { SECOND_MS } from '../kernel/duration.js';
import type { Metrics } from '../observe/metrics.js';
import type { World } from '../operations/world.js';
import type { Readiness } from '../ports/readiness.js';
import type { Home } from './home.js';
import type { HomeIssuers } from './issuers.js';
import type { Publication } from './publication.js';

export type PublicationState = { readonly isHealthy: boolean; readonly parts: Readiness['parts'] };

type PublicationReportInput = {
  readonly home: Pick<Home, 'config'>;
  readonly publication: Publication;
  readonly issuers: HomeIssuers;
  readonly store: Pick<World['store'], 'read'>;
};

export async function reportPublication(
  { home, publication, issuers, store }: PublicationReportInput,
  metrics: Metrics,
): Promise<PublicationState> {
  const { outlets, homeListFetcher, selfCheck, lag } = publication;
  const isChecking = home.config.publication.selfCheckSeconds > 0;
  const read = await store.read(async (reads) => ({
    outletStates: await readOutletStates(reads, outlets.names),
    // If the self-check is switched off, the faults that it has stored are not reported, because
    // they may have been repaired since.
    checked: isChecking ? await readSelfCheckState(reads) : null,
  }));
  // Without the database, only the state of the folder of this node is known.
  const { outletStates, checked } = read.ok ? read.value : { outletStates: [], checked: null };
  const states = [['home', homeListFetcher.state()] as const, ...outletStates];
  for (const [outlet, { state, behind }] of states) {
    for (const one of ['unknown', 'current', 'behind', 'down'])
      metrics.outletState.set({ outlet, state: one }, one === state ? 1 : 0);
    metrics.outletBehind.set({ outlet }, behind);
  }
  for (const { issuer, lagMs } of lag.takeMeasurements()) metrics.crlLag.observe({ issuer }, lagMs / SECOND_MS);
  for (const { id } of issuers.all()) metrics.crlWaiting.set({ issuer: id }, lag.waitingMs(id) / SECOND_MS);
  const { at, wrong } = checked ?? { at: null, wrong: {} };
  metrics.selfCheckAt.set((at ?? 0) / SECOND_MS);
  for (const address of at === null ? Object.keys(wrong) : selfCheck.addresses())
    metrics.selfCheckOk.set({ address }, address in wrong ? 0 : 1);
  const isRight = Object.keys(wrong).length === 0;
  const outletParts = states.map(
    ([name, { state, detail }]) => [name, detail === null ? state : `${state}: ${detail}`] as const,
  );
  return {
    // An outlet that was not visited yet does not count as degraded.
    isHealthy: isRight && states.every(([, { state }]) => state === 'current' || state === 'unknown'),
    parts: {
      outlets: Object.fromEntries(outletParts),
      publicAddresses: !isRight ? wrong : at !== null ? 'right' : isChecking ? 'not checked yet' : 'not checked',
    },
  };
}
