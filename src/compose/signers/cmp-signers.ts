/** Reads the certificates of CMP signers in a home folder, and makes the signers of CMP answers. */
import { readCmpSignerCertificate } from '../../cmp/signer-certificate.js';
import { readRegularFile } from '../../config/regular-file.js';
import type { Bytes } from '../../kernel/bytes.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { type CmpSigner, type CmpSigners, createCmpSigner } from '../../operations/cmp/cmp-signers.js';
import type { SignerFile } from '../../operations/status/register-certificates.js';
import { cmpKeyLabel } from '../../policy/cmp-keys.js';
import { cmpProfileOf } from '../../policy/plan/plan.js';
import type { Signer } from '../../ports/signer.js';
import type { Log } from '../../ports/world.js';
import type { Issuer } from '../../x509/model.js';
import type { Home } from '../home.js';
import type { HomeIssuers } from '../issuers.js';
import { cmpSignerFiles } from './plan.js';

type SignersWorld = {
  readonly home: Home;
  readonly issuers: HomeIssuers;
  readonly signer: Pick<Signer, 'platform'>;
  readonly log: Log;
};

/**
 * Returns the certificates of CMP signers that are in the home folder, for each CA for which the
 * policy has a profile of a CMP signer.
 */
export function cmpSignerFilesOf({ home, issuers }: Pick<SignersWorld, 'home' | 'issuers'>): readonly SignerFile[] {
  return issuers
    .all()
    .filter(({ authority }) => cmpProfileOf(home.policy, authority) !== null)
    .flatMap((issuer) =>
      cmpSignerFiles(home.config.paths, issuer.id).map((file) => {
        return { kind: 'cmp-signer', issuer, file, certificate: new Uint8Array(readRegularFile(file)) };
      }),
    );
}

/**
 * Reads the CMP signer of each authority. If the current generation of the authority has issued
 * several certificates for it, the one that ends last is used. The error names the file that cannot
 * be used.
 */
export function readCmpSigners(world: SignersWorld): Result<CmpSigners, string> {
  const { issuers } = world;
  const signers = new Map<string, CmpSigner>();
  for (const { issuer, file, certificate } of cmpSignerFilesOf(world)) {
    const read = readCmpSignerCertificate(issuer, certificate);
    if (!read.ok) return err(`${file}: ${read.error.rule}`);
    const { id, authority, hierarchy } = issuer;
    const known = signers.get(authority);
    const isCurrent = issuers.current(authority)?.id === id;
    if (!isCurrent || (known !== undefined && known.notAfter >= read.value.notAfter)) continue;
    const facts = { authority, key: cmpKeyLabel(hierarchy), signed: read.value, chain: chainOf(issuer, issuers) };
    signers.set(authority, createCmpSigner(world, facts));
  }
  return ok({ of: (authority) => signers.get(authority) ?? null });
}

function chainOf({ id }: Issuer, issuers: HomeIssuers): readonly Bytes[] {
  const roots = new Set(issuers.all().flatMap(({ kind, certificate }) => (kind === 'root' ? [certificate] : [])));
  return issuers.chain(id).filter((certificate) => !roots.has(certificate));
}
