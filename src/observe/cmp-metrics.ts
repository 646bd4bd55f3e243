/** Metrics of CMP. */
import { Counter, type Registry } from 'prom-client';

export function cmpMetrics(registers: Registry[]) {
  return {
    cmpMessages: new Counter({
      name: 'pfcng_cmp_messages_total',
      help: 'Messages of CMP clients, by their body and the failInfo of the answer (none: no failure).',
      labelNames: ['body', 'failInfo'],
      registers,
    }),
    cmpIterations: new Counter({
      name: 'pfcng_cmp_iterations_total',
      help: 'Iterations of key derivations for MACs of CMP messages.',
      registers,
    }),
    cmpUnprotectedErrors: new Counter({
      name: 'pfcng_cmp_unprotected_errors_total',
      help: 'Errors without protection, because too many messages could not be verified or no key could sign.',
      registers,
    }),
  } as const;
}
