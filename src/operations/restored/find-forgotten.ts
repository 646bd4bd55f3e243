/**
 * Compares a CRL in the published folder with the database, and finds the revocations that the
 * database has forgotten.
 */
import { readCrl } from '../../crl/read.js';
import type { Bytes } from '../../kernel/bytes.js';
import { sha256HexOfStream } from '../../kernel/digest.js';
import { LIMITS } from '../../kernel/limits.js';
import { ok, type Result } from '../../kernel/result.js';
import { decimalToInstant } from '../../lint/crl/decimal-time.js';
import type { CrlEntry } from '../../lint/crl/subjects.js';
import { crlFileName } from '../../policy/publication/addresses.js';
import { kindOf } from '../../policy/publication/crl-scopes.js';
import type { Outlet } from '../../ports/outlet.js';
import type { CrlRecord, CrlScope, RevokedEntry } from '../../ports/store/crls.js';
import type { StoreFailure } from '../../ports/store/failure.js';
import type { StatusRecord } from '../../ports/store/statuses.js';
import type { Store } from '../../ports/store.js';
import type { Log } from '../../ports/world.js';
import { storedSerial } from '../../x509/certificate/stored-serial.js';
import { reasonOf } from '../../x509/extensions/reason-code.js';
import type { Issuer } from '../../x509/model.js';

export type ForgottenWorld = {
  readonly store: Pick<Store, 'read'>;
  readonly outlet: Pick<Outlet, 'published'>;
  readonly log: Log;
  /** Number of entries that one reading keeps in memory. A CRL with more is read again. */
  readonly forgottenMax?: number;
};

type ForgottenRevocations = {
  readonly number: number;
  /** In the order of the CRL. */
  readonly entries: readonly RevokedEntry[];
  /** The CRL has more of them. */
  readonly isCut: boolean;
  /** Serial numbers that a delta CRL removes. */
  readonly removed: ReadonlySet<string>;
};

const FORGOTTEN_MAX = 50_000;

type ForgottenQuery = {
  readonly issuer: Issuer;
  readonly scope: CrlScope;
  /** The last CRL that the database knows. */
  readonly known: CrlRecord | null;
  /** The highest number of a published full or delta CRL that the database knows. */
  readonly newest: number;
  /** Whether suspensions that the database does not know are found. Default: they are. */
  readonly takesSuspensions?: boolean;
};

/**
 * null: the CRL is the last one that the database knows, or there is none, or it does not have a
 * signature of the issuer. A CRL that is older than the database's last one (from the folder of
 * another service) still shows final revocations; certificates that it lists as suspended may have
 * been released.
 */
export async function findForgotten(
  world: ForgottenWorld,
  asked: ForgottenQuery,
): Promise<Result<ForgottenRevocations | null, StoreFailure>> {
  try {
    return await compareList(world, asked);
  } catch (error) {
    // An error of the file system: the CRL cannot be read to its end.
    if (!(error instanceof Error && 'syscall' in error)) throw error;
    unreadable(world.log, asked.issuer, { kind: 'outlet-unavailable', detail: error.message });
    return ok(null);
  }
}

