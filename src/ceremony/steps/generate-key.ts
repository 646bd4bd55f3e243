import { present } from '../../kernel/assert.js';
import type { Bilingual } from '../../kernel/bilingual.js';
import { err, ok } from '../../kernel/result.js';
import { CMP_KEY_LABELS, isCmpKeyLabel } from '../../policy/cmp-keys.js';
import { parseIssuerId, parseResponderLabel } from '../../policy/ids.js';
import type { Policy } from '../../policy/model.js';
import { keyTypeOf, readPublicKey } from '../../x509/keys/public-key.js';
import type { KeyType } from '../../x509/model.js';
import {
  type CeremonyPlan,
  type CheckContext,
  type Fault,
  keyOnToken,
  mustBe,
  type StepOf,
  tokenUse,
} from '../plan/model.js';
import { TRANSCRIPT_KEY_TYPE, transcriptKeyLabel } from '../plan/paths.js';
import { part } from '../plan/schema-parts.js';
import { NOTHING_AFTERWARDS } from '../sitting/afterwards.js';
import type { StepKind } from './kind.js';
import { accessIdFault, additionalKeyFaults, checksOf, tokenKind } from './shared/checks.js';
import { keyAttributesRow, keyFacts, keyRow, recordedKeyFault } from './shared/line-facts.js';

declare module '../plan/model.js' {
  interface StepForms {
    'generate-key': {
      readonly token: string;
      readonly key: string;
      readonly keyType?: KeyType;
    };
  }
}

type GenerateKey = StepOf<'generate-key'>;

/**
 * Generates a key pair on a token. A key that is not yet in the transcript was never used: after an
 * interruption, the key, or the half of it that exists, is destroyed and generated again.
 */
export const generateKey: StepKind<GenerateKey> = {
  do: 'generate-key',
  schema: {
    description:
      'Generates a key pair on the token: private, sensitive, never extractable, for signatures ' +
      "only. Its label is the issuer's id, its type that of the policy unless the plan says " +
      'another.',
    required: {
      token: part('id'),
      key: part('keyLabel'),
    },
    optional: {
      keyType: {
        description:
          "Required where the policy says nothing (the platform's key, the ceremony's, the access " +
          "CA's), forbidden elsewhere.",
        enum: ['rsa-2048', 'rsa-3072', 'rsa-4096', 'p-256', 'p-384'],
      },
    },
  },
  check: (step, context) => [
    ...checksOf(context).token('/token', step.token, ['root', 'ca', 'ocsp', 'platform', 'access']),
    ...keyFaults(step, context),
  ],
  describe: ({ key, token }) => ({
    fr: `génération de la bi-clé ${key} sur le jeton ${token}`,
    en: `generation of key pair ${key} on token ${token}`,
  }),
  artefact: keyOnToken,
  outputs: () => ({ listed: [], newFiles: [], newTokens: [] }),
  needs: () => [],
  afterwards: () => NOTHING_AFTERWARDS,
  newKey: ({ token, key }) => ({ token, key }),
  readsOnly: false,
  signs: 'nothing',
  opensToken: false,
  replacesToken: false,
  introducesKey: true,
  async find(context, step) {
    const publicKey = await (await context.token(step.token)).publicKey(step.key);
    if (publicKey === null) return ok(null);
    const view = readPublicKey(publicKey);
    const keyType = view.ok ? keyTypeOf(view.value) : null;
    const planned = plannedKeyType(context.plan, context.world.policy, step);
    if (keyType !== planned) {
      const detail = {
        fr: `type de clé ${keyType ?? 'inconnu'} au lieu de ${planned}`,
        en: `key type ${keyType ?? 'unknown'} instead of ${planned}`,
      };
      return err({ kind: 'artefact-wrong', artefact: keyOnToken(step), detail });
    }
    return ok(await keyFacts(context, step, { publicKey, keyType }));
  },
  async make({ world, plan, token }, step) {
    const opened = await token(step.token);
    await opened.discardKey(step.key);
    await opened.generateKey(step.key, plannedKeyType(plan, world.policy, step));
    return ok(undefined);
  },
  verify: {
    isReadable: () => true,
    members: ({ token, key }) => ({ token, key }),
    files: () => [],
    inputs: () => [],
    entryFault: (_, entry) => recordedKeyFault(entry),
    fileFault: () => null,
  },
  minutes: (entry) => [keyRow(entry, { fr: 'générée', en: 'generated' }), keyAttributesRow(entry)],
};

