/**
 * The events in the life of certificates as commands, executed on the model and on the service and
 * compared.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { present } from '../../../../src/kernel/assert.js';
import { type Answer, assertProblem, type IssuedCertificate } from '../../../support/service/client.js';
import { makeCsr } from '../../../support/service/csr.js';
import { orderFor } from '../../../support/service/mass-orders.js';
import { IDENTITY, professional, STRUCTURE, tokenId } from '../../../support/service/orders.js';
import {
  CARD_PROFILES,
  end,
  holderOfCard,
  isLive,
  type Life,
  type LifeProfile,
  type Model,
  organisationId,
  type RevocationOutcome,
  release,
  SIGNING,
  SUSPENDABLE,
  suspend,
} from './model.js';
import { assertLife, assertLives, awaitOrder, keyOf, newKey, type RunningService } from './real.js';

export type LifeCommand = fc.AsyncCommand<Model, RunningService>;
type Step = {
  /** The name in the statistics. */
  readonly name: string;
  readonly says: string;
  /** Whether the command can be executed in this state. */
  readonly check?: (model: Readonly<Model>) => boolean;
  readonly run: (model: Model, real: RunningService) => Promise<void>;
};

/** How often each command was run, for the output. */
export const counted = new Map<string, number>();

function command({ name, says, check = () => true, run }: Step): LifeCommand {
  return {
    check,
    run: async (model, real) => {
      counted.set(name, (counted.get(name) ?? 0) + 1);
      await run(model, real);
    },
    toString: () => says,
  };
}

const CONFLICT = { status: 409, code: 'state-conflict' };
const some = ({ lives }: Readonly<Model>): boolean => lives.length > 0;
const pick = ({ lives }: Model, at: number): Life => present(lives[at % lives.length], 'a life');

/** Ends within the window of renewals, 90 days. */
const validity = (): object => ({
  notAfter: new Date(Date.now() + 30 * 86_400_000).toISOString().replace(/\.\d+Z$/, 'Z'),
});

type NewLife = { readonly holder: string; readonly card: number | null; readonly key: number };

function bear(
  { lives }: Model,
  { id, serialNumber, ca, profile }: IssuedCertificate,
  { holder, card, key }: NewLife,
): void {
  const born = { id, serialNumber, ca, profile: profile as LifeProfile, holder, card, key };
  lives.push({ ...born, status: 'issued', ended: null });
}

function issue(which: 0 | 1, profile: typeof SUSPENDABLE | typeof SIGNING): LifeCommand {
  return command({
    name: 'issue',
    says: `issue(organisation ${which}, ${profile})`,
    run: async (model, real) => {
      const key = newKey(real);
      const number = real.organisations[which];
      const holder = { kind: 'organisation', application: `LIFE-${number}`, structure: STRUCTURE };
      const body = { profile, csr: makeCsr(keyOf(real, key)), holder, validity: validity() };
      const issued = await real.cards.expect<IssuedCertificate>('POST', '/v1/certificates', { body });
      bear(model, issued, { holder: organisationId(number), card: null, key });
    },
  });
}

function issueCard(token: 0 | 1, person: 0 | 1): LifeCommand {
  return command({
    name: 'issue a card',
    says: `issueCard(card ${token}, person ${person})`,
    run: async (model, real) => {
      const [card, number] = [real.tokens[token], real.people[person]];
      const holder = holderOfCard(number);
      const keys = CARD_PROFILES.map(() => newKey(real));
      const requests = CARD_PROFILES.map((profile, at) => ({
        profile,
        csr: makeCsr(keyOf(real, present(keys[at], 'a key'))),
        validity: validity(),
      }));
      const order = {
        holder: professional(number),
        card: { tokenId: tokenId(card), product: 'cps' },
        identity: IDENTITY,
      };
      const answer = await real.cards.call('POST', `${addressOf(card)}/certificates`, { body: { ...order, requests } });
      if (model.lives.some((life) => life.card === card && isLive(life) && life.holder !== holder)) {
        assertProblem(answer, { status: 422, code: 'policy-violated', rule: 'card-of-one-holder' });
        return;
      }
      assert.equal(answer.status, 201, JSON.stringify(answer.body));
      const { certificates } = answer.body as { readonly certificates: readonly IssuedCertificate[] };
      for (const [at, issued] of certificates.entries())
        bear(model, issued, { holder, card, key: present(keys[at], 'a key') });
    },
  });
}

