/**
 * Reads which issuing CAs are revoked, from the CRLs of the roots in the folder of published files.
 */
import { readCrl } from '../../crl/read.js';
import { SECOND_MS } from '../../kernel/duration.js';
import type { World } from '../../operations/world.js';
import { crlFileName } from '../../policy/publication/addresses.js';
import type { Outlet } from '../../ports/outlet.js';
import type { IssuerId } from '../../ports/signer.js';
import { readCertificate } from '../../x509/certificate/certificate-reader.js';
import { type CrlReason, reasonOf } from '../../x509/extensions/reason-code.js';
import type { Issuer } from '../../x509/model.js';
import type { Job } from '../job.js';

type RevokedIssuersWorld = Pick<World, 'issuers' | 'log'> & { readonly outlet: Outlet };

export type RevokedIssuers = {
  readonly known: ReadonlyMap<IssuerId, CrlReason>;
  /** Reads the lists again: a ceremony may have put a new one into the folder. */
  readonly reload: () => Promise<void>;
};

/**
 * The lists are short, so they are read often. This is the longest delay until a revocation that is
 * put into the folder of a running service takes effect.
 */
export const REVOKED_ISSUERS_EVERY_MS = 5 * SECOND_MS;

export const reloadRevokedIssuers: Job<{ readonly revoked: RevokedIssuers }> = {
  name: 'revoked-issuers',
  everyMs: REVOKED_ISSUERS_EVERY_MS,
  leaseDurationMs: null,
  alsoRuns: [],
  prepare: ({ revoked }) => ({ run: revoked.reload }),
};

/**
 * Lists that cannot be read are skipped: `importCrls`, which reads them first, has reported them. A
 * revocation of a CA is final, also while its list is being replaced or an older list is in the
 * folder.
 */
export async function readRevokedIssuers(given: RevokedIssuersWorld): Promise<RevokedIssuers> {
  const known = new Map<IssuerId, CrlReason>();
  const all = given.issuers.all();
  const reload = async (): Promise<void> => {
    for (const root of all.filter(({ kind }) => kind === 'root')) {
      const issued = all.filter(({ kind, hierarchy }) => kind === 'issuing' && hierarchy === root.hierarchy);
      for (const [id, reason] of await listedOf(given, root, issued)) {
        if (known.has(id)) continue;
        known.set(id, reason);
        given.log.error('issuer.revoked', { issuer: id, root: root.id, reason });
      }
    }
  };
  await reload();
  return { known, reload };
}

async function listedOf(
  { outlet }: RevokedIssuersWorld,
  root: Issuer,
  issued: readonly Issuer[],
): Promise<readonly (readonly [IssuerId, CrlReason])[]> {
  const chunks = await outlet.published(crlFileName(root.id));
  if (!chunks.ok || chunks.value === null) return [];
  const serials = new Map(issued.map((issuer) => [serialOf(issuer), issuer.id]));
  const expected = {
    issuer: root,
    lifeMsMax: Number.MAX_SAFE_INTEGER,
    shapes: 'any',
    watched: [...serials.keys()],
  } as const;
  const read = await readCrl(chunks.value, expected);
  if (!read.ok) return [];
  return [...read.value.found].flatMap(([serial, reason]) => {
    const id = serials.get(serial);
    return id === undefined ? [] : [[id, reasonOf(reason) ?? 'unspecified'] as const];
  });
}

function serialOf({ certificate }: Issuer): string {
  const read = readCertificate(certificate);
  // The CRL can be read, because the service read it when it started.
  return read.ok ? read.value.tbs.serial : '';
}
