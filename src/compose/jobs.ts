/**
 * The list of all jobs. The file of a job says which roles run the job, how often, and with which
 * lease.
 *
 * The compiler checks that each role has the values that its jobs need: a job that writes cannot
 * have the role `responder`.
 */
import type { TagKeys } from '../audit/tags.js';
import type { RequestTrail } from '../http/trail/request-trail.js';
import { announceExpiry } from '../jobs/announce-expiry.js';
import { expireOldApprovals } from '../jobs/approvals-expire.js';
import { actOnCampaignDates } from '../jobs/campaigns/dates.js';
import { populateCampaigns } from '../jobs/campaigns/population.js';
import { watchClock } from '../jobs/clock-watch.js';
import { endCmpTransactions } from '../jobs/cmp-transactions.js';
import { countCertificatesByDay } from '../jobs/daily-counts.js';
import { warnOfHorizonsDaily } from '../jobs/horizons.js';
import { deleteOldIdempotencyClaims } from '../jobs/idempotency-retention.js';
import type { Job, JobName } from '../jobs/job.js';
import { countJournals } from '../jobs/journals/journal-counts.js';
import { recordOcspCounts } from '../jobs/journals/ocsp-audit.js';
import { type JournalLocation, reconciliationJob } from '../jobs/journals/reconcile.js';
import { type CrlPublication, publishCrls } from '../jobs/lists/crl-publication.js';
import { fetchHomeLists, type HomeListFetcher } from '../jobs/lists/home-list-fetcher.js';
import { publishRequestedLists } from '../jobs/lists/list-requests.js';
import { deliverToOutlets, type OutletDelivery } from '../jobs/lists/outlets.js';
import { type RootCrlImporter, readCeremonyLists } from '../jobs/lists/root-crl-importer.js';
import { checkPublicAddresses, type SelfCheck } from '../jobs/lists/self-check.js';
import { processMassRevocations } from '../jobs/mass-revocation.js';
import { endDeadRuns } from '../jobs/nodes/end-dead-runs.js';
import { type Heartbeat, writeHeartbeat } from '../jobs/nodes/heartbeat.js';
import { deleteIssuanceMinutes } from '../jobs/orders/issuance-minutes.js';
import { removeUploadParts } from '../jobs/orders/old-parts.js';
import { processOrders } from '../jobs/orders/order.js';
import { endOrders } from '../jobs/orders/order-end.js';
import { countUnacknowledgedCards } from '../jobs/orders/unacknowledged-cards.js';
import { discardUploads } from '../jobs/orders/uploads.js';
import { recoverEndedRuns, recoverOwnIntents } from '../jobs/recover-intents.js';
import { endRegistrations } from '../jobs/registrations.js';
import { endDueReplacements } from '../jobs/replacements-due.js';
import { writeRequestCounts } from '../jobs/request-trail.js';
import { renewResponders } from '../jobs/status/responder-renewal.js';
import { adoptResponders, type CurrentResponders } from '../jobs/status/responders.js';
import { type AnswersFile, saveAnswersJob } from '../jobs/status/save-answers.js';
import { preSignResponses, type SignAhead } from '../jobs/status/sign-ahead.js';
import { pollStatuses, type StatusPoller } from '../jobs/status/status-poller.js';
import { warnOfTagKeys } from '../jobs/tag-keys.js';
import { processDueUpdates } from '../jobs/updates-due.js';
import { type FanOut, fanOutEvents } from '../jobs/webhooks/fan-out.js';
import { deleteOldWebhookEvents } from '../jobs/webhooks/retention.js';
import { sendWebhooks, type WebhookDelivery } from '../jobs/webhooks/send.js';
import type { WriteState } from '../jobs/write-state.js';
import type { OrderWorld } from '../operations/orders/lines/order-world.js';
import type { RenewalWorld } from '../operations/status/renew-responder.js';
import type { World } from '../operations/world.js';
import type { PlatformKey } from '../orders/platform-key.js';
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
  acknowledgements: countUnacknowledgedCards,
  'approvals-expire': expireOldApprovals,
  'campaign-dates': actOnCampaignDates,
  'campaign-population': populateCampaigns,
  'ceremony-lists': readCeremonyLists,
  'clock-watch': watchClock,
  'cmp-transactions': endCmpTransactions,
  crl: publishCrls,
  'daily-counts': countCertificatesByDay,
  'end-dead-runs': endDeadRuns,
  expiring: announceExpiry,
  heartbeat: writeHeartbeat,
  'home-lists': fetchHomeLists,
  horizons: warnOfHorizonsDaily,
  'idempotency-retention': deleteOldIdempotencyClaims,
  'issuance-minutes': deleteIssuanceMinutes,
  journal: reconciliationJob,
  'journal-counts': countJournals,
  'list-requests': publishRequestedLists,
  'mass-revocation': processMassRevocations,
  'ocsp-audit': recordOcspCounts,
  order: processOrders,
  'order-end': endOrders,
  'order-parts': removeUploadParts,
  'outbox-retention': deleteOldWebhookEvents,
  outlet: deliverToOutlets,
  'own-intents': recoverOwnIntents,
  'recover-intents': recoverEndedRuns,
  registrations: endRegistrations,
  'replacements-due': endDueReplacements,
  'request-trail': writeRequestCounts,
  'responder-renewal': renewResponders,
  'responders-adopt': adoptResponders,
  'save-answers': saveAnswersJob,
  'self-check': checkPublicAddresses,
  'sign-ahead': preSignResponses,
  'status-poller': pollStatuses,
  'tag-keys': warnOfTagKeys,
  'updates-due': processDueUpdates,
  uploads: discardUploads,
  'webhook-fan-out': fanOutEvents,
  'webhook-send': sendWebhooks,
} as const satisfies { readonly [Name in JobName]: Job<ServiceParts> };

const { heartbeat, ...OTHER_JOBS } = JOBS;

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
  return Object.values(OTHER_JOBS).filter((job) => job.roles.some((role) => roles.has(role)));
}

type OtherJob = (typeof OTHER_JOBS)[keyof typeof OTHER_JOBS];
type JobOfResponder<One> = One extends { readonly roles: readonly (infer Of)[] }
  ? 'responder' extends Of
    ? One
    : never
  : never;

/** The jobs of a process with the role `responder` alone, which does not write to the database. */
export const RESPONDER_JOBS: readonly Job<ResponderParts>[] = Object.values(OTHER_JOBS).filter(
  (job: OtherJob): job is JobOfResponder<OtherJob> => (job.roles as readonly Role[]).includes('responder'),
);
