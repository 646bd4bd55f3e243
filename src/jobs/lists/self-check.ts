/**
 * Fetches what the addresses in certificates point to, as a relying party would, and verifies it. A
 * CRL must have a valid signature, must be the last published one (caches may still have the
 * previous one for some minutes), and must not have expired. This finds faults of outlets, caches,
 * name servers and firewalls that the records of this installation do not show.
 */
import { readCrl } from '../../crl/read.js';
import { type Bytes, equalBytes } from '../../kernel/bytes.js';
import { formatInstant, type Instant } from '../../kernel/clock.js';
import { MINUTE_MS, SECOND_MS } from '../../kernel/duration.js';
import { errorMessage } from '../../kernel/errors.js';
import type { Result } from '../../kernel/result.js';
import { ocspGetUrl, ocspRequestFor } from '../../ocsp/make-request.js';
import { kindOf, partitionOf } from '../../policy/publication/crl-scopes.js';
import type { OutletFailure } from '../../ports/outlet.js';
import type { IssuerId } from '../../ports/signer.js';
import type { CrlRecord, CrlScope } from '../../ports/store/crls.js';
import type { Reads } from '../../ports/store.js';
import type { Clock, Log } from '../../ports/world.js';
import { collectBytes } from '../../publish/public-addresses.js';
import type { Issuer } from '../../x509/model.js';
import { CLUSTER_ITEMS, type JobLease, type SharedJob, valueOrThrow } from '../job.js';
import { type CheckedCertificate, checkOcspResponse } from './self-check-ocsp.js';

export type PublicAddress =
  | { readonly kind: 'crl'; readonly address: string; readonly issuer: Issuer; readonly scope: CrlScope }
  | { readonly kind: 'authority'; readonly address: string; readonly issuer: Issuer }
  /**
   * `responder` is the URL, which all issuers share. `address` names the issuer too, so that log
   * lines and results differ.
   */
  | { readonly kind: 'ocsp'; readonly address: string; readonly responder: string; readonly issuer: Issuer };

export type SelfCheckWorld = {
  readonly clock: Clock;
  readonly log: Log;
  readonly addresses: () => readonly PublicAddress[];
  readonly fetchPublic: (address: string) => Promise<Result<AsyncIterable<Bytes>, OutletFailure>>;
  /**
   * Returns the record of the last published CRL; null: there is none, or the database is not
   * available.
   */
  readonly latest: (issuer: Issuer, scope: CrlScope) => Promise<CrlRecord | null>;
  /**
   * Returns the newest certificate of an issuer, about which an OCSP request is made; null: there
   * is none, or the database is not available.
   */
  readonly newest: (issuer: Issuer) => Promise<CheckedCertificate | null>;
  readonly pause: (ms: number) => Promise<void>;
};

/** The result of the checks, which all nodes read from the database. */
export type SelfCheckState = {
  /** Time at which the last round ended; null: no round has ended yet. */
  readonly at: Instant | null;
  /** The faults that are known now, by address. */
  readonly wrong: { readonly [address: string]: string };
};

/** `next`: the index of the address with which the round continues. */
type SelfCheckCursor = SelfCheckState & { readonly next: number };

const NOT_CHECKED: SelfCheckCursor = { at: null, wrong: {}, next: 0 };

export type SelfCheck = {
  readonly addresses: () => readonly string[];
  /** Checks the addresses of an issuer once, without those of partitions; nothing is stored. */
  readonly checkNow: (
    issuer: IssuerId,
  ) => Promise<readonly { readonly address: string; readonly fault: string | null }[]>;
  readonly work: (
    leased: Pick<JobLease, 'cursor' | 'setCursor' | 'transaction' | 'mustEnd'>,
  ) => Promise<'done' | 'more'>;
};

type SelfCheckParts = {
  readonly selfCheck: SelfCheck;
  /** Period of the check in seconds; 0 switches it off. */
  readonly selfCheckSeconds: number;
  /** Milliseconds of a monotonic clock. */
  readonly steadyMs: () => number;
};

