/** Metrics of cards in the field. */
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** From seconds, for a card that stays in its reader, to days, for one that comes back later. */
const CONFIRM_BUCKETS_S = [5, 15, 30, 60, 120, 300, 600, 1_800, 3_600, 86_400, 259_200];
/** Names of middleware that have a series of their own; later ones are counted as `other`. */
const MIDDLEWARE_MAX = 50;

export function cardMetrics(registers: Registry[]) {
  const confirmSeconds = new Histogram({
    name: 'pfcng_update_confirm_seconds',
    help: 'Time from the offer of an update to the confirmation by its card, by middleware.',
    labelNames: ['middleware'],
    buckets: CONFIRM_BUCKETS_S,
    registers,
  });
  const known = new Set<string>();
  return {
    proofsRejected: new Counter({
      name: 'pfcng_proofs_rejected_total',
      help: 'Refused statements of cards, by the rule that they broke.',
      labelNames: ['rule'],
      registers,
    }),
    updatesContradicted: new Counter({
      name: 'pfcng_updates_contradicted_total',
      help: 'Statements of cards that contradict what two officers have decided about an update.',
      registers,
    }),
    updates: new Gauge({
      name: 'pfcng_updates',
      help: 'Updates of cards that have not ended, by state: issuing, offered, writing, undetermined, or confirmed.',
      labelNames: ['state'],
      registers,
    }),
    undeterminedOldest: new Gauge({
      name: 'pfcng_update_undetermined_oldest_seconds',
      help: 'Since when the oldest undetermined update waits for its card or for two officers; 0: there is none.',
      registers,
    }),
    /** Accounts state the names, so their number is limited. */
    observeConfirmation: (middleware: string, ms: number): void => {
      if (known.size < MIDDLEWARE_MAX) known.add(middleware);
      confirmSeconds.observe({ middleware: known.has(middleware) ? middleware : 'other' }, ms / 1_000);
    },
  } as const;
}
