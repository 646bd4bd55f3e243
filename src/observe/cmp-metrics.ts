/** Metrics of CMP. */
import { Counter, Gauge, type Registry } from 'prom-client';

export function cmpMetrics(registers: Registry[]) {
  return {
    cmpMessages: new Counter({
      name: 'pfcng_cmp_messages_total',
      help: 'Messages of CMP clients, by their body and the failInfo of the answer (none: no failure).',
      labelNames: ['body', 'fail_info'],
      registers,
    }),
    cmpIterations: new Counter({
      name: 'pfcng_cmp_iterations_total',
      help: 'Iterations of key derivations for MACs of CMP messages.',
      registers,
    }),
    cmpUndetermined: new Gauge({
      name: 'pfcng_cmp_undetermined_certificates',
      help: 'Certificates by CMP that were not confirmed in time, stay good, and may still be confirmed.',
      registers,
    }),
    cmpOldestWaiting: new Gauge({
      name: 'pfcng_cmp_oldest_waiting_seconds',
      help: 'Age of the oldest CMP transaction whose client polls for its answer; 0: none waits.',
      registers,
    }),
    cmpUnprotectedErrors: new Counter({
      name: 'pfcng_cmp_unprotected_errors_total',
      help: 'Errors without protection, because too many messages could not be verified or no key could sign.',
      registers,
    }),
  } as const;
}
