/** Audit events of every type, within their bounds, with lists of any length. */
import fc from 'fast-check';
import { AUDIT_TYPES, type AuditEvent, type AuditType } from '../../../src/audit/events.js';
import {
  account,
  card,
  count,
  evidence,
  hex,
  holder,
  holderPattern,
  instant,
  issuer,
  list,
  nullable,
  officers,
  profile,
  serial,
  sha256,
  structure,
  uuid,
  word,
} from './any-values.js';
import { cmpDetails } from './cmp-details.js';
import { enrolmentDetails, registrationDetails } from './registration-details.js';

const certificate = { id: uuid, issuer, serial };
const reason = fc.constantFrom('unspecified', 'keyCompromise', 'superseded');
const state = fc.oneof(
  fc.record({ status: fc.constantFrom('open', 'pending', 'issued') }),
  fc.record({ status: fc.constant('revoked'), at: instant, reason, invalidityDate: nullable(instant) }),
);
const changed = fc.record(
  { ...certificate, state, sameKey: sha256, relearnedFromCrl: count },
  { requiredKeys: ['id', 'issuer', 'serial', 'state'] },
);
const crl = {
  issuer,
  scope: fc.constantFrom('full', 'delta'),
  number: count,
  base: nullable(count),
  thisUpdate: instant,
  nextUpdate: instant,
  entries: nullable(count),
  tbsSha256: nullable(sha256),
  sha256: nullable(sha256),
};
const roles = fc.constant(['card-management', 'officer']);
const scope = fc.record({
  profiles: list(profile, 100),
  structures: list(fc.oneof(structure, fc.constant('*')), 300),
  domains: list(word(253), 300),
  holders: list(holderPattern, 300),
});
const limit = nullable(count);
const limits = fc.record({ perDay: limit, perHour: limit, inFlight: limit });
const credential = fc.record({ issuer, spkiSha256: sha256 });
const accountMembers = {
  account,
  roles,
  scope,
  limits,
  networks: list(word(64), 100),
  expiresAt: nullable(instant),
  credentials: list(credential, 100),
  structure: nullable(structure),
};
const agreed = { officers, approval: uuid };
const changedAccount = fc.record(
  { ...accountMembers, ...agreed, login: word(64), ceremony: word(128), planSha256: sha256, certificate: uuid },
  { requiredKeys: ['account', 'roles', 'scope', 'limits', 'networks', 'expiresAt', 'credentials', 'structure'] },
);
const keyDecision = { spkiSha256: sha256, officers, reason: word(400) };
const approval = { id: uuid, action: word(32), statementSha256: sha256 };
const massRevocation = {
  id: uuid,
  selection: fc.record({
    authority: nullable(issuer),
    profile: nullable(profile),
    issuedFrom: nullable(instant),
    issuedUntil: nullable(instant),
    spkiSha256: nullable(sha256),
  }),
  reason,
  invalidityDate: nullable(instant),
  matched: count,
  revoked: count,
  alreadyRevoked: count,
};
const runOfNode = { run: hex(32), host: word(255), roles: fc.constant(['api', 'worker']), version: word(64) };
const clocks = fc.record({ offsetMs: fc.integer(), behindMs: count });
const code = fc.constantFrom('not-permitted', 'body-malformed');
const refused = fc.oneof(
  fc.record({
    id: uuid,
    code,
    status: count,
    rules: fc.array(word(128), { maxLength: 10 }),
    route: nullable(fc.constant('POST /v1/certificates')),
    address: nullable(fc.constant('2001:db8::1')),
    certificateSha256: nullable(sha256),
  }),
  fc.record({ code, status: count, certificate: uuid, card }),
  fc.record({ code, count, firstRequestId: uuid, lastRequestId: uuid }),
);
const counts = fc.oneof(
  fc.dictionary(word(60), count, { maxKeys: 3 }),
  fc.dictionary(word(60), count, { minKeys: 200, maxKeys: 200, size: 'max' }),
);
const token = fc.constantFrom('issuing', 'ocsp');
const webhookDelivery = {
  id: uuid,
  endpoint: fc.constant('cards'),
  topic: fc.constantFrom('crl.published', 'certificate.revoked', 'card.read-back-differs', 'card.opposed'),
  /** A CA, a certificate, a line of an order, or a card. */
  subject: fc.oneof(
    issuer,
    uuid,
    fc.tuple(uuid, fc.nat({ max: 999_999 })).map(([order, line]) => `${order}/${line}`),
    card,
  ),
};

