/**
 * The scenarios: each runs an operation in a service, and its port calls are made to fail one after
 * the other. Together they reach every line of `src/operations` that calls a port (`coverage.ts`
 * checks it).
 */
import { present } from '../../../../src/kernel/assert.js';
import { fromHex } from '../../../../src/kernel/bytes.js';
import { DAY_MS } from '../../../../src/kernel/duration.js';
import { ok, type Result } from '../../../../src/kernel/result.js';
import { searchCertificates } from '../../../../src/operations/certificates/search-certificates.js';
import { publishCrl } from '../../../../src/operations/crl/publish-crl.js';
import { crlDetails } from '../../../../src/operations/crl/reservation.js';
import { issueCertificates } from '../../../../src/operations/issuance/issue.js';
import { recoverIntents } from '../../../../src/operations/issuance/recover.js';
import { renewCertificate } from '../../../../src/operations/issuance/renew.js';
import { readCertificate } from '../../../../src/operations/read.js';
import {
  releaseCertificate,
  revokeCertificate,
  suspendCertificate,
} from '../../../../src/operations/revocation/revoke.js';
import { revokeCard, revokeHolder } from '../../../../src/operations/revocation/revoke-all.js';
import { createOcspResponder } from '../../../../src/operations/status/answer-ocsp.js';
import type { CertificateRecord } from '../../../../src/ports/store/certificates.js';
import type { CrlRecord } from '../../../../src/ports/store/crls.js';
import { NOW } from '../../../support/db/records.js';
import { professionalId, tokenId } from '../../../support/service/orders.js';
import type { ReportedCertificate } from '../facts.js';
import { accept, crlReportOf, idOf, recoverEach, reportOf, type Service } from '../service.js';
import {
  CARD_MANAGEMENT,
  CARDS,
  commandOf,
  OFFICER,
  OFFICER_OF_SIGNATURES,
  ORGANISATIONS,
  type StageRequest,
} from '../stage.js';
import { requestFor } from '../status.js';
import { BY_SUBJECT } from './subjects.js';

export type Answer = Result<readonly ReportedCertificate[], { readonly kind: string; readonly rule?: string }>;

export type Scenario = {
  readonly name: string;
  /** The exported function of `src/operations` that it runs. */
  readonly operation: unknown;
  /** What happened before, without failures. */
  readonly before?: (service: Service) => Promise<unknown>;
  readonly run: (service: Service) => Promise<Answer>;
  /** The client's retry. Default: `run`. null: the request has no key and cannot be repeated. */
  readonly again?: ((service: Service) => Promise<Answer>) | null;
  /**
   * Failures (kind or rule) that a retry may get instead of the result, because they mean that the
   * work is done.
   */
  readonly orTold?: readonly string[];
  /**
   * For requests with an idempotency key: it has this number of certificates, whatever happened.
   */
  readonly keyed?: { readonly key: string; readonly certificates: number };
  /**
   * Runs on a backup of the database that is older than the published CRLs. Default: on the
   * complete stage.
   */
  readonly onBackup?: true;
};

/** Longer than the clock mark may lag behind. */
const LATER_MS = 5_000;
const AUTHENTICATION = 'fort/cps-authentication';
const SIGNATURE = 'fort/cps-signature';
const ORGANISATION = 'elementaire/org-auth-cli';

/** Holders of the stage, by number. Their requests have the keys from that number on. */
const STAGE = { card: 0, organisation: 2, suspended: 3, revoked: 4, forgotten: 14, unknown: 15, later: 16 } as const;
const ONE: StageRequest = { number: 5, profiles: [AUTHENTICATION], key: 'one' };
const CARD: StageRequest = { number: 6, profiles: [AUTHENTICATION, SIGNATURE], key: 'card' };
/**
 * The organisation of the stage has this certificate already, so its key has two certificates then.
 */
const TWICE: StageRequest = { number: STAGE.organisation, profiles: [ORGANISATION], key: null };
const KEYLESS: StageRequest = { number: 8, profiles: [ORGANISATION], key: null };

const certificates = (result: Result<readonly CertificateRecord[], { readonly kind: string }>): Answer =>
  result.ok ? ok(result.value.map(reportOf)) : result;
