/** Converts nodes with their runs to the JSON of the API and of `pfcng nodes`. */
import { formatInstant } from '../../kernel/clock.js';
import type { RunRecord } from '../../ports/store/nodes.js';

export type ShownNode = {
  readonly id: string;
  readonly name: string;
  readonly runs: readonly ShownRun[];
};

type ShownRun = {
  readonly run: string;
  /** `live`, or how the run ended. */
  readonly state: 'live' | 'stopped' | 'restarted' | 'lost';
  readonly host: string;
  readonly roles: readonly string[];
  readonly version: string;
  readonly schemaLevel: number;
  readonly policyDigest: string;
  readonly configDigest: string;
  readonly publication: string | null;
  readonly clockOffsetMs: number;
  readonly startedAt: string;
  readonly seenAt: string;
  readonly endedAt: string | null;
};

/**
 * Groups the runs by node. Nodes are in the order of their names; the runs of a node keep the order
 * in which they are given.
 */
export function renderNodes(runs: readonly RunRecord[]): readonly ShownNode[] {
  const nodes = new Map<string, { readonly id: string; readonly name: string; readonly runs: ShownRun[] }>();
  for (const run of runs) {
    const known = nodes.get(run.node) ?? { id: run.node, name: run.name, runs: [] };
    nodes.set(run.node, known);
    known.runs.push(renderRun(run));
  }
  return [...nodes.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
}

function renderRun({ run, host, roles, version, schemaLevel, end, ...record }: RunRecord): ShownRun {
  const { policyDigest, configDigest, publicationUrl, clockOffsetMs, startedAt, seenAt } = record;
  return {
    run,
    state: end?.reason ?? 'live',
    host,
    roles,
    version,
    schemaLevel,
    policyDigest,
    configDigest,
    publication: publicationUrl,
    clockOffsetMs,
    startedAt: formatInstant(startedAt),
    seenAt: formatInstant(seenAt),
    endedAt: end === null ? null : formatInstant(end.at),
  };
}
