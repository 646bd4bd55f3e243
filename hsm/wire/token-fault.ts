/**
 * The remedies for a failed PKCS#11 call. Each of the first four does more than the one before, and
 * interrupts more requests; the last one repairs nothing:
 *   retry         the session is unusable, or the call failed once: close the session, open
 *                 another, call again
 *   login         the token has lost our login or our handles: new sessions, C_Login, find the keys
 *   reinitialise  the module has lost the token or its own state: C_Finalize, C_Initialize, find
 *                 the token, then as `login`
 *   replace       the state of the module is unknown: the process ends, and its supervisor starts
 *                 another
 *   give-up       the call would always fail in the same way: the request is answered, and an
 *                 operator must act
 */
export const REMEDIES = ['retry', 'login', 'reinitialise', 'replace', 'give-up'] as const;
export type RemedyName = (typeof REMEDIES)[number];

/**
 * One failure of a signer, and the remedy that was chosen for it. `operation` is the PKCS#11 call
 * that has failed and `ckr` its return value; or `operation` is `start`, `request`, `journal` or
 * `process`, and `ckr` says what happened.
 */
export type TokenFault = { readonly operation: string; readonly ckr: string; readonly remedy: RemedyName };
