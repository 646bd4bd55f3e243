/** Which issuing CAs their roots have revoked, by the lists of the roots that stand in the published folder. */
import { readCrl } from './crl/read.js';
import type { World } from './operations/world.js';
import { crlFileName } from './policy/addresses.js';
import type { Outlet } from './ports/outlet.js';
import type { IssuerId } from './ports/signer.js';
import { readCertificate } from './x509/certificate-reader.js';
import { type CrlReason, reasonOf } from './x509/extensions/reason-code.js';
import type { Issuer } from './x509/model.js';

type RevokedWorld = Pick<World, 'issuers' | 'log'> & { readonly outlet: Outlet };

/** A list that cannot be read says nothing here: `importCrls`, which reads it first, has said so. */
export async function readRevokedIssuers(given: RevokedWorld): Promise<ReadonlyMap<IssuerId, CrlReason>> {
  const revoked = new Map<IssuerId, CrlReason>();
  const all = given.issuers.all();
  for (const root of all.filter(({ kind }) => kind === 'root')) {
    const issued = all.filter(({ kind, hierarchy }) => kind === 'issuing' && hierarchy === root.hierarchy);
    for (const [id, reason] of await listedOf(given, root, issued)) {
      revoked.set(id, reason);
      given.log.error('issuer.revoked', { issuer: id, root: root.id, reason });
    }
  }
  return revoked;
}

async function listedOf(
  { outlet }: RevokedWorld,
  root: Issuer,
  issued: readonly Issuer[],
): Promise<readonly (readonly [IssuerId, CrlReason])[]> {
  const chunks = await outlet.published(crlFileName(root.id));
  if (!chunks.ok || chunks.value === null) return [];
  const serials = new Map(issued.map((issuer) => [serialOf(issuer), issuer.id]));
  const heldTo = {
    issuer: root,
    lifeMsMax: Number.MAX_SAFE_INTEGER,
    shapes: 'any',
    watched: [...serials.keys()],
  } as const;
  const read = await readCrl(chunks.value, heldTo);
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
