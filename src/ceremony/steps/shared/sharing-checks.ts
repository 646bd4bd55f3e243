/**
 * Checks the people of a plan who share a PIN: there are as many people as shares, and nobody has
 * shares of both PINs of a token.
 */
import type { Bilingual } from '../../../kernel/bilingual.js';
import type { CheckContext, Fault, Sharing } from '../../plan/model.js';
import { plainName } from '../../plan/presence.js';
import { absenceFaults, holderFaults, thresholdFaults } from '../../plan/quorum.js';

const MESSAGES = {
  notShared: { fr: "le code PIN de ce jeton n'est pas partagé", en: 'the PIN of this token is not shared' },
  twoShares: {
    fr: 'détient aussi une part du code PIN : une même personne ne peut pas détenir deux parts',
    en: 'holds a share of the PIN as well: one person cannot hold two shares',
  },
  usedBefore: {
    fr: 'une étape précédente ouvre déjà ce jeton : cette étape doit venir avant elle',
    en: 'an earlier step opens this token already: this step must come before it',
  },
} as const satisfies Readonly<Record<string, Bilingual>>;

/** Checks the new shares of a step that re-shares a PIN. The PIN must be shared already. */
export function resharingFaults(
  { token, quorum }: { readonly token: string; readonly quorum: Sharing },
  { plan }: CheckContext,
): readonly Fault[] {
  const pinKind = plan.tokens.find(({ name }) => name === token)?.pin.kind;
  return [
    ...(pinKind === 'quorum' ? [] : [{ pointer: '/token', message: MESSAGES.notShared }]),
    ...thresholdFaults(quorum, '/quorum'),
    ...holderFaults(quorum, '/quorum'),
    ...absenceFaults(plan, quorum, '/quorum'),
  ];
}

/** Checks the sharing of the security officer's PIN. `other` is that of the token's own PIN. */
export function sharingFaults(sharing: Sharing, other: Sharing, pointer: string): readonly Fault[] {
  return [
    ...thresholdFaults(sharing, pointer),
    ...holderFaults(sharing, pointer),
    ...twoShareFaults(sharing, other, pointer),
  ];
}

/** Checks that no person and no certificate of `sharing` is in `other` too. */
export function twoShareFaults(sharing: Sharing, other: Sharing, pointer: string): readonly Fault[] {
  const names = other.holders.map(({ name }) => plainName(name));
  const certificates = other.holders.flatMap(({ encryption }) =>
    encryption === 'passphrase' ? [] : [encryption.sha256],
  );
  return sharing.holders.flatMap(({ name, encryption }, at) => {
    const isBoth =
      names.includes(plainName(name)) || (encryption !== 'passphrase' && certificates.includes(encryption.sha256));
    return isBoth ? [{ pointer: `${pointer}/holders/${at}`, message: MESSAGES.twoShares }] : [];
  });
}

/**
 * Checks that no earlier step uses the token: the security officer's PIN can be used only while the
 * token is not open.
 */
export function usedBeforeFaults({ token }: { readonly token: string }, { before }: CheckContext): readonly Fault[] {
  const isUsed = before.some((other) => 'token' in other && other.token === token);
  return isUsed ? [{ pointer: '/token', message: MESSAGES.usedBefore }] : [];
}
