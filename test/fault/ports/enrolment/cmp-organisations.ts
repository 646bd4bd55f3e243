/**
 * Transactions of CMP of an organisation: its account asks for certificates, and these act for
 * themselves. Their keys are on Ed25519, whose signatures are the same in each process, so that the
 * requests have the same octets whenever they are sent.
 */
import assert from 'node:assert/strict';
import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import type { Principal, SelfPrincipal } from '../../../../src/access/principal.js';
import { enumerated } from '../../../../src/asn1/der-writer.js';
import { OID } from '../../../../src/asn1/oids.js';
import { certificateHash } from '../../../../src/cmp/certificate-hash.js';
import { certRequest } from '../../../../src/cmp/crmf.js';
import type { CertReqMsg, PkiMessage, ProofOfPossession } from '../../../../src/cmp/model.js';
import { present } from '../../../../src/kernel/assert.js';
import { sha256Hex } from '../../../../src/kernel/digest.js';
import { ok } from '../../../../src/kernel/result.js';
import { certificateOf } from '../../../../src/operations/cmp/answers.js';
import { confirmCertificate } from '../../../../src/operations/cmp/confirm.js';
import { beginEnrolment } from '../../../../src/operations/cmp/enrol.js';
import type { CmpExchange } from '../../../../src/operations/cmp/exchange.js';
import { lapseTransactions } from '../../../../src/operations/cmp/lapse.js';
import { changeStatus } from '../../../../src/operations/cmp/revoke.js';
import type { Account } from '../../../../src/ports/store/accounts.js';
import type { CertificateRecord } from '../../../../src/ports/store/certificates.js';
import { reasonNumber } from '../../../../src/x509/extensions/reason-code.js';
import { identifierOf } from '../../../support/cmp/algorithms.js';
import { cn, IMPLICIT_CONFIRM, revocationOf, templateFor } from '../../../support/cmp/client.js';
import { type HolderKey, makeKey } from '../../../support/service/csr.js';
import { STRUCTURE } from '../../../support/service/orders.js';
import type { Answer, Scenario } from '../scenarios/all.js';
import { accept, idOf, type Service } from '../service.js';
import { CARD_MANAGEMENT, ORGANISATIONS } from '../stage.js';
import { begunCertificate, exchangeOf, KEY, messageOf, sent, situationNow, without } from './cmp.js';

export const CLIENTS = 'elementaire/org-auth-cli';
const ENCRYPTED = 'elementaire/org-conf';
const SUITE = 'elementaire/cmp-suite';

/** PrivateKeyInfo of RFC 8410 section 7, up to the octets of the key. */
const ED25519_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

function ed25519Key(number: number): HolderKey {
  const der = Buffer.concat([ED25519_PREFIX, Buffer.alloc(32, number)]);
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  return { privateKey, publicKey: createPublicKey(privateKey) };
}

const OWN_KEY = ed25519Key(1);
const OFFICE_KEY = ed25519Key(3);
export const NEW_KEY = ed25519Key(2);

/** Asks for certificates of its applications, and vouches for messages of others. */
export const OFFICE: Account = {
  ...CARD_MANAGEMENT,
  roles: ['card-management', 'ra', 'officer'],
  structure: STRUCTURE,
  credentials: [
    {
      issuer: ORGANISATIONS as Account['credentials'][number]['issuer'],
      spkiSha256: sha256Hex(new Uint8Array(OFFICE_KEY.publicKey.export({ type: 'spki', format: 'der' }))),
    },
  ],
};
const BY_OFFICE: Principal = { kind: 'account', account: OFFICE };

type ProofMaker = (der: Uint8Array) => ProofOfPossession;

function requestWith(key: HolderKey, name: string, prove: ProofMaker): readonly CertReqMsg[] {
  const request = certRequest({ certReqId: 0, template: templateFor(key, name === '' ? [] : cn(name)), controls: [] });
  return [{ request, proof: prove(request.der) }];
}