export const checkPublicAddressesJob: SharedJob<SelfCheckParts> = {
  name: 'self-check',
  scope: 'cluster',
  roles: ['worker'],
  everyMs: 5 * MINUTE_MS,
  leaseDurationMs: 30 * SECOND_MS,
  budgetMs: 2 * MINUTE_MS,
  isEssential: false,
  prepare: ({ selfCheck, selfCheckSeconds, steadyMs }) => {
    if (selfCheckSeconds === 0) return null;
    const everyMs = selfCheckSeconds * SECOND_MS;
    // The first check waits for one period, because the public addresses may not lead to a process
    // that has just started.
    const dueFrom = steadyMs() + everyMs;
    return { everyMs, due: async () => (steadyMs() < dueFrom ? [] : CLUSTER_ITEMS), work: selfCheck.work };
  },
};

export async function readSelfCheckState(reads: Pick<Reads, 'job'>): Promise<SelfCheckState> {
  return cursorOf((await reads.job({ job: 'self-check', item: '' }))?.cursor ?? null);
}

function cursorOf(cursor: JobLease['cursor']): SelfCheckCursor {
  return (cursor as SelfCheckCursor | null) ?? NOT_CHECKED;
}

/**
 * For this long after a new CRL, the previous one is no fault: caches may keep it for five minutes,
 * and an outlet that was down is updated again within six minutes.
 */
const LATE_MS_MAX = 10 * MINUTE_MS;
/** Limit of a CA certificate or an OCSP response; CRLs are read as streams. */
const SMALL_FILE_BYTES_MAX = 64 * 1024;
const ATTEMPTS_MAX = 3;
const RETRY_MS = SECOND_MS;
/** An address whose check takes this long is not retried. */
const SLOW_MS = 5 * SECOND_MS;
/**
 * Limit of the retries in one attempt of the job, because all addresses of an outlet that is down
 * fail.
 */
const RETRIES_MAX = 10;
/**
 * Limits of the number of stored faults and of the text of each; the log has all faults in full.
 */
const STORED_FAULTS_MAX = 100;
const STORED_CHARACTERS_MAX = 200;

export function createSelfCheck(world: SelfCheckWorld): SelfCheck {
  return {
    addresses: () => world.addresses().map(({ address }) => address),
    checkNow: (issuer) => {
      const addressesOfIssuer = world.addresses().filter((one) => one.issuer.id === issuer && !isOfPartition(one));
      return Promise.all(
        addressesOfIssuer.map(async (one) => ({ address: one.address, fault: await checkInTime(world, one) })),
      );
    },
    work: async (leased) => {
      const addresses = world.addresses();
      const pauses = { left: RETRIES_MAX };
      let { at, wrong, next } = cursorOf(leased.cursor);
      const store = async (): Promise<void> =>
        valueOrThrow(await leased.transaction((tx) => leased.setCursor(tx, { at, wrong, next })));
      for (const one of addresses.slice(next)) {
        const before = wrong[one.address];
        const retries = before === undefined ? pauses : { left: 0 };
        const fault = leased.mustEnd()
          ? null
          : await checkWithRetries(world, one, { retries, mustEnd: leased.mustEnd });
        // A process that stops may have closed this address itself, so the result does not count.
        if (leased.mustEnd()) {
          await store();
          return 'more';
        }
        next += 1;
        if (fault !== null) world.log.error('self-check.failed', { address: one.address, detail: fault });
        else if (before !== undefined) world.log.info('self-check.recovered', { address: one.address });
        if (fault === (before ?? null)) continue;
        // The change is stored at once, because a round lasts long if addresses accept connections
        // and do not answer.
        wrong = withFault(wrong, one.address, fault);
        await store();
      }
      const known = new Set(addresses.map(({ address }) => address));
      wrong = Object.fromEntries(Object.entries(wrong).filter(([address]) => known.has(address)));
      at = world.clock();
      next = 0;
      await store();
      return 'done';
    },
  };
}

/**
 * Returns the faults after a check of one address. `fault`: null removes the fault that was known.
 */
function withFault(wrong: SelfCheckState['wrong'], address: string, fault: string | null): SelfCheckState['wrong'] {
  const others = Object.entries(wrong).filter(([known]) => known !== address);
  const stored = fault === null ? [] : [[address, fault.slice(0, STORED_CHARACTERS_MAX)] as const];
  return Object.fromEntries([...others, ...stored].slice(0, STORED_FAULTS_MAX));
}

/**
 * Checks an address, and retries, because some faults are temporary: a busy responder answers
 * `tryLater` (RFC 6960 2.3), the first CRL is not at the outlet yet, or a certificate is revoked
 * between the read of the database and the request.
 */