const certificate = (result: Result<CertificateRecord, { readonly kind: string }>): Answer =>
  result.ok ? ok([reportOf(result.value)]) : result;
const crl = (result: Result<CrlRecord, { readonly kind: string }>): Answer =>
  result.ok ? ok([crlReportOf(result.value)]) : result;
const nothing = (result: Result<unknown, { readonly kind: string }>): Answer => (result.ok ? ok([]) : result);

const issue =
  (asked: StageRequest) =>
  async ({ world, stage }: Service): Promise<Answer> =>
    certificates(await issueCertificates(world, commandOf(stage, asked)));
const publish =
  (issuer: string, kind: 'full' | 'delta' = 'full') =>
  async ({ world }: Service): Promise<Answer> =>
    crl(await publishCrl(world, issuerOf(world, issuer), kind));

function issuerOf({ issuers }: Service['world'], id: string) {
  return present(issuers.current(id), id).id;
}

/** The database of a stage has one certificate in each state. */
export async function setTheStage(service: Service): Promise<void> {
  const { bare, stage, ids } = service;
  const made: readonly (readonly [name: string, asked: StageRequest])[] = [
    ['card', { number: STAGE.card, profiles: [AUTHENTICATION, SIGNATURE], key: 'stage' }],
    ['organisation', { number: STAGE.organisation, profiles: [ORGANISATION], key: null }],
    ['suspended', { number: STAGE.suspended, profiles: [ORGANISATION], key: null }],
    ['revoked', { number: STAGE.revoked, profiles: [ORGANISATION], key: null }],
    ['forgotten', { number: STAGE.forgotten, profiles: [ORGANISATION], key: null }],
    ['later', { number: STAGE.later, profiles: [ORGANISATION], key: null }],
  ];
  for (const [name, asked] of made) {
    const [record] = accept(await issueCertificates(bare, commandOf(stage, asked)));
    ids.set(name, present(record, name).id);
  }
  accept(await suspendCertificate(bare, idOf(service, 'suspended'), { account: OFFICER, invalidityDate: null }));
  accept(await revokeCertificate(bare, idOf(service, 'revoked'), REVOKED));
}

/**
 * Happens after the backup: a restored database has to relearn it. One serial number is unknown to
 * it.
 */
export async function revokeMore(service: Service): Promise<void> {
  const { bare } = service;
  accept(await suspendCertificate(bare, idOf(service, 'later'), { account: OFFICER, invalidityDate: null }));
  accept(await revokeCertificate(bare, idOf(service, 'forgotten'), REVOKED));
  await leaveOpen(service, { number: STAGE.unknown, profiles: [AUTHENTICATION], key: null });
  accept(await revokeHolder(bare, professionalId(STAGE.unknown), REVOKED));
}

/** Twice, so that the next number of an older database is not the next one. */
export async function publishTheLists({ bare }: Service): Promise<void> {
  for (const id of [CARDS, ORGANISATIONS, CARDS, ORGANISATIONS]) accept(await publishCrl(bare, issuerOf(bare, id)));
}

const REVOKED = { account: OFFICER, reason: 'keyCompromise', invalidityDate: null } as const;
const SUPERSEDED = { account: OFFICER_OF_SIGNATURES, reason: 'superseded', invalidityDate: null } as const;

/** A relying party has just got `good`, so the response is in the cache. */
async function askBefore(service: Service): Promise<void> {
  for (const name of ['card', 'organisation', 'suspended']) await ask(service, name);
}

/** A plain request: the response is the same for everybody, and is cached. */
async function ask(service: Service, name: string): Promise<Answer> {
  const { bare, responder } = service;
  const record = present(
    accept(await bare.store.read((reads) => reads.certificateById(idOf(service, name)))),
    `the certificate ${name}`,
  );
  const issuer = present(bare.issuers.byId(record.issuer), record.issuer);
  const { source } = await responder.answer(requestFor(issuer, [present(fromHex(record.serial), 'hex')]));
  return source === 'signed' || source === 'cache' ? ok([]) : fail(source);
}

const fail = (kind: string): Answer => ({ ok: false, error: { kind } });

