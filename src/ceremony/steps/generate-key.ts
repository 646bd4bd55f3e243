import { present } from '../../kernel/assert.js';
import { toBase64 } from '../../kernel/bytes.js';
import { sha256Hex } from '../../kernel/digest.js';
import { err, ok } from '../../kernel/result.js';
import { parseIssuerId, parseResponderLabel } from '../../policy/ids.js';
import type { Policy } from '../../policy/model.js';
import { keyTypeOf, readPublicKey } from '../../x509/keys/public-key.js';
import type { KeyType } from '../../x509/model.js';
import { keyOnToken } from '../bilingual.js';
import { type CeremonyPlan, type StepOf, tokenUse } from '../plan/model.js';
import type { StepHandler } from './kind.js';

/** A key that the transcript does not know was never used: if only half of the pair was written, it is made again. */
export const generateKey: StepHandler<StepOf<'generate-key'>> = {
  async find({ world, plan, token }, step) {
    const opened = await token(step.token);
    const publicKey = await opened.publicKey(step.key);
    if (publicKey === null) return ok(null);
    const view = readPublicKey(publicKey);
    const keyType = view.ok ? keyTypeOf(view.value) : null;
    const planned = plannedKeyType(plan, world.policy, step);
    if (keyType !== planned) {
      const detail = {
        fr: `${keyType ?? 'un autre type de clé'}, non ${planned}`,
        en: `${keyType ?? 'another kind of key'}, not ${planned}`,
      };
      return err({ kind: 'artefact-wrong', artefact: keyOnToken(step), detail });
    }
    return ok({
      token: step.token,
      ...(await opened.info()),
      key: step.key,
      keyType,
      publicKey: toBase64(publicKey),
      publicKeySha256: sha256Hex(publicKey),
      attributes: await opened.attributes(step.key),
    });
  },
  async make({ world, plan, token }, step) {
    const opened = await token(step.token);
    await opened.discardKey(step.key);
    await opened.generateKey(step.key, plannedKeyType(plan, world.policy, step));
    return ok(undefined);
  },
};

/** The policy's, by the kind of token: the authority's own key, or that of its OCSP responder; one beside it is named for its type. */
function plannedKeyType(plan: CeremonyPlan, policy: Policy, step: StepOf<'generate-key'>): KeyType {
  if (step.keyType !== undefined) return step.keyType;
  const label = parseResponderLabel(step.key);
  const parsed = parseIssuerId(label.ok ? label.value.issuer : step.key);
  const authority = parsed.ok ? policy.authorities.get(parsed.value.authority) : undefined;
  const { keyType, ocspSigner } = present(authority, `authority of key ${step.key}`);
  if (tokenUse(plan, step.token).kind !== 'ocsp') return keyType;
  const first = present(ocspSigner, `OCSP responder of ${step.key} in the policy`).keyType;
  return (label.ok ? label.value.keyType : null) ?? first;
}
