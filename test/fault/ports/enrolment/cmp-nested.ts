/**
 * Nested messages of CMP, from the octets of a message to those of its answer. Signatures on
 * Ed25519 and MACs are the same in each process, so that a message is repeated octet by octet.
 */
import { createHmac, sign } from 'node:crypto';
import { contextConstructed } from '../../../../src/asn1/der-writer.js';
import { OID } from '../../../../src/asn1/oids.js';
import { decodeMessage, encodeMessage } from '../../../../src/cmp/message.js';
import type { BodyKind, BodyValues, PkiHeader } from '../../../../src/cmp/model.js';
import { present } from '../../../../src/kernel/assert.js';
import { type Bytes, toHex, utf8 } from '../../../../src/kernel/bytes.js';
import { ok } from '../../../../src/kernel/result.js';
import { pollCertificate } from '../../../../src/operations/cmp/poll.js';
import { receive } from '../../../../src/operations/cmp/receive.js';
import { accountSecret } from '../../../../src/operations/enrolment/registration-secret.js';
import type { World } from '../../../../src/operations/world.js';
import { encodeName } from '../../../../src/x509/certificate/name-writer.js';
import { subjectKeyIdentifier } from '../../../../src/x509/keys/public-key.js';
import { identifierOf } from '../../../support/cmp/algorithms.js';
import { cn, outcomeOf, viewOf } from '../../../support/cmp/client.js';
import type { Answer, Scenario } from '../scenarios/all.js';
import { accept, type Service } from '../service.js';
import { answerOf, KEY, ORIGIN, partOf, pollBy, type Sender, situationNow } from './cmp.js';
import {
  accountExists,
  CLIENTS,
  certified,
  certifyOffice,
  itself,
  NEW_KEY,
  OFFICE,
  requestOf,
  signerOf,
} from './cmp-organisations.js';

const nameOf = (der: Bytes) => ({ kind: 'other', der: contextConstructed(4, der) }) as const;

/**
 * A message that is repeated after the restart of the service would be too old, so that it names no
 * time.
 */
function timeless(policy: World['policy']): World['policy'] {
  const { environment } = policy;
  const { enrolment } = environment;
  const cmp = { ...enrolment.cmp, messageTimeRequired: false };
  return { ...policy, environment: { ...environment, enrolment: { ...enrolment, cmp } } };
}

type Content<Kind extends BodyKind> = { readonly value: BodyValues[Kind]; readonly header?: Partial<PkiHeader> };

/** Protected by the secret of the account. */
function withSecret<Kind extends BodyKind>(
  { bare }: Service,
  kind: Kind,
  { value, header = {} }: Content<Kind>,
): Bytes {
  const [keyId] = [...bare.registrationKeys.keys()];
  const secret = present(accountSecret(bare.registrationKeys, present(keyId, 'a key'), OFFICE.id), 'a secret');
  const sender = nameOf(encodeName(cn(OFFICE.id)));
  const part = partOf(kind, value, { sender, senderKID: utf8(OFFICE.id), messageTime: null, ...header });
  const protection = new Uint8Array(createHmac('sha256', secret).update(part).digest());
  return encodeMessage(part, { protection, extraCerts: [] });
}

type Signer = Awaited<ReturnType<typeof signerOf>>;

function withSignature<Kind extends BodyKind>(
  { certificate, key }: Signer,
  kind: Kind,
  { value, header = {} }: Content<Kind>,
): Bytes {
  const { tbs } = viewOf(certificate);
  const part = partOf(kind, value, {
    sender: nameOf(tbs.subjectDer),
    senderKID: subjectKeyIdentifier(tbs.spki),
    protectionAlg: identifierOf(OID.ed25519),
    messageTime: null,
    ...header,
  });
  return encodeMessage(part, { protection: new Uint8Array(sign(null, part, key)), extraCerts: [certificate] });
}

/**
 * Answers with the certificate of the sender's transaction. A client that is told to wait polls for
 * it.
 */
async function received(service: Service, octets: Bytes, sender: Sender): Promise<Answer> {
  const { world } = service;
  if ((await situationNow(service, sender))?.row.state === 'waiting')
    return answerOf(await pollCertificate(world, pollBy(service, sender)));
  const request = { path: { profile: CLIENTS, label: null }, ...ORIGIN };
  const reply = await receive({ ...world, policy: timeless(world.policy) }, octets, request);
  if (reply.status !== 200) return { ok: false, error: { kind: `status ${reply.status}` } };
  const answer = accept(decodeMessage(reply.message));
  const refused = answer.bodyKind === 'nested' ? [] : outcomeOf(answer).failInfo;
  if (refused.length > 0) return { ok: false, error: { kind: refused.join(' ') } };
  const situation = await situationNow(service, sender);
  return situation === null ? ok([]) : answerOf(ok(situation));
}

const INNER = new Uint8Array(16).fill(8);

export const CMP_NESTED: readonly Scenario[] = [
  {
    name: 'receive an update by CMP to which an account has added its protection',
    operation: receive,
    before: async (service) => {
      await certified(service);
      await certifyOffice(service);
    },
    run: async (service) => {
      const inner = withSignature(await signerOf(service, 'application'), 'kur', { value: requestOf(NEW_KEY, '') });
      const { senderNonce } = accept(decodeMessage(inner)).header;
      const nesting = { value: [inner], header: { senderNonce } };
      const outer = withSignature(await signerOf(service, 'office'), 'nested', nesting);
      return received(service, outer, { principal: await itself(service), transactionId: KEY });
    },
    keyed: { key: KEY, certificates: 1 },
  },
  {
    name: 'receive a batch of messages of CMP',
    operation: receive,
    before: async (service) => {
      await accountExists(service);
      await certifyOffice(service);
    },
    run: async (service) => {
      const value = requestOf(NEW_KEY, 'APPLICATION-18');
      const inner = withSecret(service, 'cr', { value, header: { transactionID: INNER } });
      const outer = withSignature(await signerOf(service, 'office'), 'nested', { value: [inner] });
      const principal = { kind: 'account', account: OFFICE } as const;
      return received(service, outer, { principal, transactionId: toHex(INNER) });
    },
    keyed: { key: toHex(INNER), certificates: 1 },
  },
];
