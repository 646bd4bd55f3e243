/** The certification authorities of a home folder, read from their certificates. */
import { readFileSync } from 'node:fs';
import type { Home } from './compose-home.js';
import { authorityFile, generationsAtHome, responderFile } from './compose-signers.js';
import { present } from './kernel/assert.js';
import type { Bytes } from './kernel/bytes.js';
import { err, ok, type Result } from './kernel/result.js';
import { type OcspAuthority, readDelegatedResponder } from './ocsp/responder.js';
import type { Issuers } from './operations/world.js';
import { issuerIdOf } from './policy/ids.js';
import type { IssuerId } from './ports/signer.js';
import { readIssuer } from './x509/issuer.js';
import type { Issuer } from './x509/model.js';

export type HomeIssuers = Issuers & {
  /** Certificate of the delegated OCSP responder, DER. */
  readonly responder: (id: IssuerId) => Bytes;
};

export function readIssuers({ config, policy }: Home): Result<HomeIssuers, string> {
  const known = new Map<IssuerId, Issuer>();
  for (const authority of policy.authorities.values()) {
    for (const generation of generationsAtHome(policy, config.paths, authority.id)) {
      const id = issuerIdOf(authority.id, generation);
      const file = authorityFile(config.paths, id);
      const certificate = new Uint8Array(readFileSync(file));
      const { hierarchy, kind } = authority;
      const issuer = readIssuer({ id, authority: authority.id, generation, hierarchy, kind, certificate });
      if (!issuer.ok) return err(`${file}: ${JSON.stringify(issuer.error)}`);
      known.set(id, issuer.value);
    }
  }
  const current = (authority: string): Issuer | null => {
    const generation = policy.authorities.get(authority)?.currentGeneration;
    return generation === undefined ? null : (known.get(issuerIdOf(authority, generation)) ?? null);
  };
  return ok({
    current,
    byId: (id) => known.get(id) ?? null,
    all: () => [...known.values()],
    chain: (id) => chainOf(known, policy.authorities, id),
    responder: (id) => new Uint8Array(readFileSync(responderFile(config.paths, id))),
  });
}

/** Each issuing CA with its delegated responder; roots are checked by their CRLs alone. */
export function readOcspAuthorities(issuers: HomeIssuers): Result<readonly OcspAuthority[], string> {
  const authorities: OcspAuthority[] = [];
  for (const issuer of issuers.all()) {
    if (issuer.kind === 'root') continue;
    const responder = readDelegatedResponder(issuer, issuers.responder(issuer.id));
    if (!responder.ok) return err(`the OCSP responder of ${issuer.id}: ${responder.error.rule}`);
    authorities.push({ issuer, responder: responder.value });
  }
  return ok(authorities);
}

function chainOf(
  known: ReadonlyMap<IssuerId, Issuer>,
  authorities: Home['policy']['authorities'],
  id: IssuerId,
): readonly Bytes[] {
  const issuer = present(known.get(id), `certification authority ${id}`);
  if (issuer.kind === 'root') return [issuer.certificate];
  const parent = authorities.get(issuer.authority)?.issuer;
  // The root generation that signed it: the one whose subject key is named; roots have one generation so far.
  const root = [...known.values()].find(({ authority, kind }) => kind === 'root' && authority === parent);
  return root === undefined ? [issuer.certificate] : [issuer.certificate, root.certificate];
}
