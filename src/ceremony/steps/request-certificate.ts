import { equalBytes, utf8 } from '../../kernel/bytes.js';
import { err, ok } from '../../kernel/result.js';
import { authorityName } from '../../policy/authority-name.js';
import { signatureAlgorithmFor } from '../../x509/algorithms.js';
import { assembleRequest, encodeRequestInfo } from '../../x509/certification-request-writer.js';
import { encodePem } from '../../x509/pem.js';
import { keyTypeOf, readPublicKey } from '../../x509/public-key.js';
import { authorityOf, publicKeyOn } from '../issuers.js';
import type { LaterStepOf } from '../later-steps.js';
import { sha256Hex } from '../plan.js';
import { readRequest } from '../requests.js';
import type { StepHandler } from '../step.js';
import { keyOnToken, same } from '../words.js';

const ANOTHER_KEY = { fr: "elle n'est pas pour la clé du jeton", en: 'not for the key on the token' };

/** The online half of an issuing CA: its public key and the proof that it is on the token, for a root that is elsewhere. */
export const requestCertificate: StepHandler<LaterStepOf<'request-certificate'>> = {
  async find(context, step) {
    const content = await context.world.files.read(step.output);
    if (content === null) return ok(null);
    const key = await publicKeyOn(context, { token: step.token, key: step.authority });
    if (!key.ok) return key;
    const request = await readRequest(context.world.policy, step.authority, { path: step.output, content });
    if (!request.ok) return request;
    if (!equalBytes(request.value, key.value))
      return err({ kind: 'artefact-wrong', artefact: same(step.output), detail: ANOTHER_KEY });
    const { authority, token } = step;
    const publicKeySha256 = sha256Hex(key.value);
    return ok({ artefact: step.output, sha256: sha256Hex(content), key: authority, token, publicKeySha256 });
  },
  async make(context, step) {
    const { world } = context;
    const where = { token: step.token, key: step.authority };
    const key = await publicKeyOn(context, where);
    if (!key.ok) return key;
    const view = readPublicKey(key.value);
    const keyType = view.ok ? keyTypeOf(view.value) : null;
    if (keyType === null) return err({ kind: 'missing', what: keyOnToken(where) });
    const { definition, generation } = authorityOf(world.policy, step.authority);
    const subject = authorityName(world.policy, definition, generation);
    const info = encodeRequestInfo({ subject, spki: key.value });
    const signature = await (await context.token(step.token)).sign(step.authority, keyType, info);
    const request = assembleRequest(info, signatureAlgorithmFor(keyType), signature);
    await world.files.create(step.output, utf8(encodePem('CERTIFICATE REQUEST', request)));
    return ok(undefined);
  },
};
