/**
 * A CA on software keys, a holder, an account and a registration, and a database that says of them
 * what a test wants: the checks of CMP messages run on it without a service.
 */
import assert from 'node:assert/strict';
import { createHmac, sign } from 'node:crypto';
import { ACCOUNT_DEFAULTS } from '../../../src/access/account.js';
import { createVerifiedCache } from '../../../src/access/client-certificate.js';
import type { Principal } from '../../../src/access/principal.js';
import { OID } from '../../../src/asn1/oids.js';
import type { CheckWorld, TransactionView } from '../../../src/cmp/checks/world.js';
import { algorithmIdentifier, directoryName } from '../../../src/cmp/elements.js';
import { encodeMessage, encodeProtectedPart } from '../../../src/cmp/message.js';
import type { BodyKind, PkiHeader, PkiMessage } from '../../../src/cmp/model.js';
import { createKeyWork } from '../../../src/cmp/protection/key-work.js';
import { present } from '../../../src/kernel/assert.js';
import { type Bytes, utf8 } from '../../../src/kernel/bytes.js';
import { ok } from '../../../src/kernel/result.js';
import type { IssuerId } from '../../../src/ports/signer.js';
import type { Account } from '../../../src/ports/store/accounts.js';
import type { CertificateRecord } from '../../../src/ports/store/certificates.js';
import type { StoredState } from '../../../src/ports/store/statuses.js';
import type { Reads } from '../../../src/ports/store.js';
import { readCertificate } from '../../../src/x509/certificate/certificate-reader.js';
import { readIssuer } from '../../../src/x509/certificate/issuer.js';
import { writeAuthorityKeyIdentifier } from '../../../src/x509/extensions/authority-key-identifier.js';
import { writeKeyUsage } from '../../../src/x509/extensions/key-usage.js';
import { writeSubjectKeyIdentifier } from '../../../src/x509/extensions/subject-key-identifier.js';
import { subjectKeyIdentifier } from '../../../src/x509/keys/public-key.js';
import type { Extension, Issuer, Name } from '../../../src/x509/model.js';
import { testPolicy } from '../../unit/policy/fixtures.js';
import { type HolderKey, makeKey } from '../service/csr.js';
import { derOf, signedBy } from '../service/own-certificates.js';
import { createTestCmpSigners, type TestCa } from './cmp-signers.js';
import { MAC_LIMITS } from './mac-limits.js';
import { decoded } from './messages.js';

/** Whole seconds, as messageTime has them. */
export const NOW = Date.UTC(2026, 5, 1);
const DAY_MS = 24 * 3_600_000;

export const REFERENCE = 'K7QMB2Z5WA3XTN4E';
export const SECRET = '5XK2QPZ7MA3WTN4E5XK2QPZ7MA3WTN4E';
export const PROFILE = 'elementaire/org-auth-cli';

export type TestHolder = {
  readonly der: Bytes;
  readonly pair: HolderKey;
  readonly subject: Name;
  readonly keyIdentifier: Bytes;
};

/** What the database says; a test changes what it is about. */
export type CheckFacts = {
  state: StoredState;
  account: Account | null;
  accountAuthorities: readonly string[];
  isRecorded: boolean;
  issuerIsRevoked: boolean;
  keyIsCompromised: boolean;
  keyIsBlocked: boolean;
  renewals: readonly Partial<CertificateRecord>[];
  /** By the principal. */
  transactions: Readonly<Record<string, TransactionView>>;
  /** The principal of the reference; null: the reference is unknown. */
  registered: Principal | null;
  now: number;
  chainRequired: boolean;
  messageTimeRequired: boolean;
};

export type CheckStage = {
  readonly hierarchy: { readonly root: TestCa; readonly issuing: TestCa };
  readonly holder: TestHolder;
  readonly facts: CheckFacts;
  readonly world: CheckWorld;
  /** References that came with a wrong MAC. */
  readonly failed: string[];
  /** How often a secret was looked up. */
  readonly asked: string[];
  readonly certify: (changes?: Partial<HolderRequest>) => TestHolder;
};

type HolderRequest = {
  readonly by: TestCa;
  readonly usage: Parameters<typeof writeKeyUsage>[0];
  readonly notBefore: number;
  readonly notAfter: number;
  readonly extensions: readonly Extension[];
};

