/**
 * The protocol of the unlock socket of one token, between the officer's command and the signer's
 * process:
 *
 *   signer  -> command   a greeting, one line of JSON
 *   command -> signer    u8 length | PIN, 1 to 255 bytes
 *   signer  -> command   the outcome, one line of JSON; then the end of the stream
 */

export const PIN_BYTES_MAX = 255;

/**
 * How many tries of the user's PIN are left, from the flags in CK_TOKEN_INFO (PKCS#11 v2.40, 3.2).
 * `few`: a wrong PIN was entered since the last successful login. null: no flag is set, because no
 * wrong PIN was entered since then, or because the token does not report it.
 */
export type PinTriesLeft = 'few' | 'one' | 'none' | null;

export type UnlockGreeting = {
  readonly token: string;
  readonly tries: PinTriesLeft;
};

export type UnlockOutcome =
  /** The PIN was accepted: the signer is logged in, has tested each key, and signs. */
  | { readonly outcome: 'unlocked' }
  /**
   * The PIN was not accepted, and the signer waits for another one. `sent`: the token has refused
   * the PIN, and has counted this try; false: the PIN was not sent, because the token has refused
   * it before or has locked its PIN.
   */
  | { readonly outcome: 'refused'; readonly detail: string; readonly sent: boolean; readonly tries: PinTriesLeft }
  /** The PIN was not the cause: the signer ends, and reports the same detail to its supervisor. */
  | { readonly outcome: 'failed'; readonly detail: string }
  | { readonly outcome: 'malformed'; readonly detail: string }
  | { readonly outcome: 'too-soon'; readonly retryAfterMs: number }
  /** Another client is connected, for example because its PIN is being tried. */
  | { readonly outcome: 'busy' };

/**
 * Says why these bytes cannot be a PIN that a person typed on purpose; null: they can. Both the
 * command and the signer check this, so that the token does not count a failed try.
 */
export function pinFault(pin: Uint8Array): string | null {
  if (pin.length === 0) return 'a PIN has at least one character';
  if (pin.length > PIN_BYTES_MAX) return `a PIN has at most ${PIN_BYTES_MAX} bytes`;
  // Arrow keys and similar keys insert control characters (ECMA-48, 5.4), which cannot be seen
  // while typing without echo.
  if (pin.some((byte) => byte < 0x20 || byte === 0x7f)) return 'it contains a control character';
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(pin);
    return null;
  } catch {
    return 'it is not UTF-8';
  }
}