const MESSAGES = {
  keyTypeMissing: { fr: 'la politique ne le fixe pas : indiquez-en un', en: 'the policy does not set it: name one' },
  accessKeyType: {
    fr: 'la politique ne le fixe pas : indiquez-en un, plus fort que rsa-2048',
    en: 'the policy does not set it: name one, stronger than rsa-2048',
  },
  keyTypeSaid: { fr: 'la politique le fixe déjà : retirez-le', en: 'the policy sets it: leave it out' },
} as const satisfies Readonly<Record<string, Bilingual>>;

function keyFaults(step: GenerateKey, context: CheckContext): readonly Fault[] {
  const kind = tokenKind(context, step.token);
  if (step.key === transcriptKeyLabel(context.plan))
    return step.keyType === TRANSCRIPT_KEY_TYPE ? [] : [{ pointer: '/keyType', message: mustBe(TRANSCRIPT_KEY_TYPE) }];
  // A plan that was copied from another one may still name the transcript key of that one. No
  // authority has a name of this form.
  if (step.key.startsWith('ceremony-')) return [{ pointer: '/key', message: mustBe(transcriptKeyLabel(context.plan)) }];
  if (kind === 'platform') {
    if (step.keyType === undefined) return [{ pointer: '/keyType', message: MESSAGES.keyTypeMissing }];
    if (step.key === 'platform') return [];
    if (!isCmpKeyLabel(step.key))
      return [{ pointer: '/key', message: mustBe(['platform', ...CMP_KEY_LABELS].join(', ')) }];
    return step.keyType === 'p-256' ? [] : [{ pointer: '/keyType', message: mustBe('p-256') }];
  }
  if (kind === 'access') {
    const isStrong = step.keyType !== undefined && step.keyType !== 'rsa-2048';
    return [
      ...accessIdFault('/key', step.key),
      ...(isStrong ? [] : [{ pointer: '/keyType', message: MESSAGES.accessKeyType }]),
    ];
  }
  const label = kind === 'ocsp' ? parseResponderLabel(step.key) : null;
  const key = label?.ok ? label.value : { issuer: step.key, keyType: null };
  return [
    ...checksOf(context).authority('/key', key.issuer, kind === 'root' ? 'root' : 'issuing'),
    ...additionalKeyFaults('/key', key, context),
    ...(step.keyType === undefined ? [] : [{ pointer: '/keyType', message: MESSAGES.keyTypeSaid }]),
  ];
}

/**
 * Returns the type of the key to generate: that of the plan or, if the plan states none, that of
 * the policy for the authority's own key or, on an OCSP token, for its responder. If a responder
 * has keys of several types, the label of each additional one contains its type.
 */
function plannedKeyType(plan: CeremonyPlan, policy: Policy, step: GenerateKey): KeyType {
  if (step.keyType !== undefined) return step.keyType;
  const label = parseResponderLabel(step.key);
  const parsed = parseIssuerId(label.ok ? label.value.issuer : step.key);
  const authority = parsed.ok ? policy.authorities.get(parsed.value.authority) : undefined;
  const { keyType, ocspSigner } = present(authority, `authority of key ${step.key}`);
  if (tokenUse(plan, step.token).kind !== 'ocsp') return keyType;
  const first = present(ocspSigner, `OCSP responder of ${step.key} in the policy`).keyType;
  return (label.ok ? label.value.keyType : null) ?? first;
}
