/**
 * Every alert, evaluated by promtool over the metrics of a real service: it is silent while the
 * service is healthy, fires during its fault, and clears afterwards. The faults of `OF_FAULT_TEST`
 * happen to a real service; the values of the others are planted here, for the reasons that stand
 * with them.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../../src/package/package-root.js';
import { RULES_FILE, readAlertRules } from '../../support/monitoring/alert-rules.js';
import { assertFireAndClear, assertSilent, captureMetrics, plantedStory } from '../../support/monitoring/alerts.js';
import { describeService } from '../../support/service/describe-service.js';
import { judge } from '../../support/service/judges.js';

/** Alerts that `faults.test.ts` raises by a fault of a real service. */
const OF_FAULT_TEST: readonly string[] = [
  'PfcngDown',
  'PfcngSignerDown',
  'PfcngSignerRestarts',
  'PfcngSignerFaults',
  'PfcngSignerAlarms',
  'PfcngOutletDown',
  'PfcngSelfCheckWrong',
  'PfcngAccountQuota',
  'PfcngAccountEnds',
  'PfcngApprovalWaits',
  'PfcngDatabaseNotWritten',
  'PfcngBackupOld',
  'PfcngDiskNearlyFull',
  'PfcngOrderWaitsForSigner',
  'PfcngCmpUnprotected',
  'PfcngRegistrationSecrets',
];

const DAY = 86_400;
const inDays = (days: number): number => Date.now() / 1_000 + days * DAY;
const ends = (use: string): string =>
  `pfcng_certificate_not_after_timestamp_seconds{use="${use}",name="planted",serial="77"}`;

/**
 * The values of the fault; the healthy service has other ones, or none. The groups say why no fault
 * of a real service raises these alerts.
 */
