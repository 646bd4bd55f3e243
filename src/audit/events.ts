/**
 * The closed catalogue of audit entries: for each type its outcome and the members of its details
 * with their bounds; personal values stand as tags (`tags.ts`). An event of another type, or with
 * another member, does not compile; a value that is out of bounds fails before anything is
 * written.
 */
import { assert } from '../kernel/assert.js';
import type { Instant } from '../kernel/clock.js';
import type { Json } from '../kernel/json.js';
import { ACCOUNT_EVENTS } from './account-events.js';
import { CAMPAIGN_EVENTS } from './campaign-events.js';
import { CARD_EVENTS } from './card-events.js';
import { CMP_EVENTS } from './cmp-events.js';
import { DATABASE_EVENTS } from './database-events.js';
import {
  count,
  countsOrDigest,
  difference,
  excerpt,
  instant,
  list,
  listOrDigest,
  type Members,
  matching,
  nullable,
  object,
  officers,
  oneOf,
  optional,
  structure,
  tagged,
  taggedUnless,
  text,
  uuid,
  type ValuesOf,
  writeMembers,
} from './members.js';
import { REGISTRATION_EVENTS } from './registration-events.js';
import { SEARCH_CRITERIA } from './search-criteria.js';
import type { TagOf } from './tags.js';

export type AuditOutcome = 'success' | 'failure' | 'intent';

type EventKind = { readonly outcome: AuditOutcome; readonly details: Members };

const sha256 = matching(/^[0-9a-f]{64}$/);
const serial = matching(/^[0-9a-f]{2,40}$/);
/** The id of an account, or `system` or `anonymous`. */
const account = text(128);
const issuer = text(64);
const profile = text(128);
const token = text(64);
/** The name of a login at the operating system. */
const login = excerpt(64);

const holder = tagged('holder');
const card = tagged('card');

/** What identifies a certificate, or the serial number of an abandoned intent. */
const certificate = { id: uuid, issuer, serial } as const;

const REASONS = [
  'unspecified',
  'keyCompromise',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
  'privilegeWithdrawn',
] as const;

/** The reasons that a CRL may have for a CA (RFC 5280 5.3.1). */
const ISSUER_REASONS = [...REASONS, 'certificateHold', 'cACompromise', 'aACompromise', 'removeFromCRL'] as const;

const state = object({
  status: oneOf('open', 'pending', 'issued', 'suspended', 'revoked'),
  at: optional(instant),
  reason: optional(oneOf(...REASONS)),
  invalidityDate: optional(nullable(instant)),
});

const changed = {
  ...certificate,
  state,
  /** The key that it shares with the certificate that was revoked for keyCompromise. */
  sameKey: optional(sha256),
  /** The number of the published CRL from which a restored database has learnt the change. */
  relearnedFromCrl: optional(count),
  /** SHA-256 of what a card has signed to have it changed, and the account that has sent it. */
  proof: optional(sha256),
  relayedBy: optional(account),
} as const;

const crl = {
  issuer,
  scope: text(32),
  number: count,
  base: nullable(count),
  thisUpdate: instant,
  nextUpdate: instant,
  entries: nullable(count),
  tbsSha256: nullable(sha256),
  sha256: nullable(sha256),
} as const;

const keyDecision = { spkiSha256: sha256, officers, reason: text(400) } as const;

/** An approval; the hash stands for its statement, which may name a person. */
const approval = { id: uuid, action: text(32), statementSha256: sha256 } as const;

const massRevocation = {
  id: uuid,
  selection: object({
    authority: nullable(issuer),
    profile: nullable(profile),
    issuedFrom: nullable(instant),
    issuedUntil: nullable(instant),
    spkiSha256: nullable(sha256),
  }),
  reason: oneOf(...REASONS),
  invalidityDate: nullable(instant),
  matched: count,
  revoked: count,
  alreadyRevoked: count,
} as const;

/**
 * The subject of an event: a certificate, an order with or without one of its lines, or a CA. That
 * of an opposed card is the card, which stands as its tag.
 */
const eventSubject = taggedUnless(
  /^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(\/\d{1,7})?|[a-z][a-z0-9-]{0,63})$/,
  'card',
);

/** The delivery of an event to an endpoint; `id`: that of the event. */
const webhookDelivery = { id: uuid, endpoint: text(31), topic: text(32), subject: eventSubject } as const;

/** An order of cards; `counts`: how many of its lines have each outcome. */
const cardOrder = {
  id: uuid,
  kind: oneOf('order', 'dry-run'),
  octets: count,
  lines: count,
  requestSha256: sha256,
  counts: object({
    issued: count,
    duplicate: count,
    refused: count,
    notIssued: count,
    cancelled: count,
    wouldIssue: optional(count),
    wouldBeDuplicate: optional(count),
  }),
} as const;

