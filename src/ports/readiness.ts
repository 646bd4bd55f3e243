/** What a process knows of its own state, as `/readyz` says it. */
import type { Json } from '../kernel/json.js';

/** The parts of a process, each of which may be wrong by itself. */
export const READINESS_PARTS = [
  'signers',
  'groups',
  'database',
  'durability',
  'disk',
  'clock',
  'runs',
  'drift',
  'accounts',
  'tagKeys',
  'jobs',
  'crls',
  'outlets',
  'publicAddresses',
  'horizons',
  'staleSeconds',
] as const;
export type ReadinessPart = (typeof READINESS_PARTS)[number];

export type Readiness = {
  /** Whether it can serve. */
  readonly ready: boolean;
  readonly state: 'ready' | 'degraded' | 'down';
  /** One word or sentence for each part, or for each of its members by their names. */
  readonly parts: { readonly [Part in ReadinessPart]?: Json };
};