const PLANTED: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, number>>>>>> = {
  'the fault lasts longer than a test': {
    PfcngCrlExpires: {
      'pfcng_crl_next_update_timestamp_seconds{issuer="aci-fo-pp",scope="full"}': inDays(0.2),
      'pfcng_crl_this_update_timestamp_seconds{issuer="aci-fo-pp",scope="full"}': inDays(-0.8),
    },
    PfcngCrlWaiting: { 'pfcng_crl_waiting_seconds{issuer="aci-fo-pp"}': 61 },
    PfcngSelfCheckStopped: { pfcng_self_check_timestamp_seconds: inDays(-1) },
    PfcngOcspStale: { pfcng_ocsp_status_age_seconds: 61 },
    PfcngOcspAheadMissing: { 'pfcng_ocsp_ahead_missing{issuer="aci-fo-pp"}': 1 },
    PfcngOrderOld: { pfcng_order_oldest_seconds: DAY + 1 },
    PfcngReceiptWaits: { pfcng_receipt_waiting_seconds: 3_601 },
    PfcngCardsUnacknowledged: { pfcng_cards_unacknowledged: 1 },
    PfcngUpdateUndetermined: { pfcng_update_undetermined_oldest_seconds: 7 * DAY + 1 },
    PfcngCampaignWaits: { 'pfcng_campaign_tickets_ahead_seconds{campaign="roca",class="first"}': DAY + 1 },
    PfcngCampaignDateMissed: { 'pfcng_campaign_missed_dates{campaign="roca",date="revocation"}': 1 },
    PfcngCmpWaits: { pfcng_cmp_oldest_waiting_seconds: DAY + 1 },
    PfcngCmpUndetermined: { pfcng_cmp_undetermined_certificates: 1 },
    PfcngWebhookDead: { pfcng_webhook_dead: 1 },
    PfcngWebhookLate: { 'pfcng_webhook_oldest_seconds{endpoint="cards"}': 3_601 },
    PfcngWriteLockSlow: {
      'pfcng_write_lock_wait_seconds_bucket{le="0.5"}': 1e6,
      'pfcng_write_lock_wait_seconds_bucket{le="2"}': 9e6,
      'pfcng_write_lock_wait_seconds_bucket{le="5"}': 9e6,
      'pfcng_write_lock_wait_seconds_bucket{le="+Inf"}': 9e6,
    },
  },
  'the test would need certificates that end soon, and a clock of its own': {
    PfcngResponderEnds: { [ends('responder')]: inDays(9) },
    PfcngTlsEnds: { [ends('tls')]: inDays(29) },
    PfcngCmpSignerEnds: { [ends('cmp-signer')]: inDays(89) },
    PfcngAccountCertificateEnds: { [ends('account')]: inDays(29) },
    PfcngCaEnds: { [ends('ca')]: inDays(364) },
    PfcngHorizonNear: {
      'pfcng_profile_shortened_from_timestamp_seconds{issuer="aci-fo-pp",profile="fort/cps-signature"}': inDays(364),
    },
  },
  'only a defect of the program raises it': {
    PfcngHttpFaults: { 'pfcng_http_requests_total{server="api",route="/v1/orders",status="500"}': 1 },
    PfcngJobFails: { 'pfcng_job_runs_total{job_name="crl",outcome="failed"}': 5 },
    PfcngSignerRefusals: { 'pfcng_signer_refusals_total{token="ca-fort",rule="key"}': 1 },
    PfcngLintFindings: { 'pfcng_lint_findings_total{by="service",rule="e_serial_number_is_random"}': 1 },
    PfcngOrderFault: { 'pfcng_order_set_aside{reason="fault"}': 1 },
    PfcngEnrolmentFails: { 'pfcng_enrolment_requests_total{protocol="est",outcome="failed"}': 1 },
  },
  'an attack or a faulty client: a hundred requests, or cards': {
    PfcngConnectionsClosed: { 'pfcng_api_connections_closed_total{class="anonymous"}': 1 },
    PfcngProofsRejected: { 'pfcng_proofs_rejected_total{rule="signature"}': 101 },
    PfcngUpdateContradicted: { pfcng_updates_contradicted_total: 1 },
    PfcngReadBackDiffers: { 'pfcng_card_acknowledgements_total{result="read-back-differs"}': 1 },
  },
  'it needs other nodes, officers at the signer, or a wrong clock': {
    PfcngClockWrong: { pfcng_clock_behind_seconds: 61 },
    PfcngNodeDrift: { 'pfcng_node_drift{what="policy"}': 1 },
    PfcngSignerLocked: { 'pfcng_signer_state{token="ca-fort",state="locked"}': 1 },
  },
};

const PLANTED_ALERTS = Object.values(PLANTED).flatMap((group) => Object.entries(group));

describeService('the alerts', { on: 'sqlite' }, (running) => {
  it('are rules that promtool accepts', async () => {
    const { status, output } = await judge('promtool', ['check', 'rules', '--lint=all', '--lint-fatal', RULES_FILE]);
    assert.equal(status, 0, output);
  });

  it('are all raised by some test', () => {
    const raised = [...OF_FAULT_TEST, ...PLANTED_ALERTS.map(([name]) => name)].sort();
    assert.deepEqual(
      raised,
      readAlertRules()
        .map(({ name }) => name)
        .sort(),
    );
    const faults = readFileSync(join(packageRoot(), 'test', 'integration', 'monitoring', 'faults.test.ts'), 'utf8');
    assert.deepEqual(
      OF_FAULT_TEST.filter((name) => !faults.includes(`'${name}'`)),
      [],
    );
  });

  it('are silent while a service is healthy', async () => {
    await assertSilent(await captureMetrics(running.shared.service));
  });

  it('fire on the values of their faults, and clear afterwards', async () => {
    const healthy = await captureMetrics(running.shared.service);
    await assertFireAndClear(PLANTED_ALERTS.map(([name, values]) => [name, plantedStory(healthy, values)] as const));
  });
});
