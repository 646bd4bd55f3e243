/**
 * All metrics in the format of Prometheus. Every name is defined in this folder, so that the
 * authors of dashboards and alerts have one place to look.
 */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { campaignMetrics } from './campaign-metrics.js';
import { cardMetrics } from './card-metrics.js';
import { certificateMetrics } from './certificate-metrics.js';
import { cmpMetrics } from './cmp-metrics.js';
import { publicationMetrics } from './publication-metrics.js';
import { registrationMetrics } from './registration-metrics.js';
import { webhookMetrics } from './webhook-metrics.js';

export type Metrics = ReturnType<typeof createMetrics>;

export function createMetrics() {
  const registry = new Registry();
  // These keep their usual names, which ready-made dashboards use.
  collectDefaultMetrics({ register: registry });
  return {
    registry,
    ...httpMetrics([registry]),
    ...serviceMetrics([registry]),
    ...databaseMetrics([registry]),
    ...certificateMetrics([registry]),
    ...publicationMetrics([registry]),
    ...jobMetrics([registry]),
    ...orderMetrics([registry]),
    ...officerMetrics([registry]),
    ...accountMetrics([registry]),
    ...campaignMetrics([registry]),
    ...signerMetrics([registry]),
    ...webhookMetrics([registry]),
    ...cardMetrics([registry]),
    ...registrationMetrics([registry]),
    ...cmpMetrics([registry]),
  } as const;
}

export type MetricDescription = {
  readonly name: string;
  readonly type: string;
  readonly labels: readonly string[];
  readonly meaning: string;
};

