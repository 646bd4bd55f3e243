/** The forms that register a holder: one for each kind, because each has fields of its own. */
import { sha256Hex } from '../../../kernel/digest.js';
import { ok } from '../../../kernel/result.js';
import { register } from '../../../operations/enrolment/register.js';
import { holderIdOf } from '../../../policy/plan/plan.js';
import type { PageAction } from '../../page.js';
import { filled } from '../../words/filled.js';
import type { RegistrationsData } from './data.js';
import { REGISTER_WORDS as WORDS } from './form-words.js';
import { endIn, fieldsFor, type HolderKind, orderIn, profilesFor, profilesIn } from './holder-fields.js';
import { SecretOnce } from './secret.js';
import { REGISTRATION_WORDS } from './words.js';

const KINDS = ['professional', 'staff', 'organisation', 'server'] as const satisfies readonly HolderKind[];

/**
 * The id of the action is a segment of the path. It cannot be the id of a registration, which is a
 * UUID.
 */
function registerAction(kind: HolderKind): PageAction<RegistrationsData> {
  return {
    id: kind,
    label: WORDS[kind],
    action: 'register',
    isOffered: ({ choices }) => profilesFor(choices, kind).length > 0,
    version: () => 'new',
    fields: ({ choices }) => fieldsFor(choices, kind),
    review: ({ choices }, input) => {
      const holder = holderIdOf(orderIn(choices, kind, input).holder);
      const profiles = profilesIn(choices, kind, input).join(', ');
      return {
        summary: filled(WORDS.willRegister, { holder, profiles }),
        consequences: [WORDS.nothingYet, REGISTRATION_WORDS.shownOnce],
        isReversible: true,
      };
    },
    // The token names this copy of the form, so that sending it again answers with the same secret.
    perform: async ({ world }, { account }, { data: { choices }, input, token }) => {
      const claim = { account: account.id, route: `console/registrations/${kind}`, key: sha256Hex(Buffer.from(token)) };
      const registered = await register(world, {
        account,
        profiles: profilesIn(choices, kind, input),
        order: orderIn(choices, kind, input),
        expiresAt: endIn(input),
        idempotency: { claim, bodySha256: sha256Hex(Buffer.from(JSON.stringify(input))) },
      });
      return registered.ok ? ok({ shown: <SecretOnce {...registered.value} /> }) : registered;
    },
  };
}

export const REGISTER_ACTIONS: readonly PageAction<RegistrationsData>[] = KINDS.map(registerAction);
