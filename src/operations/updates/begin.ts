/**
 * Begins a remote update: the present key of a card signs for the new keys, which get certificates
 * that are pending until the card confirms them. Holder and card come from the record of the
 * certificates that are replaced. The steps run in this order, and a refusal leaves nothing behind:
 *
 *   access        may this account update cards?
 *   idempotency   was this begin sent before? then the update as it is now
 *   card          is there a live update? a card has one at a time
 *   proof         has a present authentication key of the card signed for exactly this?
 *   desk          a card that cannot be updated remotely is not touched
 *   replaced      a certificate in force for each request; its policy and its window
 *   campaign      a card of an open campaign begins only in its place
 *   issuance      all of its steps (`issue.ts`); the reservation inserts update, procedure, proof
 *                 and entries with the intents, the settlement offers the update
 */
import { decideAccess, subjectOf } from '../../access/decide.js';
import { statesFor } from '../../access/principal.js';
import { keyFacts, recordIdFrom } from '../../issuance/intent.js';
import type { Application } from '../../issuance/prepare.js';
import { present } from '../../kernel/assert.js';
import { sha256Hex } from '../../kernel/digest.js';
import { groupBy } from '../../kernel/group-by.js';
import { LIMITS } from '../../kernel/limits.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { isKeyProven } from '../../lifecycle/certificate-states.js';
import { capabilityReasons } from '../../policy/card-generations.js';
import type { CertificateOrder, Identity } from '../../policy/model.js';
import type { Account } from '../../ports/store/accounts.js';
import type { CardOfCampaign } from '../../ports/store/cards/campaigns.js';
import type { CardUpdate } from '../../ports/store/cards/card-updates.js';
import type { CardCapabilities, StoredCard } from '../../ports/store/cards/cards.js';
import type { CertificateRecord } from '../../ports/store/certificates.js';
import type { ClaimRequest, IdempotencyClaim } from '../../ports/store/idempotency.js';
import type { GroupedWork, Reads } from '../../ports/store.js';
import { violation } from '../../texts/text.js';
import type { Proof, ProofBody } from '../../updates/proof.js';
import { type StatedRequest, updateKeysSha256 } from '../../updates/statement.js';
import { HOLDER_KEY_TYPES } from '../../x509/model.js';
import { parseCertificationRequest } from '../../x509/request/certification-request.js';
import { currentByCard } from '../campaigns/tickets.js';
import { beginFault, termsOf } from '../campaigns/update-hooks.js';
import { cardFactsOf, procedureOf } from '../cards/usable-cards.js';
import { notFound, type OperationFailure } from '../failures.js';
import { isElsewhereOnCards } from '../issuance/clashes.js';
import { issueCertificates } from '../issuance/issue.js';
import { renewedOrder } from '../issuance/renew.js';
import {
  type FoundSigner,
  judgeProof,
  type ProofDemand,
  type ProofWorld,
  readSigners,
} from '../proofs/verify-proof.js';
import type { World } from '../world.js';
import { keptProof, readCardProof } from './card-proofs.js';
import { cardToDesk, refuseToDesk } from './desk.js';
import { isReplaced, readBackOf, seesCard } from './on-card.js';
import { SHOWN_UPDATES, type ShownUpdate } from './read.js';
import { findReplaced } from './replaced.js';
import { liveConflict, type NewUpdate } from './reserve-updates.js';

export type UpdateRequest = {
  readonly profile: string;
  /** PKCS#10, PEM, on a new key. */
  readonly csr: string;
  readonly keyOrigin: CertificateOrder['keyOrigin'];
};

type Capabilities = Omit<CardCapabilities, 'reportedAt' | 'reportedBy'>;

type BeginCommand = Pick<CardUpdate, 'cardTokenId' | 'channel' | 'reader' | 'middleware'> & {
  readonly account: Account;
  readonly requests: readonly UpdateRequest[];
  /** null: the evidence of the replaced certificates is used, if it is sufficient now. */
  readonly identity: Identity | null;
  readonly proof: ProofBody;
  /** As read from the card just now; null: those that were reported before count. */
  readonly capabilities: Capabilities | null;
  /** The route as claims name it. */
  readonly route: string;
  /** null: the request came without an Idempotency-Key; the statement names it. */
  readonly idempotency: ClaimRequest | null;
};

/** `isRepeated`: the update was begun before. */
type BegunUpdate = ShownUpdate & { readonly isRepeated: boolean };

type Outcome<Value> = Promise<Result<Value, OperationFailure>>;