/** Describes every metric of the program itself, by name. */
export async function describeMetrics(): Promise<readonly MetricDescription[]> {
  const { registry } = createMetrics();
  const types = new Map((await registry.getMetricsAsJSON()).map(({ name, type }) => [name, String(type)]));
  return registry
    .getMetricsAsArray()
    .filter(({ name }) => name.startsWith('pfcng_'))
    .map((metric) => {
      const { labelNames: labels = [] } = metric as unknown as { readonly labelNames?: readonly string[] };
      return { name: metric.name, type: types.get(metric.name) ?? '', labels, meaning: metric.help };
    })
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

/** Counts the lint rules that the service has found broken before it asked for a signature. */
export function findingsOfService({ lintFindings }: Pick<Metrics, 'lintFindings'>): (rules: readonly string[]) => void {
  return (rules) => {
    for (const rule of rules) lintFindings.inc({ by: 'service', rule });
  };
}

function httpMetrics(registers: Registry[]) {
  return {
    httpRequests: new Counter({
      name: 'pfcng_http_requests_total',
      help: 'Requests answered, by server, route and status.',
      labelNames: ['server', 'route', 'status'],
      registers,
    }),
    httpSeconds: new Histogram({
      name: 'pfcng_http_request_duration_seconds',
      help: 'Time from a request to its answer.',
      labelNames: ['server', 'route'],
      buckets: [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10],
      registers,
    }),
    apiConnections: new Gauge({
      name: 'pfcng_api_connections',
      help: 'Open connections of the API by class: arriving (not authenticated yet), anonymous, or account.',
      labelNames: ['class'],
      registers,
    }),
    apiConnectionsClosed: new Counter({
      name: 'pfcng_api_connections_closed_total',
      help: 'Connections that were closed or refused because their class or their address has too many.',
      labelNames: ['class'],
      registers,
    }),
  } as const;
}

function serviceMetrics(registers: Registry[]) {
  const ofIssuer = { labelNames: ['issuer'], registers } as const;
  return {
    ocspAnswers: createTally({
      name: 'pfcng_ocsp_answers_total',
      help: 'OCSP responses by source: cache, signed, an older one while a new one is made or cannot be made; or the error.',
      label: 'from',
      registers,
    }),
    ocspStatusAge: new Gauge({
      name: 'pfcng_ocsp_status_age_seconds',
      help: 'Time since the database was last known to be complete, where other processes change it too.',
      registers,
    }),
    ocspKept: new Gauge({ name: 'pfcng_ocsp_kept_answers', help: 'OCSP responses in the cache.', registers }),
    ocspKeptBytes: new Gauge({
      name: 'pfcng_ocsp_kept_bytes',
      help: 'Approximate size of the OCSP responses in the cache.',
      registers,
    }),
    ocspAheadSigned: new Counter({
      name: 'pfcng_ocsp_ahead_signed_total',
      help: 'Pre-signed OCSP responses.',
      ...ofIssuer,
    }),
    ocspAheadMissing: new Gauge({
      name: 'pfcng_ocsp_ahead_missing',
      help: 'Certificates without a pre-signed OCSP response in the last round, by authority.',
      ...ofIssuer,
    }),
    clockBehind: new Gauge({
      name: 'pfcng_clock_behind_seconds',
      help: "How far the database's clock is behind the last issuance, above a minute; issuing stops while it is above 0.",
      registers,
    }),
    clockOffset: new Gauge({
      name: 'pfcng_clock_offset_seconds',
      help: "How far the clock of this process is ahead of the database's clock; negative: behind it.",
      registers,
    }),
    shortenedFrom: new Gauge({
      name: 'pfcng_profile_shortened_from_timestamp_seconds',
      help: 'Unix time from which the end of the CA shortens the certificates of a profile.',
      labelNames: ['issuer', 'profile'],
      registers,
    }),
  } as const;
}

function databaseMetrics(registers: Registry[]) {
  return {
    databaseWriteAge: new Gauge({
      name: 'pfcng_database_write_age_seconds',
      help: 'Time since the last commit on a disk that is not full; services make one every 5 s.',
      registers,
    }),
    writeLockWait: new Histogram({
      name: 'pfcng_write_lock_wait_seconds',
      help: 'Time that a transaction waited for the write lock of the database, which other services may have.',
      buckets: [0.001, 0.005, 0.02, 0.1, 0.5, 2, 5],
      registers,
    }),
    runLive: new Gauge({
      name: 'pfcng_run_live',
      help: '1 for each process on this database that is live, by the name of its node and its role.',
      labelNames: ['node', 'role'],
      registers,
    }),
    nodeDrift: new Gauge({
      name: 'pfcng_node_drift',
      help: '1 while nodes have had different policies or configurations for five minutes.',
      labelNames: ['what'],
      registers,
    }),
    diskFree: new Gauge({
      name: 'pfcng_disk_free_bytes',
      help: 'Free space of the disk of a folder: home, crl or signers.',
      labelNames: ['folder'],
      registers,
    }),
    backupTaken: new Gauge({
      name: 'pfcng_backup_taken_timestamp_seconds',
      help: 'Unix time of the data in the last verified backup, where backup.recipients is configured; 0: there is none.',
      registers,
    }),
    backupBytes: new Gauge({
      name: 'pfcng_backup_bytes',
      help: 'Size of the last verified backup, where backup.recipients is configured.',
      registers,
    }),
  } as const;
}

function jobMetrics(registers: Registry[]) {
  // The label is not called `job`, because Prometheus sets `job` from its own configuration.
  const ofJob = { labelNames: ['job_name'], registers } as const;
  return {
    jobRuns: new Counter({
      name: 'pfcng_job_runs_total',
      help:
        'Runs of a job, or pieces of its work, by outcome: done, more (the rest follows), failed, lost (another node ' +
        'took the lease), held (another node works on it), not-due, unavailable (the database).',
      labelNames: ['job_name', 'outcome'],
      registers,
    }),
    jobSeconds: new Histogram({
      name: 'pfcng_job_duration_seconds',
      help: 'Duration of a run of a job, or of a piece of its work.',
      ...ofJob,
      buckets: [0.001, 0.01, 0.1, 1, 10, 60, 300, 1800],
    }),
    jobSuccess: new Gauge({
      name: 'pfcng_job_success_timestamp_seconds',
      help: 'Unix time of the last run of a job that succeeded in this process.',
      ...ofJob,
    }),
    leasesHeld: new Gauge({
      name: 'pfcng_lease_held',
      help: 'Leases of a job that this process holds now.',
      ...ofJob,
    }),
  } as const;
}

function orderMetrics(registers: Registry[]) {
  return {
    orders: new Gauge({
      name: 'pfcng_orders',
      help: 'Orders that have not ended, by state: receiving, accepted, working, paused, or cancelling.',
      labelNames: ['state'],
      registers,
    }),
    orderLines: new Counter({
      name: 'pfcng_order_lines_total',
      help: 'Lines of orders that this process has settled, by outcome.',
      labelNames: ['outcome'],
      registers,
    }),
    orderSetAside: new Gauge({
      name: 'pfcng_order_set_aside',
      help: 'Lines of orders that wait: for the pace of their profile, for a signer, for a recovery (under-way), or after a fault.',
      labelNames: ['reason'],
      registers,
    }),
    orderOldest: new Gauge({
      name: 'pfcng_order_oldest_seconds',
      help: 'Time since the acceptance of the oldest order that has not ended; 0: there is none.',
      registers,
    }),
    receiptWaiting: new Gauge({
      name: 'pfcng_receipt_waiting_seconds',
      help: 'Time since the end of the oldest order whose receipt is not signed; 0: there is none.',
      registers,
    }),
    acknowledgements: new Counter({
      name: 'pfcng_card_acknowledgements_total',
      help:
        'Acknowledgements of cards by result: accepted, repeated, read-back-differs, unknown-line, conflict, or ' +
        'invalid.',
      labelNames: ['result'],
      registers,
    }),
    cardsUnacknowledged: new Gauge({
      name: 'pfcng_cards_unacknowledged',
      help: 'Issued lines of orders that ended 7 to 37 days ago, without an accepted acknowledgement.',
      registers,
    }),
  } as const;
}

function officerMetrics(registers: Registry[]) {
  return {
    approvalsOpen: new Gauge({
      name: 'pfcng_approvals_open',
      help: 'Requests that wait for a second officer, by action.',
      labelNames: ['action'],
      registers,
    }),
  } as const;
}

function accountMetrics(registers: Registry[]) {
  return {
    accountQuotaRefusals: new Counter({
      name: 'pfcng_account_quota_refusals_total',
      help: 'Requests that were refused because the account has reached one of its limits.',
      labelNames: ['account'],
      registers,
    }),
    accountEnd: new Gauge({
      name: 'pfcng_account_end_timestamp_seconds',
      help: 'Unix time of the end of an enabled account that has an end.',
      labelNames: ['account'],
      registers,
    }),
  } as const;
}

function signerMetrics(registers: Registry[]) {
  return {
    lintFindings: new Counter({
      name: 'pfcng_lint_findings_total',
      help:
        'Lint rules that were broken by something to be signed, by the process that found it: the service, or a ' +
        'signer for what the service did not find.',
      labelNames: ['by', 'rule'],
      registers,
    }),
    signerState: new Gauge({
      name: 'pfcng_signer_up',
      help: "1 where the token's signer is ready, 0 where it is not.",
      labelNames: ['token'],
      registers,
    }),
    signerStates: new Gauge({
      name: 'pfcng_signer_state',
      help: "1 for the state of the token's signer: ready, degraded, down, or locked (it waits for its PIN).",
      labelNames: ['token', 'state'],
      registers,
    }),
    signerRestarts: new Counter({
      name: 'pfcng_signer_restarts_total',
      help: "Restarts of the token's signer process.",
      labelNames: ['token'],
      registers,
    }),
    signerFaults: new Counter({
      name: 'pfcng_signer_faults_total',
      help:
        'Faults of a token or its signer: the PKCS#11 call and its return value; request/no-answer for a signer that ' +
        'hung, process/SIGNAL for one that crashed.',
      labelNames: ['token', 'operation', 'ckr'],
      registers,
    }),
    signerRefusals: new Counter({
      name: 'pfcng_signer_refusals_total',
      help: 'Requests that a signer refused to sign, by rule: a bug or an attack.',
      labelNames: ['token', 'rule'],
      registers,
    }),
    signerAlarms: new Counter({
      name: 'pfcng_signer_alarms_total',
      help: 'rate-cap: a profile reached its limit of certificates per hour. crl-shrank: a list lost many entries at once.',
      labelNames: ['token', 'alarm', 'subject'],
      registers,
    }),
  } as const;
}

/**
 * Counts events that happen tens of thousands of times per second: in a map, which is read when the
 * metrics are collected.
 */
function createTally({ name, help, label, registers }: TallyOptions) {
  const counts = new Map<string, number>();
  const counter = new Counter({
    name,
    help,
    labelNames: [label],
    registers,
    collect() {
      for (const [value, count] of counts) this.inc({ [label]: value }, count);
      counts.clear();
    },
  });
  return { counter, count: (value: string): void => void counts.set(value, (counts.get(value) ?? 0) + 1) } as const;
}

type TallyOptions = {
  readonly name: string;
  readonly help: string;
  readonly label: string;
  readonly registers: Registry[];
};