async function checkWithRetries(
  world: SelfCheckWorld,
  one: PublicAddress,
  { retries, mustEnd }: { readonly retries: { left: number }; readonly mustEnd: () => boolean },
) {
  for (let times = 1; ; times += 1) {
    const since = world.clock();
    const wrong = await check(world, one);
    const wasSlow = world.clock() - since > SLOW_MS;
    if (wrong === null || times === ATTEMPTS_MAX || retries.left === 0 || wasSlow || mustEnd()) return wrong;
    retries.left -= 1;
    await world.pause(RETRY_MS);
  }
}

function isOfPartition(one: PublicAddress): boolean {
  return one.kind === 'crl' && partitionOf(one.scope) !== null;
}

/** Limit for the check of one address while an officer waits for the result. */
const CHECK_MS_MAX = 10 * SECOND_MS;

function checkInTime(world: SelfCheckWorld, one: PublicAddress): Promise<string | null> {
  // The timer of `AbortSignal.timeout` does not keep the process running.
  const signal = AbortSignal.timeout(CHECK_MS_MAX);
  const late = new Promise<string>((resolve) => {
    signal.addEventListener('abort', () => resolve(`no complete answer within ${CHECK_MS_MAX / SECOND_MS} s`));
  });
  return Promise.race([check(world, one).catch(String), late]);
}

/** Checks one address and describes the fault; null: there is none. */
async function check(world: SelfCheckWorld, one: PublicAddress): Promise<string | null> {
  if (one.kind === 'ocsp') return checkStatus(world, one);
  const { kind, address, issuer } = one;
  // The record is read before the CRL is fetched, so that a CRL published meanwhile is no fault.
  const latest = kind === 'crl' ? await world.latest(issuer, one.scope) : null;
  // There is no delta yet right after deltas were switched on. Relying parties then use the full
  // CRL. The first full CRL of a partition is there before the first check.
  if (kind === 'crl' && latest === null && kindOf(one.scope) === 'delta') return null;
  const fetched = await world.fetchPublic(address);
  if (!fetched.ok) return fetched.error.detail;
  try {
    if (one.kind === 'authority') {
      const isSameCertificate = equalBytes(await collectBytes(fetched.value, SMALL_FILE_BYTES_MAX), issuer.certificate);
      return isSameCertificate ? null : 'not the certificate of this authority';
    }
    return await checkList(world, { issuer, scope: one.scope, latest, chunks: fetched.value });
  } catch (error) {
    return `interrupted: ${errorMessage(error)}`;
  }
}

type FetchedList = {
  readonly issuer: Issuer;
  readonly scope: CrlScope;
  readonly latest: CrlRecord | null;
  readonly chunks: AsyncIterable<Bytes>;
};

async function checkList(
  { clock }: SelfCheckWorld,
  { issuer, scope, latest, chunks }: FetchedList,
): Promise<string | null> {
  const read = await readCrl(chunks, { issuer, lifeMsMax: Number.MAX_SAFE_INTEGER, shapes: 'any' });
  if (!read.ok) return `${read.error.kind}: ${read.error.detail}`;
  if (kindOf(read.value.scope) !== kindOf(scope)) return `a ${kindOf(read.value.scope)} list`;
  const { number, nextUpdate } = read.value;
  const now = clock();
  if (nextUpdate <= now) return `number ${number} ended at ${formatInstant(nextUpdate)}`;
  if (latest === null || number >= latest.number || now - latest.thisUpdate < LATE_MS_MAX) return null;
  return `number ${number}, and ${latest.number} has been published since ${formatInstant(latest.thisUpdate)}`;
}

type ResponderAddress = PublicAddress & { readonly kind: 'ocsp' };

async function checkStatus(world: SelfCheckWorld, { responder, issuer }: ResponderAddress): Promise<string | null> {
  const certificate = await world.newest(issuer);
  if (certificate === null) return null;
  const fetched = await world.fetchPublic(ocspGetUrl(responder, ocspRequestFor(issuer, certificate.serial)));
  if (!fetched.ok) return fetched.error.detail;
  try {
    return checkOcspResponse(await collectBytes(fetched.value, SMALL_FILE_BYTES_MAX), {
      issuer,
      certificate,
      now: world.clock(),
    });
  } catch (error) {
    return `interrupted: ${errorMessage(error)}`;
  }
}
