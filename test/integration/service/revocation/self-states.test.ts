/**
 * What a certificate may do for itself in each state, by TLS and by a statement. Without this
 * matrix a revoked card could begin an update, or a card that an update has left pending could not
 * be revoked by its holder.
 */
import assert from 'node:assert/strict';
import { type SelfAction, statesFor } from '../../../../src/access/principal.js';
import { readIssuers } from '../../../../src/compose/issuers.js';
import type { Config } from '../../../../src/config/load.js';
import { homePaths } from '../../../../src/config/paths.js';
import { openStore } from '../../../../src/db/open.js';
import { type ProofDemand, verifyProof } from '../../../../src/operations/proofs/verify-proof.js';
import type { StoredState } from '../../../../src/ports/store/statuses.js';
import type { Store } from '../../../../src/ports/store.js';
import { unwrap } from '../../../support/db/fixture.js';
import { AUDIT_ORIGIN } from '../../../support/db/records.js';
import { setState } from '../../../support/db/unaudited.js';
import { NO_BLOCKED_KEYS } from '../../../support/no-blocked-keys.js';
import { describeService } from '../../../support/service/describe-service.js';
import {
  type CertifiedKey,
  clientOfKey,
  issueServiceCard,
  type ServiceCard,
  signedBy,
  statementHead,
} from '../../../support/updates/service-card.js';
import { REQUESTS, UPDATE } from '../../../support/updates/statements.js';
import { testPolicy } from '../../../unit/policy/fixtures.js';

const AT = Date.parse('2026-03-01T10:00:00Z');
const STATES = {
  issued: { status: 'issued' },
  pending: { status: 'pending' },
  suspended: { status: 'suspended', at: AT, invalidityDate: null },
  revoked: { status: 'revoked', at: AT, reason: 'unspecified', invalidityDate: null },
} as const satisfies Readonly<Record<string, StoredState>>;
type State = keyof typeof STATES;

/** The states in which each action is accepted, as the design says it. */
const PERMITTED: Readonly<Record<Exclude<SelfAction, 'renew-self'>, readonly State[]>> = {
  'read-self': ['issued', 'pending', 'suspended'],
  'begin-update': ['issued'],
  'confirm-update': ['pending'],
  'abandon-update': ['issued', 'suspended'],
  'revoke-self': ['issued', 'pending', 'suspended'],
};

describeService('a certificate that acts for itself', { on: 'sqlite' }, (running) => {
  let store: Store;
  before(async () => {
    const { database } = running.shared.service.at;
    const opened = openStore({
      database,
      environmentMark: 'development',
      auditOrigin: AUDIT_ORIGIN,
      clock: Date.now,
    });
    store = unwrap(await opened);
  });
  after(() => store.close());

  async function cardIn(state: State): Promise<ServiceCard> {
    const card = await issueServiceCard(running.cards);
    const { id } = card.authentication.issued;
    if (state !== 'issued')
      unwrap(await store.transaction((tx) => setState(tx, id, [STATES[state], { at: AT, actor: 'system' }])));
    return card;
  }

  /** The rules that the proof breaks; none: it is accepted. */
  async function rulesOf(
    card: ServiceCard,
    by: CertifiedKey,
    { action, asked, ...more }: Pick<ProofDemand, 'action' | 'asked' | 'states'>,
  ): Promise<readonly string[]> {
    const head = await statementHead(running.cards, card.tokenId);
    const members = asked.verb === 'revoke' ? { reason: asked.reason } : { onCard: [] };
    const named =
      'update' in asked ? { update: asked.update } : 'requests' in asked ? { requests: asked.requests } : {};
    const body = signedBy(by, { ...head, verb: asked.verb, ...members, ...named });
    const policy = testPolicy();
    const config = { paths: homePaths(running.shared.service.at.home) } as Config;
    const issuers = unwrap(readIssuers({ config, policy }));
    const world = { policy, issuers, store, blockedKeys: NO_BLOCKED_KEYS, platformKey: { id: head.platform } };
    const about = { certificateId: null, cardTokenId: card.tokenId };
    const verified = await verifyProof(world, { body, action, card: card.tokenId, about, asked, ...more });
    if (verified.ok) return [];
    assert.ok(verified.error.kind === 'proof-rejected', JSON.stringify(verified.error));
    return verified.error.violations.map(({ rule }) => rule);
  }

  const ASKED = {
    'begin-update': { verb: 'begin', requests: REQUESTS },
    'confirm-update': { verb: 'confirm', update: UPDATE },
    'abandon-update': { verb: 'abandon', update: UPDATE },
    'revoke-self': { verb: 'revoke', reason: 'unspecified', certificate: null },
  } as const satisfies Readonly<Partial<Record<SelfAction, ProofDemand['asked']>>>;

  for (const state of Object.keys(STATES) as readonly State[])
    it(`that is ${state} may do by TLS and by a statement what the table says`, async () => {
      const card = await cardIn(state);
      const expected = (action: keyof typeof PERMITTED): readonly string[] =>
        PERMITTED[action].includes(state) ? [] : ['certificate-not-revoked'];
      for (const [action, asked] of Object.entries(ASKED)) {
        const found = await rulesOf(card, card.authentication, { action: action as keyof typeof ASKED, asked });
        assert.deepEqual(found, expected(action as keyof typeof ASKED), action);
        // The signature key speaks for no card, in any state.
        const other = await rulesOf(card, card.signature, { action: action as keyof typeof ASKED, asked });
        assert.deepEqual(other, ['certificate-for-client-authentication'], action);
      }
      const self = clientOfKey(running.shared, card.authentication);
      const path = `/v1/certificates/${card.authentication.issued.id}`;
      const read = await self.call('GET', path);
      assert.equal(read.status, PERMITTED['read-self'].includes(state) ? 200 : 403);
      const revoked = await self.call('POST', `${path}/revocation`, { body: { reason: 'unspecified' } });
      assert.equal(revoked.status, PERMITTED['revoke-self'].includes(state) ? 200 : 403);
    });

  it('begins an update while it is suspended only if a campaign says so', async () => {
    const card = await cardIn('suspended');
    const begin = { action: 'begin-update', asked: ASKED['begin-update'] } as const;
    const situation = { fromSuspended: true, presentKeyConfirms: false };
    const states = statesFor('begin-update', situation);
    assert.deepEqual(await rulesOf(card, card.authentication, { ...begin, states }), []);
    assert.deepEqual(await rulesOf(card, card.authentication, begin), ['certificate-not-revoked']);
    const ofConfirm = statesFor('confirm-update', situation);
    const confirm = { action: 'confirm-update', asked: ASKED['confirm-update'], states: ofConfirm } as const;
    assert.deepEqual(await rulesOf(card, card.authentication, confirm), ['certificate-not-revoked']);
  });

  it('confirms with the present key only if the update has no new one', async () => {
    const card = await cardIn('issued');
    const confirm = { action: 'confirm-update', asked: ASKED['confirm-update'] } as const;
    const states = statesFor('confirm-update', { fromSuspended: false, presentKeyConfirms: true });
    assert.deepEqual(await rulesOf(card, card.authentication, { ...confirm, states }), []);
    assert.deepEqual(await rulesOf(card, card.authentication, confirm), ['certificate-not-revoked']);
  });
});
