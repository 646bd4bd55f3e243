/** Metrics of registrations. */
import { Counter, type Registry } from 'prom-client';

export function registrationMetrics(registers: Registry[]) {
  return {
    registrationSecretFailures: new Counter({
      name: 'pfcng_registration_secret_failures_total',
      help: 'Wrong secrets that were sent with references of registrations or accounts.',
      registers,
    }),
  } as const;
}