/** `name`: of the application; empty: as in the certificate that is renewed. */
export function requestOf(key: HolderKey, name: string): readonly CertReqMsg[] {
  return requestWith(key, name, (der) => ({
    kind: 'signature',
    poposkInput: null,
    algorithm: identifierOf(OID.ed25519),
    signature: new Uint8Array(sign(null, der, key.privateKey)),
  }));
}

type ExchangeOptions = Partial<Pick<CmpExchange, 'principal' | 'profile' | 'transactionId'>>;

function exchangeBy(service: Service, message: PkiMessage, sending: ExchangeOptions = {}): CmpExchange {
  return { ...exchangeOf(service, message), principal: BY_OFFICE, profile: CLIENTS, ...sending };
}

export async function accountExists({ bare }: Service): Promise<void> {
  await bare.store.transaction((tx) => tx.insertAccount(OFFICE));
}

type Application = { readonly key: HolderKey; readonly name: string; readonly transactionId: string };

const OWN: Application = { key: OWN_KEY, name: 'APPLICATION-12', transactionId: `${KEY}01` };
const SIGNING: Application = { key: OFFICE_KEY, name: 'OFFICE', transactionId: `${KEY}02` };

/** The account has got a certificate for the key of an application. */
async function certify(service: Service, { key, name, transactionId }: Application, profile: string): Promise<void> {
  const message = messageOf('cr', requestOf(key, name), { generalInfo: [IMPLICIT_CONFIRM] });
  const exchange = exchangeBy(service, message, { transactionId, profile });
  const { record } = accept(await beginEnrolment(service.bare, exchange));
  assert.equal(record?.state.status, 'issued');
}

export async function certified(service: Service, profile: string = CLIENTS): Promise<void> {
  await accountExists(service);
  await certify(service, OWN, profile);
}

/** The account signs with the certificate of a key that is its credential. */
export async function certifyOffice(service: Service): Promise<void> {
  await certify(service, SIGNING, CLIENTS);
}

async function recordOf(service: Service, { transactionId }: Application): Promise<CertificateRecord> {
  const own = await situationNow(service, { principal: BY_OFFICE, transactionId });
  return present(own?.record, 'the certificate of an application');
}

const ownRecord = (service: Service) => recordOf(service, OWN);

/** A key with its certificate, for the protection of messages. */
export async function signerOf(service: Service, whose: 'application' | 'office') {
  const application = whose === 'application' ? OWN : SIGNING;
  const certificate = certificateOf(service.bare, await recordOf(service, application));
  return { certificate, key: application.key.privateKey };
}

/** The certificate of the application, which acts for itself. */
export async function itself(service: Service): Promise<SelfPrincipal> {
  const { id, issuer, serial, profile, cardTokenId } = await ownRecord(service);
  const { selfService } = present(service.stage.policy.profiles.get(profile), profile);
  const certificate = { id, issuer, serial, profile, cardTokenId, isForAuthentication: true, selfService };
  return { kind: 'self', certificate, via: 'cmp' };
}

const UPDATE = messageOf('kur', requestOf(NEW_KEY, ''));

const update = async (service: Service): Promise<CmpExchange> =>
  exchangeBy(service, UPDATE, { principal: await itself(service), profile: null });

const FOR_ANOTHER = messageOf('cr', requestOf(NEW_KEY, 'APPLICATION-13'));

let rsaKey: HolderKey | null = null;

/** One for each process, because making it takes long. */
function keyOfEncrypted(): HolderKey {
  rsaKey ??= makeKey('rsa-3072');
  return rsaKey;
}

/** The confirmation of the certificate is the proof of its key. */
async function begunEncrypted(service: Service): Promise<void> {
  await accountExists(service);
  const method = { kind: 'subsequentMessage', message: 'encrCert' } as const;
  const request = requestWith(keyOfEncrypted(), 'APPLICATION-17', () => ({ kind: 'keyEncipherment', method }));
  const { row } = accept(
    await beginEnrolment(service.bare, exchangeBy(service, messageOf('cr', request), { profile: ENCRYPTED })),
  );
  assert.equal(row.encrypted, true);
}