/**
 * How far the node's clock is ahead of the database's, and the latter behind the high-water mark.
 */
const clocks = { offsetMs: difference, behindMs: count } as const;

const run = matching(/^[0-9a-f]{32}$/);
const runOfNode = { run, host: text(255), roles: list(text(32), 8), version: text(64) } as const;

/** A refused request, or the number of those of a minute that have no entries of their own. */
const refused = {
  id: optional(text(64)),
  code: text(64),
  status: optional(count),
  rules: optional(list(text(128), 10)),
  route: optional(nullable(text(128))),
  address: optional(nullable(text(64))),
  certificateSha256: optional(nullable(sha256)),
  /** The certificate that a refused proof of a card names, and the card. */
  certificate: optional(uuid),
  card: optional(card),
  count: optional(count),
  firstRequestId: optional(text(36)),
  lastRequestId: optional(text(36)),
} as const;

export const AUDIT_EVENTS = {
  'certificate.intent': {
    outcome: 'intent',
    details: {
      ...certificate,
      profile,
      policyDigest: sha256,
      tbsSha256: sha256,
      spkiSha256: sha256,
      notBefore: instant,
      notAfter: instant,
      holder,
      structure: nullable(structure),
      card: nullable(card),
      /** Source, reference and date of the evidence of identity, as canonical JSON. */
      evidence: nullable(tagged('evidence')),
      assurance: nullable(text(32)),
      keyOrigin: nullable(oneOf('card', 'module', 'software')),
      /** In a renewal: the renewed certificate, and where the evidence of identity is from. */
      renews: optional(nullable(uuid)),
      evidenceFrom: optional(oneOf('renewed', 'request', 'none')),
      /** The registration that was used for it. */
      registration: optional(uuid),
      /** A request by EST or CMP: who named the holder, and what was added, changed or left out. */
      enrolment: optional(
        object({
          protocol: oneOf('est', 'cmp'),
          sources: list(oneOf('record', 'registration', 'request', 'account'), 4),
          modifications: list(text(80), 100),
        }),
      ),
      /** The order and its line that asked for it. */
      order: optional(uuid),
      line: optional(count),
    },
  },
  'certificate.issued': { outcome: 'success', details: { ...certificate, profile, signatureSha256: sha256 } },
  'certificate.abandoned': { outcome: 'failure', details: certificate },
  /** A ceremony made it. */
  'certificate.registered': {
    outcome: 'success',
    details: {
      ...certificate,
      profile,
      holder,
      tbsSha256: sha256,
      signatureSha256: sha256,
      ceremony: optional(text(128)),
      planSha256: optional(sha256),
    },
  },
  'certificate.revoked': { outcome: 'success', details: changed },
  'certificate.suspended': { outcome: 'success', details: changed },
  'certificate.released': { outcome: 'success', details: changed },
  'certificate.searched': {
    outcome: 'success',
    details: {
      holder: optional(holder),
      card: optional(card),
      structure: optional(structure),
      ...SEARCH_CRITERIA,
    },
  },
  'access.denied': { outcome: 'failure', details: refused },
  'request.refused': { outcome: 'failure', details: refused },
  /** A request whose card statement, or the signature over it, was not accepted. */
  'proof.rejected': { outcome: 'failure', details: refused },
  'crl.intent': { outcome: 'intent', details: crl },
  'crl.published': { outcome: 'success', details: crl },
  'crl.abandoned': { outcome: 'failure', details: { ...crl, why: text(64) } },
  'crl.imported': { outcome: 'success', details: { issuer, number: count, sha256, entries: count } },
  /** A root has revoked an issuing CA: its reason, and the number of its CRL. */
  'issuer.revoked': {
    outcome: 'success',
    details: { issuer, reason: oneOf(...ISSUER_REASONS), root: issuer, list: count },
  },
  'crl.requested': { outcome: 'success', details: { id: issuer, kind: oneOf('full', 'delta') } },
  'key.blocked': { outcome: 'success', details: { ...keyDecision, login } },
  'key.unblocked': { outcome: 'success', details: { ...keyDecision, approval: uuid } },
  ...ACCOUNT_EVENTS,
  'mass-revocation.submitted': {
    outcome: 'intent',
    details: {
      ...massRevocation,
      accounts: listOrDigest(account, 4_096),
      platform: list(text(32), 16),
    },
  },
  'mass-revocation.completed': { outcome: 'success', details: massRevocation },
  'mass-revocation.cancelled': { outcome: 'success', details: massRevocation },
  'approval.requested': { outcome: 'intent', details: approval },
  /** `officers`: the requester and the second one. */
  'approval.executed': { outcome: 'success', details: { ...approval, officers } },
  'approval.refused': { outcome: 'success', details: approval },
  'approval.stale': { outcome: 'failure', details: approval },
  'approval.expired': { outcome: 'failure', details: approval },
  'webhook.dead': {
    outcome: 'failure',
    details: { ...webhookDelivery, attempts: count, status: nullable(count), error: nullable(excerpt(200)) },
  },
  'webhook.replayed': { outcome: 'success', details: webhookDelivery },
  'webhook.dropped': { outcome: 'success', details: webhookDelivery },
  'order.accepted': {
    outcome: 'intent',
    details: { ...cardOrder, bureau: nullable(account) },
  },
  'order.paused': { outcome: 'success', details: cardOrder },
  'order.resumed': { outcome: 'success', details: cardOrder },
  'order.cancelled': { outcome: 'success', details: cardOrder },
  'order.finished': {
    outcome: 'success',
    details: {
      ...cardOrder,
      state: oneOf('finished', 'cancelled'),
      resultsSha256: nullable(sha256),
      bundleSha256: nullable(sha256),
    },
  },
  'order.results-read': { outcome: 'success', details: { id: uuid, from: count, certificates: oneOf('yes', 'no') } },
  'order.bundle-read': { outcome: 'success', details: { id: uuid } },
  ...CARD_EVENTS,
  /** One entry for each upload of acknowledgements, with their numbers by result. */
  'card.acknowledged': { outcome: 'success', details: { id: uuid, results: countsOrDigest(256) } },
  'card.read-back-differs': { outcome: 'failure', details: { id: uuid, line: count, card } },
  /** `kept`: certificates that the account may not revoke. */
  'card.scrapped': { outcome: 'success', details: { id: uuid, line: count, card, revoked: count, kept: count } },
  ...CAMPAIGN_EVENTS,
  ...REGISTRATION_EVENTS,
  ...CMP_EVENTS,
  'clock.wrong': { outcome: 'failure', details: clocks },
  'clock.right': { outcome: 'success', details: clocks },
  /** Nodes agree with each other, and not with the database. */
  'clock.database-wrong': { outcome: 'failure', details: clocks },
  'node.started': { outcome: 'success', details: runOfNode },
  'node.stopped': { outcome: 'success', details: runOfNode },
  /** `lost`: the node of the run; the entry is written by another one. */
  'node.lost': {
    outcome: 'failure',
    details: { ...runOfNode, lost: matching(/^[0-9a-f]{16}$/), seenAt: instant, openIntents: count },
  },
  'schema.migrated': { outcome: 'success', details: { from: count, to: count } },
  'clock.reset': { outcome: 'success', details: { officers, from: nullable(instant) } },
  'ocsp.signed': {
    outcome: 'success',
    details: { token, fromSeq: count, toSeq: count, answersByIssuer: countsOrDigest(4_096), sha256 },
  },
  'signer.notes': {
    outcome: 'failure',
    details: {
      token,
      fromSeq: count,
      toSeq: count,
      refusals: countsOrDigest(4_096),
      alarms: countsOrDigest(8_192),
    },
  },
  'signer.unknown-signature': {
    outcome: 'failure',
    details: { token, count, unknown: list(excerpt(200), 50), faults: list(excerpt(500), 4) },
  },
  /** More signed certificates of an issuer and day than entries for them in all journals. */
  'journal.incomplete': {
    outcome: 'failure',
    details: { day: matching(/^\d{4}-\d\d-\d\d$/), issuer, certificates: count, entries: count },
  },
  ...DATABASE_EVENTS,
} as const satisfies { readonly [type: string]: EventKind };

export type AuditType = keyof typeof AUDIT_EVENTS;
export type AuditDetails<Type extends AuditType> = ValuesOf<(typeof AUDIT_EVENTS)[Type]['details']>;

/** An event with the details that its type has; `AuditEvent` alone: any of them. */
export type AuditEvent<Types extends AuditType = AuditType> = {
  [Type in Types]: {
    readonly type: Type;
    readonly at: Instant;
    /** See `actors.ts`. */
    readonly actor: string;
    /** The request of the API that caused it; left out: a job or a command did. */
    readonly requestId?: string;
    readonly details: AuditDetails<Type>;
  };
}[Types];

export const AUDIT_TYPES = Object.keys(AUDIT_EVENTS) as readonly AuditType[];

/**
 * Writes the details of an event. A value that the catalogue does not allow is a bug, and throws.
 */
export function writeDetails({ type, details }: AuditEvent, tagOf: TagOf): { readonly [name: string]: Json } {
  const { written, faults } = writeMembers(AUDIT_EVENTS[type].details, details, tagOf);
  assert(faults.length === 0, `members of the audit entry ${type} are unknown or out of bounds: ${faults.join(', ')}`);
  return written;
}