export function accountOf(changes: Partial<Account> = {}): Account {
  return {
    ...ACCOUNT_DEFAULTS,
    id: 'card-management',
    name: 'card management',
    roles: ['card-management'],
    scope: { profiles: ['*'], structures: ['*'], domains: ['*'], holders: ['*'] },
    credentials: [],
    disabled: false,
    createdAt: 0,
    ...changes,
  };
}

const AUTHORITY = 'aci-el-org';

function issuerFrom(certificate: Bytes, kind: Issuer['kind']): Issuer {
  const id = (kind === 'root' ? 'acr-el' : AUTHORITY) as IssuerId;
  const read = readIssuer({ id, authority: id, generation: 1, hierarchy: 'elementaire', kind, certificate });
  assert.ok(read.ok, JSON.stringify(read));
  return read.value;
}

export function createCheckStage(): CheckStage {
  const hierarchy = createTestCmpSigners(AUTHORITY);
  const issuers = [
    issuerFrom(hierarchy.root.certificate, 'root'),
    issuerFrom(hierarchy.issuing.certificate, 'issuing'),
  ];
  const facts: CheckFacts = {
    state: { status: 'issued' },
    account: null,
    accountAuthorities: [AUTHORITY],
    isRecorded: true,
    issuerIsRevoked: false,
    keyIsCompromised: false,
    keyIsBlocked: false,
    renewals: [],
    transactions: {},
    registered: { kind: 'account', account: accountOf() },
    now: NOW,
    chainRequired: true,
    messageTimeRequired: true,
  };
  const certify: CheckStage['certify'] = (changes) => certifiedBy({ ...usual(hierarchy.issuing), ...changes });
  const holder = certify();
  const failed: string[] = [];
  const asked: string[] = [];
  const reads = readsOf(facts, [holder.der]);
  const world: CheckWorld = {
    clock: () => facts.now,
    log: { warn: () => {} },
    store: {
      read: async (work) => ok(await work(reads)),
      groupedRead: async (work, item) => ok(present((await work.run(reads, [item]))[0], 'an outcome')),
    },
    profiles: testPolicy().profiles,
    issuers: {
      all: () => issuers,
      chain: () => [hierarchy.issuing.certificate, hierarchy.root.certificate],
    },
    get accountAuthorities() {
      return facts.accountAuthorities;
    },
    access: [],
    blockedKeys: { has: () => facts.keyIsBlocked },
    keyWork: createKeyWork({ steadyMs: () => 0, pause: async () => {}, count: () => {} }),
    // What the database has of a certificate is cached with it, but here it changes.
    get verifiedClients() {
      return createVerifiedCache();
    },
    get settings() {
      const { chainRequired, messageTimeRequired } = facts;
      return { chainRequired, messageTimeRequired, clockToleranceMs: 300_000, macLimits: MAC_LIMITS };
    },
    secretOf: async (reference) => {
      asked.push(reference);
      const principal = reference === REFERENCE ? facts.registered : null;
      return ok({ principal, secret: principal === null ? 'a secret that nobody has' : SECRET });
    },
    secretFailed: (reference) => failed.push(reference),
    transactions: {
      begun: async () => ok(Object.values(facts.transactions).map(({ protection }) => protection)),
      of: async (principal) => ok({ transaction: facts.transactions[principal] ?? null, open: null }),
    },
  };
  return { hierarchy, holder, facts, world, failed, asked, certify };
}

function usual(by: TestCa): HolderRequest {
  const validity = { notBefore: NOW - 30 * DAY_MS, notAfter: NOW + 365 * DAY_MS };
  return { by, usage: ['digitalSignature'], ...validity, extensions: [] };
}

function certifiedBy({ by, usage, notBefore, notAfter, extensions }: HolderRequest): TestHolder {
  const pair = makeKey();
  const spki = new Uint8Array(pair.publicKey.export({ type: 'spki', format: 'der' }));
  const keyIdentifier = subjectKeyIdentifier(spki);
  const subject: Name = [
    [{ type: OID.countryName, form: 'printableString', value: 'FR' }],
    [{ type: OID.commonName, form: 'utf8String', value: 'APP-1' }],
  ];
  const certificate = signedBy(by.key, {
    issuerDer: by.subjectDer,
    subject,
    spki,
    validity: { notBefore, notAfter },
    extensions: [
      writeKeyUsage(usage),
      writeSubjectKeyIdentifier(keyIdentifier),
      writeAuthorityKeyIdentifier(by.subjectKeyIdentifier),
      ...extensions,
    ],
  });
  return { der: derOf(certificate), pair, subject, keyIdentifier };
}

