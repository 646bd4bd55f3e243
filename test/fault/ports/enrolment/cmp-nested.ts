/**
 * Nested messages of CMP, from the octets of a message to those of its answer. An account protects
 * them with its secret; a message inside may have a signature. Both protections are the same in
 * each process.
 */
import { createHmac, sign } from 'node:crypto';
import { contextConstructed } from '../../../../src/asn1/der-writer.js';
import { OID } from '../../../../src/asn1/oids.js';
import { decodeMessage, encodeMessage } from '../../../../src/cmp/message.js';
import type { BodyKind, BodyValues, PkiHeader } from '../../../../src/cmp/model.js';
import { present } from '../../../../src/kernel/assert.js';
import { type Bytes, toHex, utf8 } from '../../../../src/kernel/bytes.js';
import { ok } from '../../../../src/kernel/result.js';
import type { CmpExchange } from '../../../../src/operations/cmp/exchange.js';
import { receive } from '../../../../src/operations/cmp/receive.js';
import { accountSecret } from '../../../../src/operations/enrolment/registration-secret.js';
import type { World } from '../../../../src/operations/world.js';
import { encodeName } from '../../../../src/x509/certificate/name-writer.js';
import { subjectKeyIdentifier } from '../../../../src/x509/keys/public-key.js';
import { identifierOf } from '../../../support/cmp/algorithms.js';
import { cn, outcomeOf, viewOf } from '../../../support/cmp/client.js';
import type { Answer, Scenario } from '../scenarios/all.js';
import { accept, type Service } from '../service.js';
import { answerOf, KEY, ORIGIN, partOf, situationNow } from './cmp.js';
import {
  accountExists,
  CLIENTS,
  certified,
  itself,
  NEW_KEY,
  OFFICE,
  OWN_KEY,
  ownCertificate,
  requestOf,
} from './cmp-organisations.js';

const nameOf = (der: Bytes) => ({ kind: 'other', der: contextConstructed(4, der) }) as const;

/** A repeated message is sent after the service was down, so that it can name no time. */
function timeless(policy: World['policy']): World['policy'] {
  const { environment } = policy;
  const { enrolment } = environment;
  const cmp = { ...enrolment.cmp, messageTimeRequired: false };
  return { ...policy, environment: { ...environment, enrolment: { ...enrolment, cmp } } };
}

/** Protected by the secret of the account. */
function byOffice<Kind extends BodyKind>(
  { bare }: Service,
  kind: Kind,
  { value, header = {} }: { readonly value: BodyValues[Kind]; readonly header?: Partial<PkiHeader> },
): Bytes {
  const [keyId] = [...bare.registrationKeys.keys()];
  const secret = present(accountSecret(bare.registrationKeys, present(keyId, 'a key'), OFFICE.id), 'a secret');
  const part = partOf(kind, value, {
    sender: nameOf(encodeName(cn(OFFICE.id))),
    senderKID: utf8(OFFICE.id),
    messageTime: null,
    ...header,
  });
  const protection = new Uint8Array(createHmac('sha256', secret).update(part).digest());
  return encodeMessage(part, { protection, extraCerts: [] });
}

/** The update of the certificate that signs it. */
async function ownUpdate(service: Service): Promise<Bytes> {
  const certificate = await ownCertificate(service);
  const { tbs } = viewOf(certificate);
  const part = partOf('kur', requestOf(NEW_KEY, ''), {
    sender: nameOf(tbs.subjectDer),
    senderKID: subjectKeyIdentifier(tbs.spki),
    protectionAlg: identifierOf(OID.ed25519),
    messageTime: null,
  });
  const protection = new Uint8Array(sign(null, part, OWN_KEY.privateKey));
  return encodeMessage(part, { protection, extraCerts: [certificate] });
}

type Expected = Pick<CmpExchange, 'principal' | 'transactionId'>;

/** Answers with the certificate of the expected transaction. */
async function received(service: Service, octets: Bytes, expected: Expected): Promise<Answer> {
  const { world } = service;
  const request = { path: { profile: CLIENTS, label: null }, ...ORIGIN };
  const reply = await receive({ ...world, policy: timeless(world.policy) }, octets, request);
  if (reply.status !== 200) return { ok: false, error: { kind: `status ${reply.status}` } };
  const answer = accept(decodeMessage(reply.message));
  const refused = answer.bodyKind === 'nested' ? [] : outcomeOf(answer).failInfo;
  if (refused.length > 0) return { ok: false, error: { kind: refused.join(' ') } };
  return answerOf(ok(present(await situationNow(service, expected), 'the transaction of an answer')));
}

const INNER = new Uint8Array(16).fill(8);

export const CMP_NESTED: readonly Scenario[] = [
  {
    name: 'receive a signed message of CMP to which an account has added its protection',
    operation: receive,
    before: (service) => certified(service),
    run: async (service) => {
      const inner = await ownUpdate(service);
      const { senderNonce } = accept(decodeMessage(inner)).header;
      const outer = byOffice(service, 'nested', { value: [inner], header: { senderNonce } });
      return received(service, outer, { principal: await itself(service), transactionId: KEY });
    },
    keyed: { key: KEY, certificates: 1 },
  },
  {
    name: 'receive a batch of messages of CMP',
    operation: receive,
    before: accountExists,
    run: (service) => {
      const value = requestOf(NEW_KEY, 'APPLICATION-18');
      const inner = byOffice(service, 'cr', { value, header: { transactionID: INNER } });
      const outer = byOffice(service, 'nested', { value: [inner] });
      const principal = { kind: 'account', account: OFFICE } as const;
      return received(service, outer, { principal, transactionId: toHex(INNER) });
    },
    keyed: { key: toHex(INNER), certificates: 1 },
  },
];
