/**
 * The remedies for a failed PKCS#11 call, from the cheapest to the most expensive:
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

/** One failed PKCS#11 call, and the remedy that was chosen for it. */
export type TokenFault = { readonly operation: string; readonly ckr: string; readonly remedy: RemedyName };