export async function beginUpdate(world: World & ProofWorld, command: BeginCommand): Outcome<BegunUpdate> {
  const { account, cardTokenId } = command;
  const permitted = decideAccess(account, 'update-card', null);
  if (!permitted.ok) return permitted;
  const proof = readCardProof(command.proof, cardTokenId);
  if (!proof.ok) return proof;
  const read = readRequests(command);
  if (!read.ok) return read;
  const claim = claimOf(command, proof.value);
  const { certificateId } = proof.value;
  const asked = { account, cardTokenId, claim, keysSha256: updateKeysSha256(read.value), certificateId };
  const found = await world.store.groupedRead(CARDS, asked);
  if (!found.ok) return found;
  if (!found.value.ok) return found.value;
  const { earlier, live, ...card } = found.value.value;
  if (earlier !== null) return earlierUpdate(world, earlier);
  if (live !== null) return err(liveConflict(live, certificateId));
  const signed = { ...card, proof: proof.value, stated: read.value };
  const update = await newUpdate(world, command, signed);
  if (!update.ok) return update;
  const applications = applicationsOf(command, update.value.replaced);
  const issued = await issueCertificates(world, { account, applications, idempotency: claim, update: update.value });
  if (!issued.ok) return issued;
  // Another copy of the request may have been the first.
  const id = present(issued.value[0]?.updateId ?? undefined, 'the update of new certificates');
  return updateNamed(world, id, id !== update.value.id);
}

/**
 * The claim has the Idempotency-Key of the client or, without one, a key made from the hash of the
 * statement, so that the same request sent again meets its first claim.
 */
function claimOf({ account, route, idempotency }: BeginCommand, { sha256 }: Proof): ClaimRequest {
  if (idempotency !== null) return idempotency;
  const claim: IdempotencyClaim = { account: account.id, route, key: `begin:${sha256}` };
  return { claim, bodySha256: sha256 };
}

type ReadRequest = StatedRequest & Pick<CertificateRecord, 'spkiSha256' | 'keyType'>;

/** Reads what the statement says of the requests, and their keys. Issuance verifies them. */
function readRequests({ requests }: BeginCommand): Result<readonly ReadRequest[], OperationFailure> {
  const read: ReadRequest[] = [];
  for (const [at, { csr, profile }] of requests.entries()) {
    const parsed = parseCertificationRequest(csr);
    if (!parsed.ok) {
      const { rule, message } = parsed.error;
      const violations = [{ pointer: `/requests/${at}/csr`, rule, message }];
      return err({ kind: 'proof-of-possession-failed', violations });
    }
    const { der, spki } = parsed.value;
    read.push({ csrSha256: sha256Hex(der), profile, ...keyFacts(spki) });
  }
  return ok(read);
}

type FoundCard = {
  /** The update of this card that was begun with the same keys; null: there is none. */
  readonly earlier: CardUpdate | null;
  readonly live: CardUpdate | null;
  readonly onCard: readonly CertificateRecord[];
  /** The certificates with the key that has signed, on whatever card. */
  readonly onSameKey: readonly CertificateRecord[];
  /** null: it has no record. */
  readonly card: StoredCard | null;
  /** The card in its campaign; null: it is in no open one. */
  readonly row: CardOfCampaign | null;
  /** The certificate whose key has signed, with the time of the database. */
  readonly signer: FoundSigner;
};

type AskedCard = Pick<BeginCommand, 'account' | 'cardTokenId'> & {
  readonly claim: ClaimRequest;
  readonly keysSha256: string;
  /** The certificate whose key has signed. */
  readonly certificateId: string;
};

/** Simultaneous requests share one read. */
const CARDS: GroupedWork<Reads, AskedCard, Result<FoundCard, OperationFailure>> = {
  run: async (reads, asked) => {
    const tokenIds = [...new Set(asked.map(({ cardTokenId }) => cardTokenId))];
    const records = groupBy(await reads.certificatesOfCards(tokenIds), (record) => record.cardTokenId);
    const claims = await reads.peekClaims(asked.map(({ claim }) => claim));
    const byKeys = await reads.updatesByKeys([...new Set(asked.map(({ keysSha256 }) => keysSha256))]);
    const live = new Map((await reads.liveUpdatesOf(tokenIds)).map((update) => [update.cardTokenId, update]));
    const cards = new Map((await reads.cardsById(tokenIds)).map((card) => [card.tokenId, card]));
    const rows = currentByCard(await reads.openCampaignCards(tokenIds));
    const signers = await readSigners(
      reads,
      asked.map(({ cardTokenId, certificateId: id }) => records.get(cardTokenId)?.find((one) => one.id === id) ?? null),
    );
    const keys = new Set(signers.flatMap(({ record }) => record?.spkiSha256 ?? []));
    const onKeys = groupBy(await reads.certificatesByKeys([...keys]), ({ spkiSha256 }) => spkiSha256);
    return asked.map(({ account, cardTokenId, keysSha256 }, at): Result<FoundCard, OperationFailure> => {
      const onCard = records.get(cardTokenId) ?? [];
      if (!seesCard(account, onCard)) return err(notFound('no-certificate-on-card', { card: cardTokenId }));
      if (claims[at]?.kind === 'mismatch') return err({ kind: 'idempotency-mismatch' });
      const same = byKeys.find((one) => one.keysSha256 === keysSha256 && one.cardTokenId === cardTokenId);
      const signer = present(signers[at], 'the signer of a request');
      return ok({
        earlier: same ?? null,
        live: live.get(cardTokenId) ?? null,
        onCard,
        onSameKey: (onKeys.get(signer.record?.spkiSha256 ?? '') ?? []).filter(isKeyProven),
        card: cards.get(cardTokenId) ?? null,
        row: rows.get(cardTokenId) ?? null,
        signer,
      });
    });
  },
};

