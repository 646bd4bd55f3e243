/** Finds the authorities that sign in a ceremony; their certificates are in the home folder. */
import { present } from '../../../kernel/assert.js';
import { err, ok, type Result } from '../../../kernel/result.js';
import { type ParsedIssuerId, parseIssuerId } from '../../../policy/ids.js';
import type { Authority, Policy } from '../../../policy/model.js';
import { readIssuer } from '../../../x509/certificate/issuer.js';
import type { Issuer } from '../../../x509/model.js';
import { missingFile, type StepFailure, wrongFile } from '../../failures.js';
import { keyOnToken } from '../../key-on-token.js';
import type { CeremonyFiles, CeremonyWorld } from '../../world.js';
import type { StepContext } from '../kind.js';

/** Returns the authority of an id in a checked plan. Throws if the policy has none. */
export function authorityOf(policy: Policy, id: string): ParsedIssuerId & { readonly definition: Authority } {
  const parsed = parseIssuerId(id);
  const { value } = present(parsed.ok ? parsed : null, `issuer id ${id}`);
  return { ...value, definition: present(policy.authorities.get(value.authority), `authority ${id}`) };
}

/** What is needed to read the certificate of an issuer. */
type IssuersWorld = { readonly world: Pick<CeremonyWorld, 'policy'> & { readonly files: Pick<CeremonyFiles, 'read'> } };

/** Reads the certificate of an issuer from the home folder. */
export async function loadIssuer({ world }: IssuersWorld, name: string): Promise<Result<Issuer, StepFailure>> {
  const path = `authorities/${name}.cer`;
  const certificate = await world.files.read(path);
  if (certificate === null) return missingFile(path);
  const { id, authority, generation, definition } = authorityOf(world.policy, name);
  const { hierarchy, kind } = definition;
  const issuer = readIssuer({ id, authority, generation, hierarchy, kind, certificate });
  if (issuer.ok) return issuer;
  const { rule } = issuer.error;
  const detail = {
    fr: `ce n'est pas un certificat d'AC utilisable (${rule})`,
    en: `not a usable CA certificate (${rule})`,
  };
  return wrongFile(path, detail);
}

/** Reads the public key of `key` on a token, which an earlier step made or read. */
export async function publicKeyOn(
  context: StepContext,
  { token, key }: { readonly token: string; readonly key: string },
): Promise<Result<Uint8Array, StepFailure>> {
  const publicKey = await (await context.token(token)).publicKey(key);
  return publicKey === null ? err({ kind: 'missing', what: keyOnToken({ key, token }) }) : ok(publicKey);
}
