import { equalBytes, toBase64 } from '../../kernel/bytes.js';
import { sha256Hex } from '../../kernel/digest.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { issuerIdOf } from '../../policy/ids.js';
import { readCertificate } from '../../x509/certificate/certificate-reader.js';
import { keyOnToken, same } from '../bilingual.js';
import type { StepFailure } from '../failures.js';
import type { LaterStepOf } from '../plan/later-steps.js';
import { tokenUse } from '../plan/model.js';
import type { StepContext, StepHandler } from './kind.js';
import { readResponderKey } from './read-responder-key.js';
import { accessAtHome } from './shared/access-authority.js';
import { isSignedBy } from './shared/certify.js';
import { authorityOf, issuerAtHome } from './shared/issuers.js';

type ReadKey = LaterStepOf<'read-key'>;

const ANOTHER_KEY = { fr: "ce n'est pas la clé de son certificat", en: 'not the key of its certificate' };

/** Nothing is made: the transcript shall know with which key, on which token, the later steps sign. */
export const readKey: StepHandler<ReadKey> = {
  async find(context, step) {
    if (isResponders(context, step)) return readResponderKey.find(context, step);
    const token = await context.token(step.token);
    const publicKey = await token.publicKey(step.key);
    if (publicKey === null) return ok(null);
    const isAccess = tokenUse(context.plan, step.token).kind === 'access';
    const issuer = await (isAccess ? accessAtHome : issuerAtHome)(context, step.key);
    if (!issuer.ok) return issuer;
    const { certificate, spki, keyType } = issuer.value;
    if (!equalBytes(spki, publicKey))
      return err({ kind: 'artefact-wrong', artefact: keyOnToken(step), detail: ANOTHER_KEY });
    const fault = isAccess ? ok(undefined) : await faultOf(context, step);
    if (!fault.ok) return fault;
    return ok({
      ...{ artefact: `authorities/${step.key}.cer`, sha256: sha256Hex(certificate) },
      ...{ token: step.token, ...(await token.info()), key: step.key, keyType },
      publicKey: toBase64(publicKey),
      publicKeySha256: sha256Hex(publicKey),
      attributes: await token.attributes(step.key),
    });
  },
  async make(context, step) {
    if (isResponders(context, step)) return readResponderKey.make(context, step);
    return err({ kind: 'missing', what: keyOnToken(step) });
  },
};

function isResponders({ plan }: StepContext, { token }: ReadKey): boolean {
  return tokenUse(plan, token).kind === 'ocsp';
}

/** Of an issuing CA its root's signature. Not the lint: policies change in the life of an authority, its certificate does not. */
async function faultOf(context: StepContext, { key, issuer: signer }: ReadKey): Promise<Result<void, StepFailure>> {
  const { policy, files } = context.world;
  const { kind, issuer } = authorityOf(policy, key).definition;
  if (kind === 'root') return ok(undefined);
  const root = await issuerAtHome(context, signer ?? issuerIdOf(issuer, 1));
  if (!root.ok) return root;
  const path = `authorities/${key}.cer`;
  const read = readCertificate((await files.read(path)) ?? new Uint8Array(0));
  if (read.ok && isSignedBy(read.value, root.value.spki)) return ok(undefined);
  const detail = { fr: `pas signé avec la clé de ${root.value.id}`, en: `not signed with the key of ${root.value.id}` };
  return err({ kind: 'artefact-wrong', artefact: same(path), detail });
}
