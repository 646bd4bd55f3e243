/** Which issuing CAs their roots have revoked, by the lists of the roots that stand in the published folder. */
import { readCrl } from '../../crl/read.js';
import { SECOND_MS } from '../../kernel/duration.js';
import type { World } from '../../operations/world.js';
import { crlFileName } from '../../policy/publication/addresses.js';
import type { Outlet } from '../../ports/outlet.js';
import type { IssuerId } from '../../ports/signer.js';
import { readCertificate } from '../../x509/certificate/certificate-reader.js';
import { type CrlReason, reasonOf } from '../../x509/extensions/reason-code.js';
import type { Issuer } from '../../x509/model.js';

type RevokedWorld = Pick<World, 'issuers' | 'log'> & { readonly outlet: Outlet };

export type RevokedIssuers = {
  readonly known: ReadonlyMap<IssuerId, CrlReason>;
  /** Reads the lists again: a ceremony may have laid another one there. */
  readonly look: () => Promise<void>;
};

/** Three short lists: so late is a revocation that is laid into the folder while a service runs. */
export const REVOKED_ISSUERS_EVERY_MS = 5 * SECOND_MS;

/**
 * A list that cannot be read says nothing here: `importCrls`, which reads it first, has said so. Who was revoked once stays so, also
 * while a list is being replaced, or an older one stands there: no ceremony takes it back.
 */
export async function watchRevokedIssuers(given: RevokedWorld): Promise<RevokedIssuers> {
  const known = new Map<IssuerId, CrlReason>();
  const all = given.issuers.all();
  const look = async (): Promise<void> => {
    for (const root of all.filter(({ kind }) => kind === 'root')) {
      const issued = all.filter(({ kind, hierarchy }) => kind === 'issuing' && hierarchy === root.hierarchy);
      for (const [id, reason] of await listedOf(given, root, issued)) {
        if (known.has(id)) continue;
        known.set(id, reason);
        given.log.error('issuer.revoked', { issuer: id, root: root.id, reason });
      }
    }
  };
  await look();
  return { known, look };
}

async function listedOf(
  { outlet }: RevokedWorld,
  root: Issuer,
  issued: readonly Issuer[],
): Promise<readonly (readonly [IssuerId, CrlReason])[]> {
  const chunks = await outlet.published(crlFileName(root.id));
  if (!chunks.ok || chunks.value === null) return [];
  const serials = new Map(issued.map((issuer) => [serialOf(issuer), issuer.id]));
  const expectations = {
    issuer: root,
    lifeMsMax: Number.MAX_SAFE_INTEGER,
    shapes: 'any',
    watched: [...serials.keys()],
  } as const;
  const read = await readCrl(chunks.value, expectations);
  if (!read.ok) return [];
  return [...read.value.found].flatMap(([serial, reason]) => {
    const id = serials.get(serial);
    return id === undefined ? [] : [[id, reasonOf(reason) ?? 'unspecified'] as const];
  });
}

function serialOf({ certificate }: Issuer): string {
  const read = readCertificate(certificate);
  // It was read as an issuer's when the service started.
  return read.ok ? read.value.tbs.serial : '';
}
