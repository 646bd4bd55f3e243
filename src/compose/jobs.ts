/**
 * The list of all jobs. The file of a job says which roles run the job, how often, and with which
 * lease.
 *
 * The compiler checks that each role has the values that its jobs need: a job that writes cannot
 * have the role `responder`.
 */
import type { TagKeys } from '../audit/tags.js';
import type { RequestTrail } from '../http/trail/request-trail.js';
import { announceExpiryJob } from '../jobs/announce-expiry.js';
import { expireOldApprovalsJob } from '../jobs/approvals-expire.js';
import { actOnCampaignDatesJob } from '../jobs/campaigns/dates.js';
import { populateCampaignsJob } from '../jobs/campaigns/population.js';
import { watchClockJob } from '../jobs/clock-watch.js';
import { endCmpTransactionsJob } from '../jobs/cmp-transactions.js';
import { countCertificatesByDayJob } from '../jobs/daily-counts.js';
import { warnOfHorizonsDailyJob } from '../jobs/horizons.js';
import { deleteOldIdempotencyClaimsJob } from '../jobs/idempotency-retention.js';
import type { Job, JobName } from '../jobs/job.js';
import { countJournalsJob } from '../jobs/journals/journal-counts.js';
import { recordOcspCountsJob } from '../jobs/journals/ocsp-audit.js';
import { type JournalLocation, reconciliationJob } from '../jobs/journals/reconcile.js';
import { type CrlPublication, publishCrlsJob } from '../jobs/lists/crl-publication.js';
import { fetchHomeListsJob, type HomeListFetcher } from '../jobs/lists/home-list-fetcher.js';
import { publishRequestedListsJob } from '../jobs/lists/list-requests.js';
import { deliverToOutletsJob, type OutletDelivery } from '../jobs/lists/outlets.js';
import { type RootCrlImporter, readCeremonyListsJob } from '../jobs/lists/root-crl-importer.js';
import { checkPublicAddressesJob, type SelfCheck } from '../jobs/lists/self-check.js';
import { processMassRevocationsJob } from '../jobs/mass-revocation.js';
import { endDeadRunsJob } from '../jobs/nodes/end-dead-runs.js';
import { type Heartbeat, writeHeartbeatJob } from '../jobs/nodes/heartbeat.js';
import { deleteOldIssuanceCountsJob } from '../jobs/orders/issuance-minutes.js';
import { removeUploadPartsJob } from '../jobs/orders/old-parts.js';
import { processOrdersJob } from '../jobs/orders/order.js';
import { endOrdersJob } from '../jobs/orders/order-end.js';
import { countUnacknowledgedCardsJob } from '../jobs/orders/unacknowledged-cards.js';
import { discardUploadsJob } from '../jobs/orders/uploads.js';
import { recoverIntentsOfEndedRunsJob, recoverOwnIntentsJob } from '../jobs/recover-intents.js';
import { endRegistrationsJob } from '../jobs/registrations.js';
import { endDueReplacementsJob } from '../jobs/replacements-due.js';
import { writeRequestCountsJob } from '../jobs/request-trail.js';
import { renewRespondersJob } from '../jobs/status/responder-renewal.js';
import { adoptRespondersJob, type CurrentResponders } from '../jobs/status/responders.js';
import { type AnswersFile, saveAnswersJob } from '../jobs/status/save-answers.js';
import { preSignResponsesJob, type SignAhead } from '../jobs/status/sign-ahead.js';
import { pollStatusesJob, type StatusPoller } from '../jobs/status/status-poller.js';
import { warnOfMissingTagKeysJob } from '../jobs/tag-keys.js';
import { processDueUpdatesJob } from '../jobs/updates-due.js';
import { type FanOut, fanOutEventsJob } from '../jobs/webhooks/fan-out.js';
import { deleteOldWebhookEventsJob } from '../jobs/webhooks/retention.js';
import { sendWebhooksJob, type WebhookDelivery } from '../jobs/webhooks/send.js';
import type { WriteState } from '../jobs/write-state.js';
import type { OrderWorld } from '../operations/orders/lines/order-world.js';
import type { RenewalWorld } from '../operations/status/renew-responder.js';
import type { World } from '../operations/world.js';
import type { PlatformKey } from '../orders/receipt.js';
import type { Role } from '../ports/node.js';
import type { DailyCount } from '../ports/store/counts/daily-counts.js';

/** The values that the jobs of a responder use. */
export type ResponderParts = {
  readonly responders: CurrentResponders;
  readonly poller: StatusPoller | null;
  readonly signAhead: SignAhead | null;
  readonly answersFile: AnswersFile | null;
};