async function confirmed(service: Service): Promise<Answer> {
  const sender = { principal: BY_OFFICE, transactionId: KEY };
  const { row, record } = present(await situationNow(service, sender), 'a transaction that has begun');
  const issuer = present(service.bare.issuers.byId(present(record, 'a record').issuer), 'its issuer');
  const certificate = await begunCertificate(service, sender);
  const certHash = certificateHash(certificate, { hashAlg: null, signature: issuer.signatureAlgorithm });
  const status = { certHash: present(certHash, 'its hash'), certReqId: row.certReqId, status: null, hashAlg: null };
  const exchange = exchangeBy(service, messageOf('certConf', [status]), { profile: null });
  // A client that repeats its confirmation gets the answer of the row.
  if (row.lastSha256 === exchange.sha256) {
    assert.equal(row.state, 'confirmed');
    return ok([]);
  }
  return without(await confirmCertificate(service.world, exchange));
}

type Revocation = ExchangeOptions & { readonly record: CertificateRecord; readonly outcome: 'accepted' | 'rejection' };

/** `outcome`: what the row says when the message was answered before. */
async function revoked(service: Service, { record, outcome, ...sending }: Revocation): Promise<Answer> {
  const template = revocationOf(certificateOf(service.bare, record));
  const reason = { oid: OID.reasonCode, critical: false, value: enumerated(reasonNumber('keyCompromise')) };
  const message = messageOf('rr', [{ template, crlEntryDetails: [reason] }]);
  const exchange = exchangeBy(service, message, { profile: null, transactionId: `${KEY}ff`, ...sending });
  const known = await situationNow(service, exchange);
  if (known === null) return without(await changeStatus(service.world, exchange));
  assert.equal(known.row.requestSha256, exchange.sha256);
  assert.equal(known.row.outcome?.status, outcome);
  return ok([]);
}

export const CMP_ORGANISATIONS: readonly Scenario[] = [
  {
    name: 'confirm a certificate by CMP that is sent encrypted to its key',
    operation: confirmCertificate,
    before: begunEncrypted,
    run: confirmed,
  },
  {
    name: 'renew a certificate by CMP',
    operation: beginEnrolment,
    before: (service) => certified(service),
    run: async (service) => sent(service, await update(service), beginEnrolment),
    keyed: { key: KEY, certificates: 1 },
  },
  {
    name: 'ask by CMP for another certificate of a conformance suite',
    operation: beginEnrolment,
    before: (service) => certified(service, SUITE),
    run: async (service) => {
      const sending = { principal: await itself(service), profile: SUITE };
      return sent(service, exchangeBy(service, FOR_ANOTHER, sending), beginEnrolment);
    },
    keyed: { key: KEY, certificates: 1 },
  },
  {
    name: 'revoke by CMP a compromised certificate whose update waits for its confirmation',
    operation: changeStatus,
    before: async (service) => {
      await certified(service);
      const { record } = accept(await beginEnrolment(service.bare, await update(service)));
      assert.equal(record?.state.status, 'pending');
    },
    run: async (service) =>
      revoked(service, { record: await ownRecord(service), principal: await itself(service), outcome: 'accepted' }),
  },
  {
    name: 'refuse to revoke a certificate by CMP that is revoked already',
    operation: changeStatus,
    before: accountExists,
    run: async (service) => {
      const id = idOf(service, 'revoked');
      const found = accept(await service.bare.store.read((reads) => reads.certificateById(id)));
      return revoked(service, { record: present(found, id), outcome: 'rejection' });
    },
  },
  {
    name: 'revoke a certificate of CMP that was not confirmed in time',
    operation: lapseTransactions,
    before: async (service) => {
      await accountExists(service);
      const exchange = exchangeBy(service, FOR_ANOTHER);
      accept(await beginEnrolment(service.bare, exchange));
      const { row } = present(await situationNow(service, exchange), 'a transaction that has begun');
      await service.bare.store.transaction((tx) => tx.changeCmpTransaction({ ...row, confirmBy: 1 }));
    },
    run: async ({ world }) => without(await lapseTransactions(world)),
  },
];
