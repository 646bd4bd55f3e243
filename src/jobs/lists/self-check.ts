/**
 * Fetches what certificates point to, as a relying party would, and verifies what comes: its signature, that it is the list that
 * was published last (caches may have the one before for a while), and that it still holds. What is wrong at an outlet, a
 * cache, a name server or a firewall is found here, whatever our own records say.
 */
import { readCrl } from '../../crl/read.js';
import { type Bytes, equalBytes } from '../../kernel/bytes.js';
import { formatInstant, type Instant } from '../../kernel/clock.js';
import { MINUTE_MS, SECOND_MS } from '../../kernel/duration.js';
import type { Result } from '../../kernel/result.js';
import { questionAbout, questionAddress } from '../../ocsp/question.js';
import { kindOf } from '../../policy/publication/crl-scopes.js';
import type { OutletFailure } from '../../ports/outlet.js';
import type { CrlRecord, CrlScope } from '../../ports/store/crls.js';
import type { Clock, Log } from '../../ports/world.js';
import type { Issuer } from '../../x509/model.js';
import { type Asked, checkAnswer } from './self-check-ocsp.js';

export type PublicAddress =
  | { readonly kind: 'crl'; readonly address: string; readonly issuer: Issuer; readonly scope: CrlScope }
  | { readonly kind: 'authority'; readonly address: string; readonly issuer: Issuer }
  /** `address` names the issuer too: the responder's is one for all. */
  | { readonly kind: 'ocsp'; readonly address: string; readonly responder: string; readonly issuer: Issuer };

export type SelfCheckWorld = {
  readonly clock: Clock;
  readonly log: Log;
  readonly addresses: () => readonly PublicAddress[];
  readonly fetchPublic: (address: string) => Promise<Result<AsyncIterable<Bytes>, OutletFailure>>;
  /** The one published last; null: none, or nobody knows. */
  readonly latest: (issuer: Issuer, scope: CrlScope) => Promise<CrlRecord | null>;
  /** The youngest certificate of an issuer, to be asked about; null: none, or nobody knows. */
  readonly youngest: (issuer: Issuer) => Promise<Asked | null>;
  readonly pause: (ms: number) => Promise<void>;
};

export type SelfCheckState = {
  /** When a round was last over; null: not yet. */
  readonly at: Instant | null;
  /** By address: what is wrong; null: nothing. */
  readonly found: ReadonlyMap<string, string | null>;
};

export type SelfCheck = { readonly run: () => Promise<void>; readonly state: () => SelfCheckState };

/** A cache may have the list before for its max-age of five minutes; an outlet that is away is tried again every minute. */
const LATE_MS_MAX = 10 * MINUTE_MS;
const OCTETS_MAX = 64 * 1024;
const ASKED_MAX = 3;
const ASKED_AGAIN_MS = SECOND_MS;
/** Who is silent for that long will not be asked for as long again. */
const SLOW_MS = 5 * SECOND_MS;
/** In a round: where an outlet is away all of its addresses are wrong. */
const PAUSES_MAX = 10;

export function createSelfCheck(world: SelfCheckWorld): SelfCheck {
  let state: SelfCheckState = { at: null, found: new Map() };
  return {
    state: () => state,
    run: async () => {
      const found = new Map<string, string | null>();
      const patience = { left: PAUSES_MAX };
      for (const one of world.addresses()) {
        const before = state.found.get(one.address);
        const wrong = typeof before === 'string' ? await check(world, one) : await checkPatiently(world, one, patience);
        found.set(one.address, wrong);
        // At once: addresses that accept and do not answer make a round of hours.
        state = { ...state, found: new Map([...state.found, ...found]) };
        if (wrong !== null) world.log.error('self-check.failed', { address: one.address, detail: wrong });
        else if (typeof before === 'string') world.log.info('self-check.mended', { address: one.address });
      }
      state = { at: world.clock(), found };
    },
  };
}

/**
 * A responder that is busy asks to try later (RFC 6960 2.3), a first list is on its way to an outlet, a certificate is revoked between our
 * question to the database and the one to the responder: none of these is still so when it is asked about again.
 */
async function checkPatiently(world: SelfCheckWorld, one: PublicAddress, patience: { left: number }) {
  for (let times = 1; ; times += 1) {
    const since = world.clock();
    const wrong = await check(world, one);
    const wasSlow = world.clock() - since > SLOW_MS;
    if (wrong === null || times === ASKED_MAX || patience.left === 0 || wasSlow) return wrong;
    patience.left -= 1;
    await world.pause(ASKED_AGAIN_MS);
  }
}

/** What is wrong, for people; null: nothing. */
async function check(world: SelfCheckWorld, one: PublicAddress): Promise<string | null> {
  if (one.kind === 'ocsp') return checkStatus(world, one);
  const { kind, address, issuer } = one;
  // Before it is fetched: what is published while it comes is no fault.
  const latest = kind === 'crl' ? await world.latest(issuer, one.scope) : null;
  // Deltas and partitions that were switched on just now.
  if (kind === 'crl' && latest === null && one.scope !== 'full') return null;
  const fetched = await world.fetchPublic(address);
  if (!fetched.ok) return fetched.error.detail;
  try {
    if (one.kind === 'authority') {
      const isIt = equalBytes(await collect(fetched.value), issuer.certificate);
      return isIt ? null : 'not the certificate of this authority';
    }
    return await checkList(world, { issuer, scope: one.scope, latest, chunks: fetched.value });
  } catch (error) {
    return `broke off: ${error instanceof Error ? error.message : String(error)}`;
  }
}

type Got = {
  readonly issuer: Issuer;
  readonly scope: CrlScope;
  readonly latest: CrlRecord | null;
  readonly chunks: AsyncIterable<Bytes>;
};

async function checkList({ clock }: SelfCheckWorld, { issuer, scope, latest, chunks }: Got): Promise<string | null> {
  const read = await readCrl(chunks, { issuer, lifeMsMax: Number.MAX_SAFE_INTEGER, shapes: 'any' });
  if (!read.ok) return `${read.error.kind}: ${read.error.detail}`;
  if (kindOf(read.value.scope) !== kindOf(scope)) return `a ${kindOf(read.value.scope)} list`;
  const { number, nextUpdate } = read.value;
  const now = clock();
  if (nextUpdate <= now) return `number ${number} ended at ${formatInstant(nextUpdate)}`;
  if (latest === null || number >= latest.number || now - latest.thisUpdate < LATE_MS_MAX) return null;
  return `number ${number}, and ${latest.number} has been published since ${formatInstant(latest.thisUpdate)}`;
}

type Responder = PublicAddress & { readonly kind: 'ocsp' };

async function checkStatus(world: SelfCheckWorld, { responder, issuer }: Responder): Promise<string | null> {
  const asked = await world.youngest(issuer);
  if (asked === null) return null;
  const fetched = await world.fetchPublic(questionAddress(responder, questionAbout(issuer, asked.serial)));
  if (!fetched.ok) return fetched.error.detail;
  try {
    return checkAnswer(await collect(fetched.value), { issuer, asked, now: world.clock() });
  } catch (error) {
    return `broke off: ${error instanceof Error ? error.message : String(error)}`;
  }
}

async function collect(chunks: AsyncIterable<Bytes>): Promise<Bytes> {
  const parts: Bytes[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    length += chunk.length;
    if (length > OCTETS_MAX) throw new Error('more octets than a certificate or an answer has');
    parts.push(chunk);
  }
  return new Uint8Array(Buffer.concat(parts));
}
