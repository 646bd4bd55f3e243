/**
 * The platform's own signers, whose certificates have profiles like those of holders. Ceremonies
 * certify them, and the worker renews the certificates of responders. No request from outside can
 * ask for these profiles.
 */
import type { Profile } from './model.js';

const OWN_SIGNERS = ['responder', 'cmp-signer'] as const satisfies readonly Profile['holder'][];
export type OwnSigner = (typeof OWN_SIGNERS)[number];

export function isOwnSigner(holder: Profile['holder']): holder is OwnSigner {
  return (OWN_SIGNERS as readonly Profile['holder'][]).includes(holder);
}
