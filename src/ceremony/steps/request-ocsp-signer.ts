import { equalBytes, utf8 } from '../../kernel/bytes.js';
import { sha256Hex } from '../../kernel/digest.js';
import { err, ok } from '../../kernel/result.js';
import { responderName } from '../../policy/plan/plan.js';
import { same } from '../bilingual.js';
import type { AddedStepOf } from '../plan/added-steps.js';
import type { StepHandler } from './kind.js';
import { authorityOf, publicKeyOn } from './shared/issuers.js';
import { readResponderRequest } from './shared/requests.js';
import { signedRequest } from './shared/signed-request.js';

type RequestOcspSigner = AddedStepOf<'request-ocsp-signer'>;

const ANOTHER_KEY = { fr: "elle n'est pas pour la clé du jeton", en: 'not for the key on the token' };

const placeOf = ({ token, issuer, subjectKey }: RequestOcspSigner) => ({ token, key: subjectKey ?? issuer });

/** A responder's key on its token, and the proof that it is there, for a CA whose token is elsewhere. */
export const requestOcspSigner: StepHandler<RequestOcspSigner> = {
  async find(context, step) {
    const { policy, files, clock } = context.world;
    const content = await files.read(step.output);
    if (content === null) return ok(null);
    const key = await publicKeyOn(context, placeOf(step));
    if (!key.ok) return key;
    const request = await readResponderRequest(policy, step.issuer, { path: step.output, content, now: clock() });
    if (!request.ok) return request;
    if (!equalBytes(request.value.spki, key.value))
      return err({ kind: 'artefact-wrong', artefact: same(step.output), detail: ANOTHER_KEY });
    return ok({
      ...{ artefact: step.output, sha256: sha256Hex(content) },
      ...{ ...placeOf(step), publicKeySha256: sha256Hex(key.value) },
    });
  },
  async make(context, step) {
    const { policy, files } = context.world;
    const subject = responderName(policy, authorityOf(policy, step.issuer));
    const request = await signedRequest(context, placeOf(step), subject);
    if (!request.ok) return request;
    await files.create(step.output, utf8(request.value));
    return ok(undefined);
  },
};
