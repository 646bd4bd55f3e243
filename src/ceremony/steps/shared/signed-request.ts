/** A certification request (PKCS#10, PEM) of a key on a token, signed by it. */
import { err, ok, type Result } from '../../../kernel/result.js';
import { signatureAlgorithmFor } from '../../../x509/keys/algorithms.js';
import { keyTypeOf, readPublicKey } from '../../../x509/keys/public-key.js';
import type { Name } from '../../../x509/model.js';
import { encodePem } from '../../../x509/pem.js';
import { assembleRequest, encodeRequestInfo } from '../../../x509/request/certification-request-writer.js';
import type { StepFailure } from '../../failures.js';
import { keyOnToken } from '../../key-on-token.js';
import type { StepContext } from '../kind.js';
import { publicKeyOn } from './issuers.js';

export async function signedRequest(
  context: StepContext,
  where: { readonly token: string; readonly key: string },
  subject: Name,
): Promise<Result<string, StepFailure>> {
  const key = await publicKeyOn(context, where);
  if (!key.ok) return key;
  const view = readPublicKey(key.value);
  const keyType = view.ok ? keyTypeOf(view.value) : null;
  if (keyType === null) return err({ kind: 'missing', what: keyOnToken(where) });
  const info = encodeRequestInfo({ subject, spki: key.value });
  const signature = await (await context.token(where.token)).sign(where.key, keyType, info);
  return ok(encodePem('CERTIFICATE REQUEST', assembleRequest(info, signatureAlgorithmFor(keyType), signature)));
}
