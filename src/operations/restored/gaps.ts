/**
 * Finds what others know and the database does not. The home folder remembers the last entry of the
 * audit log, the signers have journals, and relying parties have published CRLs. A database that
 * knows less than one of them is an older one, another one, or an emptied one: nothing may be
 * answered from it before officers have decided.
 */
import { toHex } from '../../kernel/bytes.js';
import { sha256Hex } from '../../kernel/digest.js';
import { ok, type Result } from '../../kernel/result.js';
import { crlPartitions } from '../../policy/publication/crl-lists.js';
import { scopeOf } from '../../policy/publication/crl-scopes.js';
import type { IssuerId } from '../../ports/signer.js';
import type { DatabasePoint } from '../../ports/store/continuity.js';
import type { CrlScope } from '../../ports/store/crls.js';
import type { StoreFailure } from '../../ports/store/failure.js';
import { DATABASE_ID_MARK } from '../../ports/store/marks.js';
import type { Reads } from '../../ports/store.js';
import type { Issuer } from '../../x509/model.js';
import type { World } from '../world.js';
import { type ForgottenWorld, findForgotten } from './find-forgotten.js';

/** The last signature in the journal of a signer. */
export type LastSignature = {
  readonly token: string;
  readonly issuer: string;
  /** SHA-256 of the to-be-signed bytes, in hexadecimal. */
  readonly sha256: string;
  readonly of: { readonly serial: string } | { readonly number: number; readonly scope: CrlScope };
};

export type Evidence = {
  /** What the home folder knows; null: the home folder has never had a database. */
  readonly home: DatabasePoint | null;
  readonly signatures: readonly LastSignature[];
};

export type Gap = {
  readonly witness: 'home' | 'signer' | 'published-list';
  /** Names the gap in the record of the officers who accept it. */
  readonly id: string;
  readonly detail: string;
};

type GapWorld = Pick<World, 'issuers' | 'policy'> & ForgottenWorld;

export const ACCEPTED_GAPS_MARK = 'accepted-gaps';

/** Gaps that officers have accepted are not reported again. */
export async function findGaps(
  world: GapWorld,
  { home, signatures }: Evidence,
): Promise<Result<readonly Gap[], StoreFailure>> {
  const read = await world.store.read(async (reads) => ({
    accepted: await acceptedGaps(reads),
    gaps: [...(await homeGaps(reads, home)), ...(await signatureGaps(reads, signatures))],
  }));
  if (!read.ok) return read;
  const { accepted, gaps } = read.value;
  const found = [...gaps];
  for (const issuer of world.issuers.all()) {
    if (issuer.kind === 'root') continue;
    const lists = await listGaps(world, issuer);
    if (!lists.ok) return lists;
    found.push(...lists.value);
  }
  return ok(found.filter(({ id }) => !accepted.includes(id)));
}

/** The last point of the database; null: it has no id, so this program did not create it. */
export async function readPoint(reads: Pick<Reads, 'mark' | 'auditHead'>): Promise<DatabasePoint | null> {
  const id = await reads.mark(DATABASE_ID_MARK);
  if (id === null) return null;
  const { seq, chainHash } = await reads.auditHead();
  return { id, seq, chainHash: toHex(chainHash) };
}

export async function acceptedGaps(reads: Pick<Reads, 'mark'>): Promise<readonly string[]> {
  return JSON.parse((await reads.mark(ACCEPTED_GAPS_MARK)) ?? '[]') as readonly string[];
}

export async function homeGaps(
  reads: Pick<Reads, 'mark' | 'auditHead' | 'auditEntries'>,
  home: DatabasePoint | null,
): Promise<readonly Gap[]> {
  if (home === null) return [];
  const gap = (detail: string): readonly Gap[] => [{ witness: 'home', id: `home:${home.id}:${home.seq}`, detail }];
  const point = await readPoint(reads);
  if (point?.id !== home.id)
    return gap(`the home folder belongs to the database ${home.id}, and this is ${point?.id ?? 'one without an id'}`);
  if (home.seq === 0) return [];
  const [entry] = await reads.auditEntries({ from: home.seq, limit: 1 });
  if (entry?.seq !== home.seq)
    return gap(`the home folder knows entry ${home.seq} of the audit log, and the database ends with ${point.seq}`);
  if (toHex(entry.chainHash) !== home.chainHash)
    return gap(`entry ${home.seq} of the audit log is not the one that the home folder knows: the history differs`);
  return [];
}

async function signatureGaps(
  reads: Pick<Reads, 'certificateBySerial' | 'crlByNumber'>,
  signatures: readonly LastSignature[],
): Promise<readonly Gap[]> {
  const gaps: Gap[] = [];
  for (const signature of signatures) {
    if (await isKnown(reads, signature)) continue;
    const { token, issuer, sha256, of } = signature;
    const what = 'serial' in of ? `the certificate ${of.serial}` : `the CRL ${of.number} (${of.scope})`;
    const detail = `the signer ${token} has signed ${what} of ${issuer}, which the database does not know`;
    gaps.push({ witness: 'signer', id: `signature:${sha256}`, detail });
  }
  return gaps;
}

async function isKnown(
  reads: Pick<Reads, 'certificateBySerial' | 'crlByNumber'>,
  { issuer, sha256, of }: LastSignature,
): Promise<boolean> {
  if ('serial' in of) {
    const record = await reads.certificateBySerial(issuer as IssuerId, of.serial);
    return record !== null && (record.recoveredSha256 === sha256 || sha256Hex(record.tbs) === sha256);
  }
  return (await reads.crlByNumber(issuer as IssuerId, of.number, of.scope))?.tbsSha256 === sha256;
}

/** The number of the first CRL of an issuing CA, which a ceremony signs. */
const FIRST_NUMBER = 1;

async function listGaps(world: GapWorld, issuer: Issuer): Promise<Result<readonly Gap[], StoreFailure>> {
  const gaps: Gap[] = [];
  for (const partition of crlPartitions(world.policy.environment, issuer.id)) {
    for (const kind of ['full', 'delta'] as const) {
      const scope = scopeOf(kind, partition);
      const known = await world.store.read((reads) => reads.latestCrl(issuer.id, scope));
      if (!known.ok) return known;
      const newest = known.value?.number ?? 0;
      const found = await findForgotten(world, { issuer, scope, known: known.value, newest });
      if (!found.ok) return found;
      const number = found.value?.number ?? 0;
      if (number <= Math.max(newest, FIRST_NUMBER)) continue;
      // A service that ended while it published a CRL had recorded it before.
      const recorded = await world.store.read((reads) => reads.crlByNumber(issuer.id, number, scope));
      if (!recorded.ok) return recorded;
      if (recorded.value !== null) continue;
      const detail = `the published CRL of ${issuer.id} (${scope}) has the number ${number}, and the database knows ${newest}`;
      gaps.push({ witness: 'published-list', id: `list:${issuer.id}:${scope}:${number}`, detail });
    }
  }
  return ok(gaps);
}