/** The signer goes away while the request is in progress. */
async function leaveOpen({ bare, stage, signer }: Service, asked: StageRequest): Promise<void> {
  signer.away = true;
  await issueCertificates(bare, commandOf(stage, asked));
  signer.away = false;
}

async function reserveLongAgo(bare: Service['bare']): Promise<void> {
  const issuer = issuerOf(bare, ORGANISATIONS);
  const reservation = { issuer, thisUpdate: NOW - DAY_MS, nextUpdate: NOW + DAY_MS };
  const reserve = bare.store.transaction(async (tx) => {
    const details = crlDetails(await tx.reserveCrl(reservation));
    await tx.appendAudit([{ at: NOW - DAY_MS, type: 'crl.intent', actor: 'system', details }]);
  });
  accept(await reserve);
}

const ISSUING: readonly Scenario[] = [
  {
    name: 'issue, later than what was issued last',
    operation: issueCertificates,
    run: async ({ world, stage }) => {
      const later = { ...world, clock: () => world.clock() + LATER_MS };
      return certificates(await issueCertificates(later, commandOf(stage, ONE)));
    },
    keyed: { key: 'one', certificates: 1 },
  },
  {
    name: 'issue, under a key',
    operation: issueCertificates,
    run: issue(ONE),
    keyed: { key: 'one', certificates: 1 },
  },
  { name: 'issue, without a key', operation: issueCertificates, run: issue(KEYLESS), again: null },
  {
    name: 'issue, both of a card',
    operation: issueCertificates,
    run: issue(CARD),
    keyed: { key: 'card', certificates: 2 },
  },
  {
    name: 'issue, and the first signature is wrong',
    operation: issueCertificates,
    before: async ({ signer }) => {
      signer.lies = 1;
    },
    run: issue(ONE),
    keyed: { key: 'one', certificates: 1 },
  },
  {
    name: 'issue, what was issued under this key',
    operation: issueCertificates,
    before: ({ bare, stage }) => issueCertificates(bare, commandOf(stage, ONE)),
    run: issue(ONE),
    keyed: { key: 'one', certificates: 1 },
  },
  {
    name: 'issue, what was issued under this key, while the clock is wrong',
    operation: issueCertificates,
    before: ({ bare, stage }) => issueCertificates(bare, commandOf(stage, ONE)),
    run: (service) => issue(ONE)({ ...service, world: { ...service.world, clock: () => NOW - DAY_MS } }),
    keyed: { key: 'one', certificates: 1 },
  },
  {
    name: 'issue, on a key that another holder has',
    operation: issueCertificates,
    run: ({ world, stage }) => {
      const theirs = commandOf(stage, { ...ONE, number: STAGE.card });
      const ours = commandOf(stage, ONE);
      const other = present(theirs.applications[0], 'application');
      return issueCertificates(world, {
        ...ours,
        applications: ours.applications.map(({ order }) => ({ ...other, order })),
      }).then(certificates);
    },
    orTold: ['key-rejected'],
  },
  {
    name: 'renew, under a key',
    operation: renewCertificate,
    run: async (service) => {
      const { world, stage } = service;
      const { account, applications, idempotency } = commandOf(stage, ONE);
      const { csr, order } = present(applications[0], 'application');
      const command = { account, csr, identity: null, keyOrigin: null, validity: order.validity, idempotency };
      return certificate(await renewCertificate(world, idOf(service, 'card'), command));
    },
    keyed: { key: 'one', certificates: 1 },
  },
  {
    name: 'issue, and the recovery comes first',
    operation: issueCertificates,
    before: async (service) => {
      service.signer.meanwhile = () => recoverIntents({ ...service.bare, underWay: new Set() }, 'own');
    },
    run: issue(CARD),
    keyed: { key: 'card', certificates: 2 },
  },
  {
    name: 'issue, and one of a card is revoked meanwhile',
    operation: issueCertificates,
    before: async ({ signer, bare }) => {
      signer.meanwhile = async () => accept(await revokeHolder(bare, professionalId(CARD.number), SUPERSEDED));
    },
    run: issue(CARD),
    keyed: { key: 'card', certificates: 2 },
  },
];

