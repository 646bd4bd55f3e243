/** Metrics of registrations, and of requests by EST. Those of CMP are in `cmp-metrics.ts`. */
import { Counter, type Registry } from 'prom-client';

/**
 * How a request by EST ended. `waiting`: it is not decided or signed yet, and the client
 * asks again. `limited`: the account has reached one of its limits. `unavailable`: the service
 * cannot answer now. `failed`: a fault of PFCNG.
 */
export type EnrolmentResult =
  | 'issued'
  | 'waiting'
  | 'unauthenticated'
  | 'not-permitted'
  | 'refused'
  | 'limited'
  | 'unavailable'
  | 'failed';

export function enrolmentCounter({ enrolmentRequests }: ReturnType<typeof registrationMetrics>) {
  return (protocol: 'est', outcome: EnrolmentResult): void => enrolmentRequests.inc({ protocol, outcome });
}

export function registrationMetrics(registers: Registry[]) {
  return {
    registrationSecretFailures: new Counter({
      name: 'pfcng_registration_secret_failures_total',
      help: 'Wrong secrets that were sent with references of registrations or accounts.',
      registers,
    }),
    enrolmentRequests: new Counter({
      name: 'pfcng_enrolment_requests_total',
      help:
        'Requests for certificates by EST (CMP: pfcng_cmp_messages_total), by outcome: issued, waiting, unauthenticated, not-permitted, ' +
        'refused, limited, unavailable, or failed.',
      labelNames: ['protocol', 'outcome'],
      registers,
    }),
  } as const;
}