export const SELF_ACTOR = `certificate:${AUTHORITY}/4d${'09'.repeat(15)}`;
export const ACCOUNT_ACTOR = 'account:card-management';

/** The reads of the checks. Other reads are not there, so that a test fails when one is made. */
function readsOf(facts: CheckFacts, recorded: readonly Bytes[]): Reads {
  const record = async (): Promise<Partial<CertificateRecord>> => {
    const read = readCertificate(present(recorded[0], 'a certificate'));
    assert.ok(read.ok);
    const { tbs, signature } = read.value;
    const stored = facts.isRecorded ? signature : signature.slice().reverse();
    const issuer = AUTHORITY as IssuerId;
    return {
      id: 'id-1',
      issuer,
      serial: tbs.serial,
      profile: PROFILE,
      cardTokenId: null,
      tbs: tbs.der,
      signature: stored,
    };
  };
  const reads: Partial<Record<keyof Reads, unknown>> = {
    presentedState: async () => ({
      status: { state: facts.state, notAfter: NOW + DAY_MS, signed: true },
      account: facts.account,
      issuerIsRevoked: facts.issuerIsRevoked,
      keyIsCompromised: facts.keyIsCompromised,
    }),
    certificateBySerial: record,
    renewalsOf: async () => facts.renewals,
  };
  return reads as Reads;
}

export const TRANSACTION_ID = Uint8Array.from({ length: 16 }, (_, at) => at);
const SENDER_NONCE = Uint8Array.from({ length: 16 }, (_, at) => 0x20 + at);
export const OWN_NONCE = Uint8Array.from({ length: 16 }, (_, at) => 0x40 + at);

export type MessageForm = {
  readonly kind: BodyKind;
  readonly content: Bytes;
  readonly header?: Partial<PkiHeader>;
  /** null: no protection, although the header may have an algorithm. */
  readonly by: { readonly signer: TestHolder } | { readonly secret: string } | null;
  readonly extraCerts?: readonly Bytes[];
  /** Changes the protection after it was made. */
  readonly spoil?: (protection: Bytes) => Bytes;
};

/** A message of a client that makes no mistake, but for what the form says. */
export function messageOf({ hierarchy }: CheckStage, form: MessageForm): PkiMessage {
  const { kind: bodyKind, content: bodyContent, by, header: changes = {}, spoil = (made: Bytes) => made } = form;
  const signer = by !== null && 'signer' in by ? by.signer : null;
  const isLater = bodyKind === 'certConf' || bodyKind === 'pollReq' || bodyKind === 'error';
  const header: PkiHeader = {
    pvno: 2,
    sender: directoryName(signer?.subject ?? []),
    recipient: directoryName([]),
    messageTime: NOW,
    protectionAlg:
      signer === null ? algorithmIdentifier(OID.hmacWithSha256, null) : algorithmIdentifier(OID.ecdsaWithSha256, null),
    senderKID: signer?.keyIdentifier ?? utf8(REFERENCE),
    recipKID: null,
    transactionID: TRANSACTION_ID,
    senderNonce: SENDER_NONCE,
    recipNonce: isLater ? OWN_NONCE : null,
    freeText: [],
    generalInfo: [],
    ...changes,
  };
  const part = encodeProtectedPart({ header, bodyKind, bodyContent });
  const made = by === null ? null : protectionBy(by, part);
  const usualCerts = signer === null ? [] : [signer.der, hierarchy.issuing.certificate];
  const { extraCerts = usualCerts } = form;
  return decoded(encodeMessage(part, { protection: made === null ? null : spoil(made), extraCerts }));
}

function protectionBy(by: NonNullable<MessageForm['by']>, part: Bytes): Bytes {
  if ('signer' in by) return new Uint8Array(sign('sha256', part, by.signer.pair.privateKey));
  return new Uint8Array(createHmac('sha256', by.secret).update(part).digest());
}

/** A transaction that was answered once. */
export function transactionOf(changes: Partial<TransactionView>): TransactionView {
  return {
    kind: 'cr',
    protection: { kind: 'mac', algorithm: OID.hmacWithSha256 },
    profile: null,
    firstSha256: '00',
    latestSha256: '00',
    clientNonces: [],
    ownNonce: OWN_NONCE,
    ...changes,
  };
}
