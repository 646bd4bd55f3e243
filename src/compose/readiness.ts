/** Whether the service is ready, and what of it is not: for `/readyz`, and the metrics that are asked with it. */

import type { Readiness } from '../http/operators/server.js';
import { horizonStates, horizonsOf } from '../jobs/horizons.js';
import { SECOND_MS } from '../kernel/duration.js';
import type { Metrics } from '../observe/metrics.js';
import type { SignerMetrics } from '../observe/signers.js';
import { respondersOf } from '../ocsp/responder.js';
import { behindMs, readClockMark } from '../operations/clock.js';
import type { CrlRecord } from '../ports/store/crls.js';
import { reportPublication, scopesOf } from './publication.js';
import type { Core } from './service.js';

export async function readinessOf(
  { home, world, issuers, signerReports, publication, status }: Core,
  metrics: Metrics,
  signerMetrics: SignerMetrics,
): Promise<Readiness> {
  const asked = issuers.all().flatMap((issuer) => scopesOf(home, issuer).map((scope) => [issuer.id, scope] as const));
  const [reports, lists, mark] = await Promise.all([
    signerReports(),
    world.store.read((reads) => Promise.all(asked.map(([id, scope]) => reads.latestCrl(id, scope)))),
    world.store.read(readClockMark),
  ]);
  const behind = mark.ok ? behindMs(mark.value, world.clock()) : 0;
  metrics.clockBehind.set(behind / SECOND_MS);
  noteStatus(status, metrics);
  const horizons = horizonsOf(home.policy, issuers);
  for (const { issuer, horizon } of horizons)
    for (const [profile, from] of horizon.shortensFrom)
      metrics.shortenedFrom.set({ issuer: issuer.id, profile }, from / SECOND_MS);
  for (const [token, report] of reports) signerMetrics.set(token, report);
  const signers = Object.fromEntries([...reports].map(([token, { state }]) => [token, state]));
  const crls: Record<string, string> = {};
  for (const [at, [id, scope]] of asked.entries()) {
    const crl = lists.ok ? lists.value[at] : undefined;
    if (crl) showCrl(metrics, crl);
    const isFull = scope === 'full';
    // Who has the full list lacks nothing where the first delta, or the first list of a partition, is still to come.
    const none = isFull ? 'missing' : 'none yet';
    if (lists.ok) crls[isFull ? id : `${id} ${scope}`] = crl ? freshness(crl, world.clock()) : none;
  }
  const up = Object.values(signers).filter((state) => state === 'ready').length;
  const isTimely = behind === 0;
  const published = reportPublication(publication, issuers, metrics);
  const whole =
    published.whole &&
    isTimely &&
    up === Object.keys(signers).length &&
    Object.values(crls).every((state) => state === 'fresh' || state === 'none yet');
  const state = !lists.ok || up === 0 ? 'down' : whole ? 'ready' : 'degraded';
  const groups = groupStates(home.config.pkcs11.replicas, signers);
  return {
    ready: state !== 'down',
    state,
    parts: {
      ...{ signers, groups, database: lists.ok ? 'ready' : 'down', clock: isTimely ? 'ready' : 'behind', crls },
      ...published.parts,
      // Told, and no reason to be degraded: what is issued is shorter, and right.
      horizons: horizonStates(horizons, world.clock()),
    },
  };
}

function freshness({ nextUpdate }: CrlRecord, now: number): 'fresh' | 'expired' {
  return nextUpdate > now ? 'fresh' : 'expired';
}

function showCrl(metrics: Metrics, crl: CrlRecord): void {
  const { issuer, scope, number, thisUpdate, nextUpdate, sizeBytes, entries } = crl;
  metrics.crlNumber.set({ issuer, scope }, number);
  metrics.crlThisUpdate.set({ issuer, scope }, thisUpdate / SECOND_MS);
  metrics.crlNextUpdate.set({ issuer, scope }, nextUpdate / SECOND_MS);
  if (sizeBytes !== null) metrics.crlSize.set({ issuer, scope }, sizeBytes);
  if (entries !== null) metrics.crlEntries.set({ issuer, scope }, entries);
}

export function noteStatus({ feed, responders, responder, ahead }: Core['status'], metrics: Metrics): void {
  metrics.ocspStatusAge.set((feed?.staleMs() ?? 0) / SECOND_MS);
  const { entries, bytes } = responder.size();
  metrics.ocspKept.set(entries);
  metrics.ocspKeptBytes.set(bytes);
  metrics.ocspAheadSigned.reset();
  for (const [{ id: issuer }, { last, signed }] of ahead?.states() ?? []) {
    metrics.ocspAheadSigned.inc({ issuer }, signed);
    if (last !== null) metrics.ocspAheadMissing.set({ issuer }, last.live - last.ready);
  }
  for (const authority of responders.authorities())
    for (const { keyType, notAfter } of respondersOf(authority))
      metrics.ocspResponderNotAfter.set({ issuer: authority.issuer.id, key: keyType }, notAfter / SECOND_MS);
}

/** By the token whose keys the others have too: `degraded` while some of them sign, `down` when none does. */
function groupStates(
  replicas: Core['home']['config']['pkcs11']['replicas'],
  signers: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const groups = Object.entries(replicas).filter(([, { length }]) => length > 0);
  return Object.fromEntries(
    groups.map(([token, members]) => {
      const names = [token, ...members.map(({ name }) => name)];
      const up = names.filter((name) => signers[name] === 'ready').length;
      return [token, up === names.length ? 'ready' : up > 0 ? 'degraded' : 'down'];
    }),
  );
}
