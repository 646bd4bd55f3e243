/**
 * What cards sign: a revocation that a portal sends, the begin of an update, and reading oneself.
 */
import type { KeyObject } from 'node:crypto';
import type { SelfPrincipal } from '../../../../src/access/principal.js';
import { INFO } from '../../../../src/cmp/info-types/info-type.js';
import { present } from '../../../../src/kernel/assert.js';
import { formatInstant } from '../../../../src/kernel/clock.js';
import { err, ok, type Result } from '../../../../src/kernel/result.js';
import { readOwnPending } from '../../../../src/operations/campaigns/pending.js';
import { readOwnCard } from '../../../../src/operations/cards/read-cards.js';
import { inform } from '../../../../src/operations/cmp/inform.js';
import { issueCertificates } from '../../../../src/operations/issuance/issue.js';
import { relayProof } from '../../../../src/operations/proofs/relay-proof.js';
import { verifyProof } from '../../../../src/operations/proofs/verify-proof.js';
import { readOwnCertificate } from '../../../../src/operations/read.js';
import { revokeCard } from '../../../../src/operations/revocation/revoke-all.js';
import { keyOfRfc9500, makeCsr } from '../../../support/service/csr.js';
import { tokenId } from '../../../support/service/orders.js';
import { proofBy, REQUESTS } from '../../../support/updates/statements.js';
import { accept, reportOf, type Service } from '../service.js';
import { CARD_MANAGEMENT, commandOf } from '../stage.js';
import type { Answer, Scenario } from './all.js';

const NUMBER = 91;
export const KNOWN_CARD = tokenId(NUMBER);
const CARD = KNOWN_CARD;
const PROFILE = 'fort/cps-authentication';
export const PLATFORM = { id: '1'.repeat(64) };
const PORTAL = { ...CARD_MANAGEMENT, id: 'portal', roles: ['portal'] };

const answerOf = (result: Result<unknown, { readonly kind: string }>): Answer => (result.ok ? ok([]) : result);

/** A card with a key that every process of the test knows. */
export async function issueKnownCard({ bare, stage }: Service): Promise<void> {
  const csr = makeCsr(keyOfRfc9500());
  const withKey = { ...stage, csrs: [...Array(NUMBER).fill(csr), csr] };
  const command = commandOf(withKey, { number: NUMBER, profiles: [PROFILE], key: null });
  const applications = command.applications.map(({ order, ...rest }) => ({
    ...rest,
    order: { ...order, card: { tokenId: CARD, product: 'cps' as const } },
  }));
  accept(await issueCertificates(bare, { ...command, applications }));
}

/** The first certificate of the card. */
export async function recordOf({ bare }: Service) {
  const found = accept(await bare.store.read((reads) => reads.certificatesOfCards([CARD])));
  return present(found[0], 'the certificate of the card');
}

async function proofOf(service: Service, statement: object) {
  return proofWith(service, statement, { key: keyOfRfc9500().privateKey, id: (await recordOf(service)).id });
}

/** A statement about the card, which this key of it has signed. */
export async function proofWith(
  service: Service,
  statement: object,
  { key, id }: { readonly key: KeyObject; readonly id: string },
) {
  const { now } = accept(await service.bare.store.read((reads) => reads.databaseClock()));
  const head = {
    form: 'pfcng-card-statement-1',
    environment: 'development',
    platform: PLATFORM.id,
    card: CARD,
    at: formatInstant(now),
  };
  return proofBy(key, { ...head, ...statement }, id);
}

async function selfOf(service: Service): Promise<SelfPrincipal> {
  const { id, issuer, serial, profile, cardTokenId } = await recordOf(service);
  const known = { id, issuer, serial, profile, cardTokenId };
  return { kind: 'self', certificate: { ...known, isForAuthentication: true, selfService: ['read-self'] }, via: 'tls' };
}

export const PROOFS: readonly Scenario[] = [
  {
    name: 'revoke a card by its own statement',
    operation: relayProof,
    before: issueKnownCard,
    run: async (service) => {
      const body = await proofOf(service, { verb: 'revoke', reason: 'keyCompromise' });
      const relay = { account: PORTAL, body, reason: 'keyCompromise', isDated: false, target: { card: CARD } };
      const author = await relayProof({ ...service.world, platformKey: PLATFORM }, relay);
      if (!author.ok) return author;
      const command = { ...author.value, reason: 'keyCompromise', invalidityDate: null } as const;
      const revoked = await revokeCard(service.world, CARD, command);
      return revoked.ok ? ok(revoked.value.map(reportOf)) : revoked;
    },
    orTold: ['proof-rejected'],
  },
  {
    name: 'revoke a certificate by its own statement',
    operation: relayProof,
    before: issueKnownCard,
    run: async (service) => {
      const { id } = await recordOf(service);
      const body = await proofOf(service, { verb: 'revoke', reason: 'superseded', certificate: id });
      const relay = { account: PORTAL, body, reason: 'superseded', isDated: false, target: { certificate: id } };
      return answerOf(await relayProof({ ...service.world, platformKey: PLATFORM }, relay));
    },
  },
  {
    name: 'verify the begin of an update',
    operation: verifyProof,
    before: issueKnownCard,
    run: async (service) => {
      const body = await proofOf(service, { verb: 'begin', requests: REQUESTS, onCard: [] });
      const about = { certificateId: null, cardTokenId: CARD };
      const asked = { verb: 'begin', requests: REQUESTS } as const;
      const demand = { body, action: 'begin-update', card: CARD, about, asked } as const;
      return answerOf(await verifyProof({ ...service.world, platformKey: PLATFORM }, demand));
    },
  },
  {
    name: 'read the own certificate',
    operation: readOwnCertificate,
    before: issueKnownCard,
    run: async (service) =>
      answerOf(await readOwnCertificate(service.world, await selfOf(service), (await recordOf(service)).id)),
  },
  {
    name: 'ask by CMP what the own request should contain',
    operation: inform,
    before: issueKnownCard,
    run: async (service) => {
      const items = [{ oid: INFO.certReqTemplate, value: null }];
      const informed = await inform(service.world, { principal: await selfOf(service), profile: PROFILE, items });
      if (informed.ok) return ok([]);
      return 'kind' in informed.error ? err(informed.error) : err({ kind: informed.error.failInfo });
    },
  },
  {
    name: 'read what the own card is to do',
    operation: readOwnPending,
    before: issueKnownCard,
    run: async (service) => answerOf(await readOwnPending(service.world, await selfOf(service), CARD)),
  },
  {
    name: 'read the own card',
    operation: readOwnCard,
    before: issueKnownCard,
    run: async (service) => answerOf(await readOwnCard(service.world, await selfOf(service), CARD)),
  },
];