const CHANGING: readonly Scenario[] = [
  {
    name: 'revoke',
    operation: revokeCertificate,
    before: askBefore,
    run: async (service) => certificate(await revokeCertificate(service.world, idOf(service, 'organisation'), REVOKED)),
    orTold: ['already-revoked'],
  },
  {
    name: 'revoke for compromise, with another certificate on the key',
    operation: revokeCertificate,
    before: async (service) => {
      accept(await issueCertificates(service.bare, commandOf(service.stage, TWICE)));
      await askBefore(service);
    },
    run: async (service) => {
      const revoked = await revokeCertificate(service.world, idOf(service, 'organisation'), REVOKED);
      return revoked.ok ? ok([revoked.value, ...revoked.value.alsoRevoked].map(reportOf)) : revoked;
    },
    orTold: ['already-revoked'],
  },
  {
    name: 'revoke a card',
    operation: revokeCard,
    before: askBefore,
    run: async ({ world }) => certificates(await revokeCard(world, tokenId(STAGE.card), REVOKED)),
  },
  {
    name: 'revoke a holder',
    operation: revokeHolder,
    before: askBefore,
    run: async ({ world }) => certificates(await revokeHolder(world, professionalId(STAGE.card), REVOKED)),
  },
  {
    name: 'suspend',
    operation: suspendCertificate,
    before: askBefore,
    run: async (service) => {
      const command = { account: OFFICER, invalidityDate: NOW };
      return certificate(await suspendCertificate(service.world, idOf(service, 'organisation'), command));
    },
    orTold: ['already-suspended'],
  },
  {
    name: 'release',
    operation: releaseCertificate,
    before: askBefore,
    run: async (service) =>
      certificate(await releaseCertificate(service.world, idOf(service, 'suspended'), { account: OFFICER })),
    orTold: ['not-suspended'],
  },
];

const PUBLISHING: readonly Scenario[] = [
  {
    name: 'publish a list, after one that a dead process left behind',
    operation: publishCrl,
    before: async (service) => {
      await reserveLongAgo(service.bare);
      await revokeCertificate(service.bare, idOf(service, 'organisation'), REVOKED);
    },
    run: publish(ORGANISATIONS),
  },
  {
    name: 'publish a list, and the signature is wrong',
    operation: publishCrl,
    before: async ({ signer }) => {
      signer.lies = 1;
    },
    run: publish(ORGANISATIONS),
  },
  {
    name: 'publish a delta',
    operation: publishCrl,
    before: (service) => revokeCertificate(service.bare, idOf(service, 'organisation'), REVOKED),
    run: publish(ORGANISATIONS, 'delta'),
  },
];

const RECOVERING: readonly Scenario[] = [
  {
    name: 'recover what a request under a key left open, and what one without left',
    operation: recoverIntents,
    before: async (service) => {
      for (const asked of [CARD, KEYLESS]) await leaveOpen(service, asked);
    },
    run: async ({ world }) => nothing(await recoverEach(world)),
    again: issue(CARD),
    keyed: { key: 'card', certificates: 2 },
  },
];

const ANSWERING: readonly Scenario[] = [
  { name: 'answer', operation: createOcspResponder, run: (service) => ask(service, 'organisation') },
  {
    name: 'answer, and the signature is wrong',
    operation: createOcspResponder,
    before: async ({ signer }) => {
      signer.lies = 1;
    },
    run: (service) => ask(service, 'organisation'),
  },
  {
    name: 'read',
    operation: readCertificate,
    run: async (service) =>
      certificate(await readCertificate(service.world, CARD_MANAGEMENT, idOf(service, 'organisation'))),
  },
  {
    name: 'search',
    operation: searchCertificates,
    run: async ({ world }) => {
      const found = await searchCertificates(world, CARD_MANAGEMENT, { status: 'issued', limit: 10 });
      return found.ok ? ok(found.value.items.map(reportOf)) : found;
    },
  },
];

export const SCENARIOS: readonly Scenario[] = [
  ...ISSUING,
  ...CHANGING,
  ...PUBLISHING,
  ...RECOVERING,
  ...ANSWERING,
  ...BY_SUBJECT,
];
