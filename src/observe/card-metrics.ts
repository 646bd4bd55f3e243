/** Metrics of cards in the field. */
import { Counter, type Registry } from 'prom-client';

export function cardMetrics(registers: Registry[]) {
  return {
    proofsRejected: new Counter({
      name: 'pfcng_proofs_rejected_total',
      help: 'Rules that refused statements of cards have broken.',
      labelNames: ['rule'],
      registers,
    }),
  } as const;
}
