/**
 * What goes over the unlock socket of one token, between the officer's command and the signer's process:
 *
 *   signer  -> command   a greeting, one line of JSON
 *   command -> signer    u8 length | PIN, of 1 to 255 octets
 *   signer  -> command   the outcome, one line of JSON; the end
 */
import type { PinTries } from '../pkcs11/token.js';

export const PIN_BYTES_MAX = 255;

export type UnlockGreeting = {
  readonly token: string;
  /** What the token says of the tries it has left; null: nothing. */
  readonly tries: PinTries;
};

export type UnlockOutcome =
  /** Logged in, each key tried: it signs. */
  | { readonly outcome: 'unlocked' }
  /** The PIN is not good; the signer goes on waiting. `sent`: the token was asked, and counted it. */
  | { readonly outcome: 'refused'; readonly detail: string; readonly sent: boolean; readonly tries: PinTries }
  /** The PIN was not the reason: the signer ends and says the same to its supervisor. */
  | { readonly outcome: 'failed'; readonly detail: string }
  | { readonly outcome: 'malformed'; readonly detail: string }
  | { readonly outcome: 'too-soon'; readonly retryAfterMs: number }
  /** Another officer is at it. */
  | { readonly outcome: 'busy' };

/** Why these octets are no PIN that anyone means to type; null where they may be one. Said on both sides, before the token counts a try. */
export function pinFault(octets: Uint8Array): string | null {
  if (octets.length === 0) return 'a PIN has at least one character';
  if (octets.length > PIN_BYTES_MAX) return `a PIN has at most ${PIN_BYTES_MAX} octets`;
  // What arrow keys and the like leave behind (ECMA-48, 5.4), which nobody sees who types without echo.
  if (octets.some((octet) => octet < 0x20 || octet === 0x7f)) return 'a control character is in it';
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(octets);
    return null;
  } catch {
    return 'it is not UTF-8';
  }
}