const cardOrder = {
  id: uuid,
  kind: fc.constantFrom('order', 'dry-run'),
  octets: count,
  lines: count,
  requestSha256: sha256,
  counts: fc.record({
    issued: count,
    duplicate: count,
    refused: count,
    notIssued: count,
    cancelled: count,
    wouldIssue: count,
    wouldBeDuplicate: count,
  }),
};

const campaignMembers = {
  id: uuid,
  state: fc.constantFrom('ready', 'open'),
  suspendsAt: nullable(instant),
  revokesAt: nullable(instant),
  suspensionArmedAt: nullable(instant),
  revocationArmedAt: nullable(instant),
};
const decidedCampaign = fc.record({ ...campaignMembers, officers, approval: uuid });
const date = fc.constantFrom('suspension', 'revocation');
const cardUpdate = { id: uuid, card, certificate: nullable(uuid), proof: nullable(sha256) };
const ids = fc.array(uuid, { maxLength: 8 });

const DETAILS: { readonly [Type in AuditType]: fc.Arbitrary<object> } = {
  'certificate.intent': fc.record({
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
    evidence: nullable(evidence),
    assurance: nullable(fc.constantFrom('high', 'substantial')),
    keyOrigin: nullable(fc.constantFrom('card', 'module', 'software')),
    renews: nullable(uuid),
    evidenceFrom: fc.constantFrom('renewed', 'request', 'none'),
    registration: uuid,
    enrolment: enrolmentDetails,
    order: uuid,
    line: count,
  }),
  'certificate.issued': fc.record({ ...certificate, profile, signatureSha256: sha256 }),
  'certificate.abandoned': fc.record(certificate),
  'certificate.registered': fc.record({
    ...certificate,
    profile,
    holder,
    tbsSha256: sha256,
    signatureSha256: sha256,
    ceremony: word(128),
    planSha256: sha256,
  }),
  'webhook.dead': fc.record({
    ...webhookDelivery,
    attempts: count,
    status: nullable(count),
    error: nullable(word(200)),
  }),
  'webhook.replayed': fc.record(webhookDelivery),
  'webhook.dropped': fc.record(webhookDelivery),
  'certificate.revoked': changed,
  'certificate.suspended': changed,
  'certificate.released': changed,
  'certificate.searched': fc.record(
    {
      holder,
      card,
      // What a client searches may be in the wrong field.
      structure: fc.oneof(structure, holder),
      order: uuid,
      profile,
      authority: issuer,
      serials: fc.array(serial, { maxLength: 2 }),
      status: fc.constant('issued'),
      issuedFrom: instant,
      issuedUntil: instant,
      expiresFrom: instant,
      expiresBefore: instant,
      ticket: word(64),
      exportedAs: fc.constantFrom('csv', 'ndjson'),
    },
    { requiredKeys: [] },
  ),
  'access.denied': refused,
  'request.refused': refused,
  'proof.rejected': refused,
  'crl.intent': fc.record(crl),
  'crl.published': fc.record(crl),
  'crl.abandoned': fc.record({ ...crl, why: fc.constant('left-behind') }),
  'crl.imported': fc.record({ issuer, number: count, sha256, entries: count }),
  'issuer.revoked': fc.record({
    issuer,
    reason: fc.constantFrom('keyCompromise', 'certificateHold'),
    root: fc.constant('acr-fo'),
    list: count,
  }),
  'order.accepted': fc.record({ ...cardOrder, bureau: nullable(account) }),
  'order.paused': fc.record(cardOrder),
  'order.resumed': fc.record(cardOrder),
  'order.cancelled': fc.record(cardOrder),
  'order.finished': fc.record({
    ...cardOrder,
    state: fc.constantFrom('finished', 'cancelled'),
    resultsSha256: nullable(sha256),
    bundleSha256: nullable(sha256),
  }),
  'crl.requested': fc.record({ id: issuer, kind: fc.constantFrom('full', 'delta') }),
  'key.blocked': fc.record({ ...keyDecision, login: word(64) }),
  'key.unblocked': fc.record({ ...keyDecision, approval: uuid }),
  'approval.requested': fc.record(approval),
  'approval.executed': fc.record({ ...approval, officers }),
  'approval.refused': fc.record(approval),
  'approval.stale': fc.record(approval),
  'approval.expired': fc.record(approval),
  'account.added': changedAccount,
  'account.credential-added': changedAccount,
  'account.not-founded': fc.record({
    account,
    certificate: uuid,
    ceremony: word(128),
    planSha256: sha256,
    detail: word(600),
  }),
  'account.credential-renewed': fc.record({ account, old: credential, new: credential, certificate: uuid }),
  'account.rotated': changedAccount,
  'account.disabled': changedAccount,
  'account.enabled': changedAccount,
  'account.changed': fc.record({
    ...accountMembers,
    login: word(64),
    changed: fc.constant(['name', 'roles', 'profiles', 'structures', 'domains', 'holders', 'limits', 'structure']),
    before: fc.record({
      roles,
      scope,
      limits,
      networks: list(word(64), 100),
      expiresAt: nullable(instant),
      structure: nullable(structure),
    }),
  }),
  'mass-revocation.submitted': fc.record({
    ...massRevocation,
    accounts: list(account),
    platform: fc.constant(['responder', 'server']),
  }),
  'mass-revocation.completed': fc.record(massRevocation),
  'mass-revocation.cancelled': fc.record(massRevocation),
  'order.results-read': fc.record({ id: uuid, from: count, certificates: fc.constantFrom('yes', 'no') }),
  'order.bundle-read': fc.record({ id: uuid }),
  'card.opposed': fc.record({ card, reason: word(32) }),
  'card.returned': fc.record({ card, reason: word(32) }),
  'card.replaced': fc.record({ card, by: card, until: instant }),
  'card.capabilities': fc.record({
    card,
    generation: word(32),
    applet: word(32),
    keyTypes: fc.array(word(32), { maxLength: 16 }),
    spareContainers: count,
  }),
  'holder.barred': fc.record({ holder }),
  'holder.unbarred': fc.record({ holder, officers, approval: uuid }),
  'campaign.created': fc.record({ ...campaignMembers, documentSha256: sha256 }),
  'campaign.list-stored': fc.record({ ...campaignMembers, cards: fc.constant({ doctors: 35_000 }) }),
  'campaign.ready': fc.record({ ...campaignMembers, cards: fc.constant({ waiting: 9, 'to-desk': 1 }) }),
  'campaign.opened': decidedCampaign,
  'campaign.paused': fc.record(campaignMembers),
  'campaign.resumed': fc.record(campaignMembers),
  'campaign.dates-set': decidedCampaign,
  'campaign.armed': fc.record({ ...campaignMembers, officers, approval: uuid, date, dateAt: instant }),
  'campaign.date-reached': fc.record({ ...campaignMembers, date, dateAt: instant }),
  'campaign.date-missed': fc.record({ ...campaignMembers, date, dateAt: instant }),
  'campaign.suspended': fc.record({ ...campaignMembers, changed: count }),
  'campaign.revoked': fc.record({ ...campaignMembers, changed: count }),
  'campaign.release-decided': decidedCampaign,
  'campaign.released': fc.record({ ...campaignMembers, changed: count }),
  'campaign.ended': decidedCampaign,
  'campaign.card-to-desk': fc.record({ id: uuid, card, reason: fc.constant('officer') }),
  'campaign.notices-recorded': fc.record({ id: uuid, results: fc.constant({ recorded: 3, repeated: 1 }) }),
  'card.acknowledged': fc.record({ id: uuid, results: fc.constant({ accepted: 3, conflict: 1 }) }),
  'card.read-back-differs': fc.record({ id: uuid, line: count, card }),
  'card.scrapped': fc.record({ id: uuid, line: count, card, revoked: count, kept: count }),
  ...cmpDetails({ uuid, account }),
  ...registrationDetails({ account, profile, holder, structure, card, evidence, instant, count, uuid }),
  'update.begun': fc.record({
    ...cardUpdate,
    old: ids,
    new: ids,
    channel: fc.constantFrom('secure-messaging', 'none'),
  }),
  'update.offered': fc.record({ id: uuid, card, confirmBy: instant }),
  'update.writing': fc.record(cardUpdate),
  'update.confirmed': fc.record(cardUpdate),
  'update.abandoned': fc.record(cardUpdate),
  'update.undetermined': fc.record(cardUpdate),
  'update.decided': fc.record({
    id: uuid,
    card,
    outcome: fc.constantFrom('confirmed', 'abandoned'),
    approval: uuid,
    officers: fc.constant(['officer-1', 'officer-2']),
    reason: word(400),
  }),
  'update.completed': fc.record(cardUpdate),
  'update.ended': fc.record({
    id: uuid,
    card,
    state: fc.constantFrom('failed', 'ended'),
    reason: fc.constantFrom('given-up', 'revoked', 'card-ended'),
  }),
  'update.contradicted': fc.record(cardUpdate),
  'clock.wrong': clocks,
  'clock.right': clocks,
  'clock.database-wrong': clocks,
  'node.started': fc.record(runOfNode),
  'node.stopped': fc.record(runOfNode),
  'node.lost': fc.record({ ...runOfNode, lost: hex(16), seenAt: instant, openIntents: count }),
  'schema.migrated': fc.record({ from: count, to: count }),
  'clock.reset': fc.record({ officers, from: nullable(instant) }),
  'ocsp.signed': fc.record({ token, fromSeq: count, toSeq: count, answersByIssuer: counts, sha256 }),
  'signer.notes': fc.record({ token, fromSeq: count, toSeq: count, refusals: counts, alarms: counts }),
  'signer.unknown-signature': fc.record({
    token,
    count,
    unknown: fc.array(word(400), { maxLength: 50, size: 'max' }),
    faults: fc.array(word(1_000), { maxLength: 4 }),
  }),
  'journal.incomplete': fc.record({
    day: fc.constant('2026-03-01'),
    issuer,
    certificates: count,
    entries: count,
  }),
  'database.accepted': fc.record({
    officers,
    database: fc.record({ id: nullable(hex(16)), entries: count }),
    home: nullable(fc.record({ id: hex(16), entries: count })),
    missing: list(word(500), 200),
  }),
  'database.restored': fc.record({
    manifestSha256: sha256,
    takenAt: instant,
    entries: count,
    older: fc.constantFrom('yes', 'no'),
    recovered: count,
    learnt: count,
    missing: list(word(500), 200),
  }),
  'certificate.recovered': fc.record({ ...certificate, profile, tbsSha256: sha256, token, journalEntry: count }),
};

/** Each type is as likely as any other. */
export const anyEvent: fc.Arbitrary<AuditEvent> = fc
  .constantFrom(...AUDIT_TYPES)
  .chain((type) =>
    fc.record({
      at: instant,
      type: fc.constant(type),
      actor: account.map((id) => `account:${id}`),
      requestId: uuid,
      details: DETAILS[type],
    }),
  )
  .map((one) => one as unknown as AuditEvent);