async function compareList(
  world: ForgottenWorld,
  { issuer, scope, known, newest, takesSuspensions = true }: ForgottenQuery,
): Promise<Result<ForgottenRevocations | null, StoreFailure>> {
  const fileName = crlFileName(issuer.id, scope);
  const published = async (): Promise<AsyncIterable<Bytes> | null> => {
    const chunks = await world.outlet.published(fileName);
    if (!chunks.ok) unreadable(world.log, issuer, { kind: chunks.error.kind, detail: chunks.error.detail });
    return chunks.ok ? chunks.value : null;
  };
  const first = await published();
  // The strict reader reads the whole CRL only when it is a different one, which is rare.
  if (first === null || (known !== null && (await sha256HexOfStream(first)) === known.sha256)) return ok(null);
  const chunks = known === null ? first : await published();
  if (chunks === null) return ok(null);
  const comparison = compare(world, issuer, takesSuspensions);
  const read = await readCrl(comparison.through(chunks), {
    issuer,
    lifeMsMax: Number.MAX_SAFE_INTEGER,
    shapes: 'any',
    onEntry: comparison.see,
  });
  const failure = comparison.failure();
  if (failure !== null) return failure;
  if (!read.ok) {
    unreadable(world.log, issuer, read.error);
    return ok(null);
  }
  const { number } = read.value;
  if (read.value.scope !== kindOf(scope)) return ok(null);
  const { entries, strange, ...found } = comparison.found();
  if (strange > 0) world.log.error('crl.entries-not-ours', { issuer: issuer.id, number, entries: strange });
  const forgotten = number > newest ? entries : entries.filter(({ reason }) => reason !== 'certificateHold');
  return ok({ number, ...found, entries: forgotten });
}

function unreadable(log: Log, { id }: Issuer, { kind, detail }: { readonly kind: string; readonly detail: string }) {
  log.error('crl.published-list-unreadable', { issuer: id, kind, detail });
}

/** Looks up the entries of each chunk of the CRL in the database before the next chunk is read. */
function compare({ store, forgottenMax = FORGOTTEN_MAX }: ForgottenWorld, { id }: Issuer, takesSuspensions: boolean) {
  let seen: RevokedEntry[] = [];
  const entries: RevokedEntry[] = [];
  const removed = new Set<string>();
  let isCut = false;
  let strange = 0;
  let failed: Result<never, StoreFailure> | null = null;

  async function* through(chunks: AsyncIterable<Bytes>): AsyncGenerator<Bytes, void, undefined> {
    for await (const chunk of chunks) {
      yield chunk;
      const some = seen;
      seen = [];
      const statuses = await store.read((reads) =>
        reads.statuses(
          id,
          some.map(({ serial }) => serial),
        ),
      );
      if (!statuses.ok) {
        failed = statuses;
        return;
      }
      for (const entry of some) {
        if (entry.reason === 'removeFromCRL') removed.add(entry.serial);
        else if (!takesSuspensions && entry.reason === 'certificateHold') continue;
        else if (!agrees(statuses.value.records.get(entry.serial), entry)) {
          if (entries.length < forgottenMax) entries.push(entry);
          else isCut = true;
        }
      }
    }
  }

  return {
    through,
    see: (entry: Readonly<CrlEntry>): void => {
      const listed = listedEntry(entry);
      if (listed === null) strange += 1;
      else seen.push(listed);
    },
    failure: (): Result<never, StoreFailure> | null => failed,
    found: () => ({ entries, isCut, removed, strange }),
  };
}

/**
 * A final revocation in the database agrees with any entry; a suspension agrees with a suspension.
 */
function agrees(record: StatusRecord | undefined, { reason }: RevokedEntry): boolean {
  if (record === undefined) return false;
  const { status } = record.state;
  return status === 'revoked' || (status === 'suspended' && reason === 'certificateHold');
}

/**
 * null: this authority cannot have issued it. If a longer serial number were stored among its own,
 * it would be out of order, and no CRL of this authority could be made any more.
 */
function listedEntry({ bytes, serialAt, serialLength, ...entry }: Readonly<CrlEntry>): RevokedEntry | null {
  const serial = storedSerial(bytes.subarray(serialAt, serialAt + serialLength));
  const reason = reasonOf(entry.reason ?? 0);
  if (serial?.length !== LIMITS.serialOctets * 2 || reason === null) return null;
  return {
    serial,
    at: decimalToInstant(entry.revokedAt),
    // The database cannot store the reasons for the compromise of an authority (RFC 5280 5.3.1),
    // but the certificate is revoked.
    reason: reason === 'cACompromise' || reason === 'aACompromise' ? 'unspecified' : reason,
    invalidityDate: entry.hasInvalidityDate ? decimalToInstant(entry.invalidAt) : null,
  };
}
