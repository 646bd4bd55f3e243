/**
 * Transactions of CMP: a certificate that is requested, confirmed, rejected, waited for, revoked.
 * Each message has the same octets whenever it is sent.
 */
import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';
import { actorOf } from '../../../../src/access/principal.js';
import { contextConstructed } from '../../../../src/asn1/der-writer.js';
import { OID } from '../../../../src/asn1/oids.js';
import { accountActor } from '../../../../src/audit/actors.js';
import { encodeBody } from '../../../../src/cmp/bodies.js';
import { decodeMessage, encodeMessage, encodeProtectedPart } from '../../../../src/cmp/message.js';
import type { BodyKind, BodyValues, PkiHeader, PkiMessage } from '../../../../src/cmp/model.js';
import { present } from '../../../../src/kernel/assert.js';
import { type Bytes, toHex, utf8 } from '../../../../src/kernel/bytes.js';
import { sha256Hex } from '../../../../src/kernel/digest.js';
import { MINUTE_MS } from '../../../../src/kernel/duration.js';
import { ok, type Result } from '../../../../src/kernel/result.js';
import { certificateOf } from '../../../../src/operations/cmp/answers.js';
import { confirmCertificate, recordClientError } from '../../../../src/operations/cmp/confirm.js';
import { answerAgain } from '../../../../src/operations/cmp/dispatch.js';
import { beginEnrolment, continueEnrolment } from '../../../../src/operations/cmp/enrol.js';
import type { CmpExchange, CmpOrigin, CmpSituation } from '../../../../src/operations/cmp/exchange.js';
import { lapseTransactions, removeTransactions } from '../../../../src/operations/cmp/lapse.js';
import { pollCertificate } from '../../../../src/operations/cmp/poll.js';
import { receive } from '../../../../src/operations/cmp/receive.js';
import { changeStatus } from '../../../../src/operations/cmp/revoke.js';
import { registrationSecret } from '../../../../src/operations/enrolment/registration-secret.js';
import type { World } from '../../../../src/operations/world.js';
import type { CmpTransaction } from '../../../../src/ports/store/enrolment/cmp-transactions.js';
import type { Registration } from '../../../../src/ports/store/enrolment/registrations.js';
import { encodeName } from '../../../../src/x509/certificate/name-writer.js';
import { identifierOf } from '../../../support/cmp/algorithms.js';
import { certReqMsg, revocationOf, templateFor } from '../../../support/cmp/client.js';
import { cmpTransaction } from '../../../support/cmp/transactions.js';
import { NOW } from '../../../support/db/records.js';
import { registration } from '../../../support/enrolment/registrations.js';
import { keyOfRfc9500 } from '../../../support/service/csr.js';
import { professionalId } from '../../../support/service/orders.js';
import type { Answer, Scenario } from '../scenarios/all.js';
import { accept, reportOf, type Service } from '../service.js';
import { CARD_MANAGEMENT, commandOf, type StageRequest } from '../stage.js';

const PROFILE = 'fort/cps-authentication';
export const CARD: StageRequest = { number: 11, profiles: [PROFILE], key: null };
const REFERENCE = registration(3).reference;

/** The requests of the stage have no subject: their holder comes from a registration. */
export function registeredIn({ stage }: Service): Registration {
  const { order } = present(commandOf(stage, CARD).applications[0], 'an application');
  return registration(3, {
    accountId: CARD_MANAGEMENT.id,
    createdAt: 0,
    expiresAt: Number.MAX_SAFE_INTEGER,
    holderId: professionalId(CARD.number),
    ...(order as unknown as Pick<Registration, 'holder' | 'card' | 'identity' | 'keyOrigin'>),
    uses: [{ profile: PROFILE, certificateId: null }],
  });
}

export async function registered(service: Service): Promise<void> {
  await service.bare.store.transaction(async (tx) => {
    await tx.insertAccount(CARD_MANAGEMENT);
    await tx.insertRegistration(registeredIn(service));
  });
}

const TRANSACTION = new Uint8Array(16).fill(7);
export const KEY = toHex(TRANSACTION);

const nonceOf = (kind: BodyKind): Bytes => new Uint8Array(createHash('sha256').update(kind).digest()).subarray(0, 16);

export function partOf<Kind extends BodyKind>(
  kind: Kind,
  value: BodyValues[Kind],
  header: Partial<PkiHeader> = {},
): Bytes {
  const commonName = [[{ type: OID.commonName, form: 'utf8String', value: REFERENCE }]] as const;
  const name = { kind: 'other', der: contextConstructed(4, encodeName(commonName)) } as const;
  return encodeProtectedPart({
    header: {
      pvno: 2,
      sender: name,
      recipient: name,
      messageTime: NOW - (NOW % 1_000),
      protectionAlg: identifierOf(OID.hmacWithSha256),
      senderKID: utf8(REFERENCE),
      recipKID: null,
      transactionID: TRANSACTION,
      senderNonce: nonceOf(kind),
      recipNonce: null,
      freeText: [],
      generalInfo: [],
      ...header,
    },
    bodyKind: kind,
    bodyContent: encodeBody[kind](value),
  });
}