const addressOf = (card: number): string => `/v1/cards/${encodeURIComponent(tokenId(card))}`;

/**
 * The service does it where the model does, and says that the state forbids it where the model does
 * not.
 */
async function assertChanged(
  real: RunningService,
  life: Life,
  { done, answer }: { readonly done: boolean; readonly answer: Answer },
) {
  if (done) assert.equal(answer.status, 200, JSON.stringify(answer.body));
  else assertProblem(answer, CONFLICT);
  await assertLife(real, life);
}

function suspendOne(at: number, invalidityDate: string | null): LifeCommand {
  return command({
    name: 'suspend',
    says: `suspend(${at}, ${invalidityDate})`,
    check: some,
    run: async (model, real) => {
      const life = pick(model, at);
      const body = invalidityDate === null ? {} : { invalidityDate };
      const answer = await real.cards.call('POST', `/v1/certificates/${life.id}/suspension`, { body });
      await assertChanged(real, life, { done: suspend(life, invalidityDate), answer });
    },
  });
}

function releaseOne(at: number): LifeCommand {
  return command({
    name: 'release',
    says: `release(${at})`,
    check: some,
    run: async (model, real) => {
      const life = pick(model, at);
      const answer = await real.cards.call('DELETE', `/v1/certificates/${life.id}/suspension`);
      await assertChanged(real, life, { done: release(life), answer });
    },
  });
}

const bodyOf = ({ reason, invalidityDate }: RevocationOutcome): object =>
  invalidityDate === null ? { reason } : { reason, invalidityDate };

function revokeOne(at: number, ended: RevocationOutcome): LifeCommand {
  return command({
    name: 'revoke',
    says: `revoke(${at}, ${ended.reason}, ${ended.invalidityDate})`,
    check: some,
    run: async (model, real) => {
      const life = pick(model, at);
      const answer = await real.cards.call('POST', `/v1/certificates/${life.id}/revocation`, { body: bodyOf(ended) });
      const done = isLive(life);
      end(life, ended);
      await assertChanged(real, life, { done, answer });
    },
  });
}

type RevokedLives = { readonly path: string; readonly ended: RevocationOutcome; readonly lives: readonly Life[] };

async function revokeAll(real: RunningService, { path, ended, lives }: RevokedLives): Promise<void> {
  const answer = await real.cards.call('POST', path, { body: bodyOf(ended) });
  if (lives.length === 0) return void assertProblem(answer, { status: 404, code: 'not-found' });
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  for (const life of lives) end(life, ended);
  await assertLives(real, { lives: [...lives] });
}

function revokeCard(token: 0 | 1, ended: RevocationOutcome): LifeCommand {
  return command({
    name: 'revoke a card',
    says: `revokeCard(${token}, ${ended.reason})`,
    run: async ({ lives }, real) => {
      const card = real.tokens[token];
      const path = `${addressOf(card)}/revocation`;
      await revokeAll(real, { path, ended, lives: lives.filter((life) => life.card === card) });
    },
  });
}

function revokeHolder(which: 'person' | 'organisation', at: 0 | 1, ended: RevocationOutcome): LifeCommand {
  return command({
    name: 'revoke a holder',
    says: `revokeHolder(${which} ${at}, ${ended.reason})`,
    run: async ({ lives }, real) => {
      const holder = which === 'person' ? holderOfCard(real.people[at]) : organisationId(real.organisations[at]);
      const path = `/v1/holders/${encodeURIComponent(holder)}/revocation`;
      await revokeAll(real, { path, ended, lives: lives.filter((life) => life.holder === holder) });
    },
  });
}

