/** Requests for the certificates of issuing CAs, which come from another machine. */
import { type Bytes, equalBytes } from '../kernel/bytes.js';
import { err, ok, type Result } from '../kernel/result.js';
import { authorityName } from '../policy/authority-name.js';
import type { Policy } from '../policy/model.js';
import { readCertificationRequest } from '../x509/certification-request.js';
import { encodeName } from '../x509/name-writer.js';
import { keyTypeOf, readPublicKey } from '../x509/public-key.js';
import type { StepFailure } from './failures.js';
import { authorityOf } from './issuers.js';
import { same, type Words } from './words.js';

/** SubjectPublicKeyInfo, with its proof of possession, of the policy's type, under the policy's name of this CA. */
export async function readRequest(
  policy: Policy,
  authority: string,
  { path, content }: { readonly path: string; readonly content: Bytes },
): Promise<Result<Bytes, StepFailure>> {
  const wrong = (detail: Words) => err({ kind: 'artefact-wrong' as const, artefact: same(path), detail });
  const request = await readCertificationRequest(new TextDecoder().decode(content));
  if (!request.ok) return wrong({ fr: `demande refusée (${request.error.rule})`, en: request.error.message });
  const { spki, subject } = request.value;
  const { definition, generation } = authorityOf(policy, authority);
  const view = readPublicKey(spki);
  const keyType = view.ok ? keyTypeOf(view.value) : null;
  if (keyType !== definition.keyType)
    return wrong({ fr: `clé ${keyType}, non ${definition.keyType}`, en: `${keyType} key, not ${definition.keyType}` });
  if (!equalBytes(encodeName(subject), encodeName(authorityName(policy, definition, generation))))
    return wrong({ fr: `demande pour un autre nom que celui de ${authority}`, en: `not for the name of ${authority}` });
  return ok(spki);
}