export function messageOf<Kind extends BodyKind>(
  kind: Kind,
  value: BodyValues[Kind],
  header: Partial<PkiHeader> = {},
): PkiMessage {
  const part = partOf(kind, value, header);
  return accept(decodeMessage(encodeMessage(part, { protection: new Uint8Array(32), extraCerts: [] })));
}

export function exchangeOf(service: Service, message: PkiMessage, { clock }: World = service.world): CmpExchange {
  return {
    message,
    transactionId: KEY,
    principal: { kind: 'registration', registration: registeredIn(service), account: CARD_MANAGEMENT },
    isKnown: false,
    open: 0,
    profile: PROFILE,
    protection: { kind: 'mac', algorithm: OID.hmacWithSha256 },
    usesMac: true,
    vouchedBy: null,
    senderNonce: new Uint8Array(16),
    sha256: sha256Hex(message.octets),
    now: clock(),
    origin: ORIGIN,
    expect: () => undefined,
  };
}

export const ORIGIN: CmpOrigin = { address: '127.0.0.1', goesOn: () => undefined };

/** Asks for nothing: the registration has the holder. */
export const KEY_OF_CARD = keyOfRfc9500();
const REQUEST = [certReqMsg(KEY_OF_CARD, templateFor(KEY_OF_CARD, []))];
export const FIRST = messageOf('ir', REQUEST);

export const answerOf = (result: Result<CmpSituation, unknown>): Answer => {
  if (!result.ok) return result as Answer;
  const { record } = result.value;
  return ok(record === null || record.signature === null ? [] : [reportOf(record)]);
};
export const without = (result: Result<unknown, unknown>): Answer => (result.ok ? ok([]) : (result as Answer));

export const begin = (service: Service, world: World) => beginEnrolment(world, exchangeOf(service, FIRST, world));

export async function begun(service: Service): Promise<CmpSituation> {
  await registered(service);
  return accept(await begin(service, service.bare));
}

/** The signer is known to be away, so that the request waits without an intent. */
export async function waiting(service: Service): Promise<void> {
  await registered(service);
  const absence = () => ({ kind: 'signer-unavailable', retryAfterMs: 1_000, detail: 'away' }) as const;
  const { bare } = service;
  const { row } = accept(await begin(service, { ...bare, signer: { ...bare.signer, absence } }));
  assert.equal(row.state, 'waiting');
  assert.equal(row.certificateId, null);
}

export type Sender = Pick<CmpExchange, 'principal' | 'transactionId'>;

/** The transaction as it is in the database now, also in the process after a kill; null: none. */
export async function situationNow(
  { bare }: Service,
  { principal, transactionId }: Sender,
): Promise<(CmpSituation & { readonly row: CmpTransaction }) | null> {
  const found = await bare.store.read(async (reads) => {
    const row = await reads.cmpTransaction({ principal: actorOf(principal), transactionId });
    if (row === null) return null;
    return { row, record: row.certificateId === null ? null : await reads.certificateById(row.certificateId) };
  });
  return accept(found);
}

const POLL = messageOf('pollReq', [0]);

/** Polls later than the client was told to. */
export function pollBy(service: Service, { principal, transactionId }: Sender): CmpExchange {
  const exchange = exchangeOf(service, POLL);
  return { ...exchange, principal, transactionId, now: exchange.now + MINUTE_MS };
}

/**
 * What a client sends until it has its certificate, as `receive` serves it: a message that was
 * answered before is answered again, and a client that is told to wait polls.
 */
export async function sent(service: Service, exchange: CmpExchange, serve: typeof beginEnrolment): Promise<Answer> {
  const known = await situationNow(service, exchange);
  if (known?.row.state === 'waiting') return answerOf(await pollCertificate(service.world, pollBy(service, exchange)));
  const isRepeated = known?.row.requestSha256 === exchange.sha256 || known?.row.lastSha256 === exchange.sha256;
  if (!isRepeated) return answerOf(await serve(service.world, { ...exchange, isKnown: known !== null }));
  const again = await answerAgain(service.world, exchange);
  if (!again.ok) return without(again);
  return answerOf(ok(present(await situationNow(service, exchange), 'a transaction that was answered again')));
}

/** The certificate of the transaction that has begun. */
export async function begunCertificate(service: Service, sender: Sender = exchangeOf(service, FIRST)): Promise<Bytes> {
  const begun = await situationNow(service, sender);
  return certificateOf(service.bare, present(begun?.record, 'a certificate'));
}

