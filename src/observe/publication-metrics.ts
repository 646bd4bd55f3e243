/** Metrics of CRLs, outlets and public addresses. */
import { Gauge, Histogram, type Registry } from 'prom-client';

export function publicationMetrics(registers: Registry[]) {
  const ofIssuer = { labelNames: ['issuer'], registers } as const;
  const ofList = { labelNames: ['issuer', 'scope'], registers } as const;
  return {
    crlNextUpdate: new Gauge({
      name: 'pfcng_crl_next_update_timestamp_seconds',
      help: "Unix time of the published CRL's nextUpdate.",
      ...ofList,
    }),
    crlThisUpdate: new Gauge({
      name: 'pfcng_crl_this_update_timestamp_seconds',
      help: "Unix time of the published CRL's thisUpdate.",
      ...ofList,
    }),
    crlNumber: new Gauge({ name: 'pfcng_crl_number', help: 'crlNumber of the published CRL.', ...ofList }),
    crlSize: new Gauge({ name: 'pfcng_crl_size_bytes', help: 'Bytes of the published CRL.', ...ofList }),
    crlEntries: new Gauge({ name: 'pfcng_crl_entries', help: 'Entries of the published CRL.', ...ofList }),
    crlLag: new Histogram({
      name: 'pfcng_crl_publish_lag_seconds',
      help: 'Time from a change of status to the published list that has it, for the oldest change in each list.',
      ...ofIssuer,
      buckets: [1, 2, 5, 10, 30, 60, 300, 1800, 3600],
    }),
    crlWaiting: new Gauge({
      name: 'pfcng_crl_waiting_seconds',
      help: 'Age of the oldest change of status by this service that no published list has; 0: none waits.',
      ...ofIssuer,
    }),
    outletState: new Gauge({
      name: 'pfcng_outlet_state',
      help: '1 for the state of the outlet: unknown, current, behind, or down.',
      labelNames: ['outlet', 'state'],
      registers,
    }),
    outletBehind: new Gauge({
      name: 'pfcng_outlet_behind',
      help: 'Published lists and certificates that were missing at the outlet when it was last reached.',
      labelNames: ['outlet'],
      registers,
    }),
    selfCheckOk: new Gauge({
      name: 'pfcng_self_check_ok',
      help: '1 if the content at the public address was correct at the last check, 0 if not.',
      labelNames: ['address'],
      registers,
    }),
    selfCheckAt: new Gauge({
      name: 'pfcng_self_check_timestamp_seconds',
      help: 'Unix time of the last check of the public addresses; 0: none yet.',
      registers,
    }),
  } as const;
}