/** The values that the jobs of a service use. */
export type ServiceParts = World &
  OrderWorld &
  RenewalWorld &
  ResponderParts & {
    /** Returns milliseconds of a monotonic clock. */
    readonly steadyMs: () => number;
    /** Adds what was issued and revoked to the metrics. */
    readonly certificatesCounted: (counts: readonly DailyCount[]) => void;
    /** Sets the metric of cards that were not acknowledged in time. */
    readonly countUnacknowledged: (cards: number) => void;
    /** null: nothing is signed with the platform key. */
    readonly platformKey: PlatformKey | null;
    readonly heartbeat: Heartbeat;
    readonly writes: WriteState;
    readonly tagKeys: TagKeys;
    readonly crls: CrlPublication;
    readonly homeListFetcher: HomeListFetcher;
    readonly outlets: OutletDelivery;
    readonly webhooks: FanOut & WebhookDelivery;
    readonly requestTrail: RequestTrail;
    readonly ceremonyLists: RootCrlImporter;
    readonly selfCheck: SelfCheck;
    readonly selfCheckSeconds: number;
    readonly journals: readonly JournalLocation[];
    readonly ocspJournals: readonly JournalLocation[];
  };

export const JOBS = {
  acknowledgements: countUnacknowledgedCardsJob,
  'approvals-expire': expireOldApprovalsJob,
  'campaign-dates': actOnCampaignDatesJob,
  'campaign-population': populateCampaignsJob,
  'ceremony-lists': readCeremonyListsJob,
  'clock-watch': watchClockJob,
  'cmp-transactions': endCmpTransactionsJob,
  crl: publishCrlsJob,
  'daily-counts': countCertificatesByDayJob,
  'end-dead-runs': endDeadRunsJob,
  expiring: announceExpiryJob,
  heartbeat: writeHeartbeatJob,
  'home-lists': fetchHomeListsJob,
  horizons: warnOfHorizonsDailyJob,
  'idempotency-retention': deleteOldIdempotencyClaimsJob,
  'issuance-minutes': deleteOldIssuanceCountsJob,
  journal: reconciliationJob,
  'journal-counts': countJournalsJob,
  'list-requests': publishRequestedListsJob,
  'mass-revocation': processMassRevocationsJob,
  'ocsp-audit': recordOcspCountsJob,
  order: processOrdersJob,
  'order-end': endOrdersJob,
  'order-parts': removeUploadPartsJob,
  'outbox-retention': deleteOldWebhookEventsJob,
  outlet: deliverToOutletsJob,
  'own-intents': recoverOwnIntentsJob,
  'recover-intents': recoverIntentsOfEndedRunsJob,
  registrations: endRegistrationsJob,
  'replacements-due': endDueReplacementsJob,
  'request-trail': writeRequestCountsJob,
  'responder-renewal': renewRespondersJob,
  'responders-adopt': adoptRespondersJob,
  'save-answers': saveAnswersJob,
  'self-check': checkPublicAddressesJob,
  'sign-ahead': preSignResponsesJob,
  'status-poller': pollStatusesJob,
  'tag-keys': warnOfMissingTagKeysJob,
  'updates-due': processDueUpdatesJob,
  uploads: discardUploadsJob,
  'webhook-fan-out': fanOutEventsJob,
  'webhook-send': sendWebhooksJob,
} as const satisfies { readonly [Name in JobName]: Job<ServiceParts> };

const { heartbeat, ...JOBS_AFTER_LISTENING } = JOBS;

/**
 * The jobs that a process runs as soon as its run is in the database. All other jobs start after
 * the listeners.
 */
export const JOBS_BEFORE_LISTENING: readonly Job<Pick<ServiceParts, 'heartbeat'>>[] = [heartbeat];

/**
 * Returns the jobs that a process with these roles runs, in addition to the heartbeat, once it
 * listens.
 */
export function jobsOf(roles: ReadonlySet<Role>): readonly Job<ServiceParts>[] {
  return Object.values(JOBS_AFTER_LISTENING).filter((job) => job.roles.some((role) => roles.has(role)));
}

type JobAfterListening = (typeof JOBS_AFTER_LISTENING)[keyof typeof JOBS_AFTER_LISTENING];
type JobOfResponder<One> = One extends { readonly roles: readonly (infer Of)[] }
  ? 'responder' extends Of
    ? One
    : never
  : never;

/** The jobs of a process with the role `responder` alone, which does not write to the database. */
export const RESPONDER_JOBS: readonly Job<ResponderParts>[] = Object.values(JOBS_AFTER_LISTENING).filter(
  (job: JobAfterListening): job is JobOfResponder<JobAfterListening> =>
    (job.roles as readonly Role[]).includes('responder'),
);