async function confirmation(service: Service): Promise<PkiMessage> {
  const certificate = await begunCertificate(service);
  const certHash = new Uint8Array(createHash('sha256').update(certificate).digest());
  return messageOf('certConf', [{ certHash, certReqId: 0, status: null, hashAlg: null }]);
}

const PAST = cmpTransaction(9, { begunAt: NOW - 9 * 86_400_000, waitUntil: NOW - 86_400_000 });
const OLD = cmpTransaction(8, { state: 'refused', endedAt: 1, waitUntil: null, checkAfter: null, request: null });

async function revokedByCmp(service: Service): Promise<Answer> {
  const template = revocationOf(await begunCertificate(service));
  const message = messageOf('rr', [{ template, crlEntryDetails: [] }]);
  const account = { ...CARD_MANAGEMENT, roles: ['officer'] };
  const exchange = { ...exchangeOf(service, message), transactionId: `${KEY}ff` };
  return without(await changeStatus(service.world, { ...exchange, principal: { kind: 'account', account } }));
}

export const CMP: readonly Scenario[] = [
  {
    name: 'begin a transaction of CMP',
    operation: beginEnrolment,
    before: registered,
    run: async (service) => answerOf(await begin(service, service.world)),
    again: null,
  },
  {
    name: 'run a request of CMP again that has waited for its signer',
    operation: continueEnrolment,
    before: waiting,
    run: async (service) => {
      const exchange = exchangeOf(service, FIRST);
      const { row } = present(await situationNow(service, exchange), 'a transaction that waits');
      const stored = { row, message: exchange.message };
      return answerOf(await continueEnrolment(service.world, exchange, stored));
    },
    again: null,
  },
  {
    name: 'poll by CMP for a certificate that was fetched already',
    operation: pollCertificate,
    before: begun,
    run: async (service) =>
      answerOf(await pollCertificate(service.world, exchangeOf(service, messageOf('pollReq', [0])))),
    again: null,
  },
  {
    name: 'confirm a certificate by CMP',
    operation: confirmCertificate,
    before: begun,
    run: async (service) =>
      without(await confirmCertificate(service.world, exchangeOf(service, await confirmation(service)))),
    again: null,
  },
  {
    name: 'reject a certificate by CMP',
    operation: recordClientError,
    before: begun,
    run: async (service) => {
      const status = { status: 'rejection', text: ['no'], failInfo: [] } as const;
      const message = messageOf('error', { status, errorCode: null, errorDetails: [] });
      return without(await recordClientError(service.world, exchangeOf(service, message)));
    },
    again: null,
  },
  {
    name: 'answer a message of CMP again',
    operation: answerAgain,
    before: begun,
    run: async (service) => without(await answerAgain(service.world, exchangeOf(service, FIRST))),
  },
  {
    name: 'revoke a certificate by CMP',
    operation: changeStatus,
    before: begun,
    run: revokedByCmp,
    // A client that repeats its octets gets the answer of the row.
    again: async (service) => {
      const key = { principal: accountActor(CARD_MANAGEMENT.id), transactionId: `${KEY}ff` };
      const row = accept(await service.bare.store.read((reads) => reads.cmpTransaction(key)));
      if (row === null) return revokedByCmp(service);
      assert.equal(row.outcome?.status, 'accepted');
      return ok([]);
    },
  },
  {
    name: 'receive a message of CMP',
    operation: receive,
    before: registered,
    run: async (service) => {
      const secret = present(registrationSecret(service.bare.registrationKeys, registeredIn(service)), 'a secret');
      const part = partOf('ir', REQUEST);
      const protection = new Uint8Array(createHmac('sha256', secret).update(part).digest());
      const octets = encodeMessage(part, { protection, extraCerts: [] });
      const request = { path: { profile: PROFILE, label: null }, ...ORIGIN };
      await receive(service.world, octets, request);
      // A client that has lost the answer has wrong nonces, which is found in its transaction.
      const later = partOf('pollReq', [0]);
      const mac = new Uint8Array(createHmac('sha256', secret).update(later).digest());
      await receive(service.world, encodeMessage(later, { protection: mac, extraCerts: [] }), request);
      return ok([]);
    },
    again: null,
  },
  {
    name: 'end transactions of CMP whose time has passed',
    operation: lapseTransactions,
    before: async (service) => {
      await begun(service);
      const { row } = present(await situationNow(service, exchangeOf(service, FIRST)), 'a transaction that has begun');
      await service.bare.store.transaction(async (tx) => {
        await tx.insertCmpTransactions([PAST]);
        await tx.changeCmpTransaction({ ...row, confirmBy: 1 });
      });
    },
    run: async ({ world }) => without(await lapseTransactions(world)),
  },
  {
    name: 'remove transactions of CMP that ended long ago',
    operation: removeTransactions,
    before: ({ bare }) => bare.store.transaction((tx) => tx.insertCmpTransactions([OLD])),
    run: async ({ world }) => without(await removeTransactions(world)),
  },
];