function renew(at: number, onOldKey: boolean): LifeCommand {
  return command({
    name: 'renew',
    says: `renew(${at}${onOldKey ? ', on the old key' : ''})`,
    check: some,
    run: async (model, real) => {
      const old = pick(model, at);
      const key = onOldKey ? old.key : newKey(real);
      const body = { csr: makeCsr(keyOf(real, key)), validity: validity() };
      const answer = await real.cards.call('POST', `/v1/certificates/${old.id}/renewal`, { body });
      if (old.status !== 'issued') return void assertProblem(answer, CONFLICT);
      if (onOldKey)
        return void assertProblem(answer, { status: 422, code: 'key-rejected', rule: 'renewal-with-new-key' });
      assert.equal(answer.status, 201, JSON.stringify(answer.body));
      const issued = answer.body as IssuedCertificate;
      assert.equal(issued.renews, old.id);
      bear(model, issued, { holder: old.holder, card: old.card, key });
      await assertLives(real, { lives: [old, present(model.lives.at(-1), 'the renewed one')] });
    },
  });
}

type Selection = Readonly<Record<string, string>>;
type MassSelection = {
  readonly says: string;
  readonly check?: (model: Readonly<Model>) => boolean;
  readonly select: (model: Model, real: RunningService) => Promise<Selection> | Selection;
  readonly finds: (model: Model) => readonly Life[];
};

function revokeMany({ says, check = () => true, select, finds }: MassSelection, ended: RevocationOutcome): LifeCommand {
  return command({
    name: 'revoke many',
    says: `revokeMany(${says}, ${ended.reason})`,
    check,
    run: async (model, real) => {
      const lives = finds(model).filter(isLive);
      const body = { ...(await orderFor(real.officer, await select(model, real))), ...bodyOf(ended) };
      const answer = await real.officer.call('POST', '/v1/revocations', { body });
      if (lives.length === 0) return void assertProblem(answer, { status: 404, code: 'not-found' });
      assert.equal(answer.status, 202, JSON.stringify(answer.body));
      const { id, matched } = answer.body as { readonly id: string; readonly matched: number };
      assert.equal(matched, lives.length);
      await awaitOrder(real, id);
      for (const life of lives) end(life, ended);
      await assertLives(real, model);
    },
  });
}

const byProfile = (profile: LifeProfile): MassSelection => ({
  says: profile,
  select: (_, real) => ({ profile, issuedFrom: real.began }),
  finds: ({ lives }) => lives.filter((life) => life.profile === profile),
});

const byKey = (at: number): MassSelection => ({
  says: `key of ${at}`,
  check: some,
  select: async (model, real) => {
    const { certificate } = await real.cards.expect<IssuedCertificate>('GET', `/v1/certificates/${pick(model, at).id}`);
    return { certificate };
  },
  finds: (model) => model.lives.filter(({ key }) => key === pick(model, at).key),
});

const which = fc.constantFrom<(0 | 1)[]>(0, 1);
const index = fc.nat({ max: 1_000 });
const date = fc.constantFrom(null, '2026-01-01T00:00:00Z', '2026-02-02T12:30:00Z');
const ending: fc.Arbitrary<RevocationOutcome> = fc.record({
  reason: fc.constantFrom('unspecified', 'keyCompromise', 'affiliationChanged', 'superseded', 'cessationOfOperation'),
  invalidityDate: date,
});
const many = fc.oneof(
  fc.constantFrom<LifeProfile[]>(SUSPENDABLE, SIGNING, ...CARD_PROFILES).map(byProfile),
  index.map(byKey),
);

/** More certificates are issued than ended, so that enough can happen to each. */
export const COMMANDS: fc.Arbitrary<LifeCommand>[] = [
  fc
    .tuple(which, fc.constantFrom<(typeof SUSPENDABLE | typeof SIGNING)[]>(SUSPENDABLE, SIGNING))
    .map((args) => issue(...args)),
  fc.tuple(which, fc.constant(SUSPENDABLE)).map((args) => issue(...args)),
  fc.tuple(which, which).map((args) => issueCard(...args)),
  fc.tuple(index, date).map((args) => suspendOne(...args)),
  index.map(releaseOne),
  fc.tuple(index, ending).map((args) => revokeOne(...args)),
  fc.tuple(index, fc.boolean()).map((args) => renew(...args)),
  fc.tuple(which, ending).map((args) => revokeCard(...args)),
  fc
    .tuple(fc.constantFrom<('person' | 'organisation')[]>('person', 'organisation'), which, ending)
    .map((args) => revokeHolder(...args)),
  fc.tuple(many, ending).map((args) => revokeMany(...args)),
];