/** An update whose signatures are under way has no answer yet. */
async function earlierUpdate(world: World, update: CardUpdate): Outcome<BegunUpdate> {
  if (update.state === 'issuing') return err({ kind: 'in-progress', retryAfterMs: LIMITS.inProgressRetryMs });
  return updateNamed(world, update.id, true);
}

async function updateNamed({ store }: World, id: string, isRepeated: boolean): Outcome<BegunUpdate> {
  const found = await store.groupedRead(SHOWN_UPDATES, id);
  return found.ok ? ok({ ...found.value, isRepeated }) : found;
}

type SignedBegin = Omit<FoundCard, 'earlier' | 'live'> & {
  readonly proof: Proof;
  readonly stated: readonly ReadRequest[];
};

async function newUpdate(
  world: World & ProofWorld,
  command: BeginCommand,
  { proof, onCard, onSameKey, card, row, signer, stated }: SignedBegin,
): Outcome<NewUpdate> {
  const { account, cardTokenId, requests, channel } = command;
  const campaign = termsOf(row);
  const { fromSuspended } = campaign;
  const demand: ProofDemand = {
    body: command.proof,
    action: 'begin-update',
    card: cardTokenId,
    about: { certificateId: null, cardTokenId },
    asked: { verb: 'begin', requests: stated.map(({ csrSha256, profile }) => ({ csrSha256, profile })) },
    states: statesFor('begin-update', { fromSuspended, presentKeyConfirms: false }),
    maySign: (record) => !isReplaced(record, onCard),
  };
  const verified = await judgeProof(world, demand, { proof, found: signer });
  if (!verified.ok) return verified;
  // Another card with this key could have signed as well.
  if (onSameKey.some((other) => isElsewhereOnCards(other, verified.value.record)))
    return refuseToDesk(world, command, cardToDesk('duplicate-key'));
  const { statement } = proof;
  const readBack = 'onCard' in statement ? statement.onCard : [];
  if (readBackOf(world, onCard, { stated: readBack, newIds: [] }).kind === 'unknown')
    return refuseToDesk(world, command, cardToDesk('unknown-certificate'));
  const desk = deskFault(world, { card: command.capabilities ?? card?.capabilities ?? null, stated });
  if (desk !== null) return desk.kind === 'card-to-desk' ? refuseToDesk(world, command, desk) : err(desk);
  const replaced = findReplaced(world, { requests, onCard, signer: verified.value.record, campaign });
  if (!replaced.ok) return replaced;
  for (const record of replaced.value.records) {
    const permitted = decideAccess(account, 'update-card', subjectOf(record));
    if (!permitted.ok) return permitted;
  }
  // The campaign is asked last, because a card that is refused for another reason needs no place.
  const fault = await beginFault(world, { row, channel, now: signer.facts.now });
  if (fault !== null) return err(fault);
  const id = recordIdFrom(world.clock(), world.random(10));
  const { holderId } = verified.value.record;
  const facts = present(card ?? cardFactsOf(verified.value.record) ?? undefined, 'a certificate on a card');
  return ok({
    id,
    cardTokenId,
    accountId: account.id,
    campaignId: campaign.campaignId,
    ...replaced.value.terms,
    channel,
    reader: command.reader,
    middleware: command.middleware,
    replaced: replaced.value.records,
    procedure: procedureOf({ ...facts, holderId: facts.holderId ?? holderId }),
    capabilities: command.capabilities,
    proof: keptProof(world, verified.value, id),
    signer: verified.value.record,
    perDayMax: world.policy.environment.updates.perCardPerDay,
    fromSuspended,
  });
}

/** null: the card can make these keys and hold them beside the present ones. */
function deskFault(
  { policy }: World,
  { card, stated }: { readonly card: Capabilities | null; readonly stated: readonly ReadRequest[] },
): Extract<OperationFailure, { readonly kind: 'card-to-desk' | 'policy-violated' }> | null {
  if (card === null) return { kind: 'policy-violated', violations: [violation('', 'capabilities-known')] };
  const wanted = stated.map(({ keyType }) => HOLDER_KEY_TYPES.filter((one) => one === keyType));
  const [reason] = capabilityReasons(policy, card, wanted);
  return reason === undefined ? null : cardToDesk(reason);
}

function applicationsOf(
  { requests, identity }: BeginCommand,
  replaced: readonly CertificateRecord[],
): readonly Application[] {
  return requests.map(({ csr, keyOrigin }, at) => {
    const old = present(replaced[at], 'the certificate that is replaced');
    // The new key is in a spare container, whose name nobody states.
    const { container: _container, ...order } = renewedOrder(old, { identity, keyOrigin, validity: NO_WISH });
    return { order, csr, pointer: `/requests/${at}` };
  });
}

const NO_WISH = { notBefore: null, notAfter: null } as const;
