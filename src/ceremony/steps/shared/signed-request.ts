/**
 * Writes and reads certification requests (PKCS#10, PEM) for keys on tokens, which sign their own
 * requests.
 */
import { equalBytes, utf8 } from '../../../kernel/bytes.js';
import { sha256Hex } from '../../../kernel/digest.js';
import { err, ok, type Result } from '../../../kernel/result.js';
import { signatureAlgorithmFor } from '../../../x509/keys/algorithms.js';
import { keyTypeOf, readPublicKey } from '../../../x509/keys/public-key.js';
import type { Name } from '../../../x509/model.js';
import { encodePem } from '../../../x509/pem.js';
import { assembleRequest, encodeRequestInfo } from '../../../x509/request/certification-request-writer.js';
import { type StepFailure, wrongFile } from '../../failures.js';
import { keyOnToken } from '../../key-on-token.js';
import type { Facts } from '../../transcript/transcript.js';
import type { StepContext } from '../kind.js';
import { publicKeyOn } from './issuers.js';
import type { ReadRequest, RequestFile } from './requests.js';

type KeyOfToken = { readonly token: string; readonly key: string };

const ANOTHER_KEY = { fr: 'elle ne porte pas sur la clé du jeton', en: 'not for the key on the token' };

/**
 * Reads the certification request that the step has written, checks that it is for the key on the
 * token, and returns what the transcript records of it; null: the file does not exist.
 */
export async function findRequest(
  context: StepContext,
  { output, of }: { readonly output: string; readonly of: KeyOfToken },
  read: (file: RequestFile) => ReadRequest,
): Promise<Result<Facts | null, StepFailure>> {
  const content = await context.world.files.read(output);
  if (content === null) return ok(null);
  const key = await publicKeyOn(context, of);
  if (!key.ok) return key;
  const request = await read({ path: output, content });
  if (!request.ok) return request;
  if (!equalBytes(request.value.spki, key.value)) return wrongFile(output, ANOTHER_KEY);
  return ok({ artefact: output, sha256: sha256Hex(content), ...of, publicKeySha256: sha256Hex(key.value) });
}

export async function writeRequest(
  context: StepContext,
  { output, of, subject }: { readonly output: string; readonly of: KeyOfToken; readonly subject: Name },
): Promise<Result<void, StepFailure>> {
  const key = await publicKeyOn(context, of);
  if (!key.ok) return key;
  const view = readPublicKey(key.value);
  const keyType = view.ok ? keyTypeOf(view.value) : null;
  if (keyType === null) return err({ kind: 'missing', what: keyOnToken(of) });
  const info = encodeRequestInfo({ subject, spki: key.value });
  const signature = await (await context.token(of.token)).sign(of.key, keyType, info);
  const request = assembleRequest(info, signatureAlgorithmFor(keyType), signature);
  await context.world.files.create(output, utf8(encodePem('CERTIFICATE REQUEST', request)));
  return ok(undefined);
}
