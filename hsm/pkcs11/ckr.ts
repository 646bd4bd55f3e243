/**
 * What a return value of a PKCS#11 call asks us to do. The table has every code that C_Sign, C_SignInit, C_FindObjects*, C_OpenSession,
 * C_GetSessionInfo, C_Login, C_Initialize and the calls about slots and tokens may return (PKCS#11 v2.40, 5.4 to 5.11), and the rest of
 * 11 that a module might return in spite of that. What it does not have, vendors' own codes among them, replaces the process.
 */

/**
 * From the cheapest to the dearest:
 *   retry         the session is no good, or the call was unlucky: close the session, open another, do it again
 *   login         the token has forgotten who we are, or what our handles mean: new sessions, C_Login, find the keys again
 *   reinitialise  the module has lost the token, or itself: C_Finalize, C_Initialize, find the token, then as `login`
 *   replace       nobody knows what state the module is in: the process ends and its supervisor starts another
 *   give-up       it would fail in the same way for ever: the request is answered, for an operator to mend (`Problem`)
 */
export type Remedy =
  | { readonly do: 'retry' | 'login' | 'reinitialise' | 'replace' }
  | { readonly do: 'give-up'; readonly problem: Problem };

export const REMEDIES = ['retry', 'login', 'reinitialise', 'replace', 'give-up'] as const;

/** `pin-refused`: the PIN, or who may log in. `key-unfit`: key, mechanism or input do not go together. `token-unusable`: its own set-up. */
export type Problem = 'pin-refused' | 'key-unfit' | 'token-unusable';

const RETRY = { do: 'retry' } as const;
const LOGIN = { do: 'login' } as const;
const REINITIALISE = { do: 'reinitialise' } as const;
const REPLACE = { do: 'replace' } as const;
const PIN_REFUSED = { do: 'give-up', problem: 'pin-refused' } as const;
const KEY_UNFIT = { do: 'give-up', problem: 'key-unfit' } as const;
const TOKEN_UNUSABLE = { do: 'give-up', problem: 'token-unusable' } as const;

export const CKR_REMEDIES = {
  // A session, or one operation in it.
  CKR_SESSION_HANDLE_INVALID: RETRY,
  CKR_SESSION_CLOSED: RETRY,
  CKR_OPERATION_ACTIVE: RETRY,
  CKR_OPERATION_NOT_INITIALIZED: RETRY,
  CKR_OPERATION_CANCEL_FAILED: RETRY,
  CKR_FUNCTION_CANCELED: RETRY,
  CKR_CANCEL: RETRY,
  CKR_SESSION_COUNT: LOGIN,
  CKR_SESSION_EXISTS: LOGIN,
  CKR_SESSION_READ_ONLY: LOGIN,
  CKR_SESSION_READ_ONLY_EXISTS: LOGIN,
  CKR_SESSION_READ_WRITE_SO_EXISTS: LOGIN,
  // The login, or handles that came of an earlier one.
  CKR_USER_NOT_LOGGED_IN: LOGIN,
  CKR_USER_ANOTHER_ALREADY_LOGGED_IN: LOGIN,
  CKR_USER_TOO_MANY_TYPES: LOGIN,
  CKR_KEY_HANDLE_INVALID: LOGIN,
  CKR_OBJECT_HANDLE_INVALID: LOGIN,
  CKR_KEY_CHANGED: LOGIN,
  // The token, or the way to it.
  CKR_CRYPTOKI_NOT_INITIALIZED: REINITIALISE,
  CKR_CRYPTOKI_ALREADY_INITIALIZED: REINITIALISE,
  CKR_DEVICE_REMOVED: REINITIALISE,
  CKR_DEVICE_ERROR: REINITIALISE,
  CKR_DEVICE_MEMORY: REINITIALISE,
  CKR_SLOT_ID_INVALID: REINITIALISE,
  CKR_TOKEN_NOT_PRESENT: REINITIALISE,
  CKR_TOKEN_NOT_RECOGNIZED: REINITIALISE,
  CKR_FUNCTION_FAILED: REINITIALISE,
  CKR_NO_EVENT: REINITIALISE,
  // The module itself.
  CKR_GENERAL_ERROR: REPLACE,
  CKR_HOST_MEMORY: REPLACE,
  CKR_ARGUMENTS_BAD: REPLACE,
  CKR_BUFFER_TOO_SMALL: REPLACE,
  CKR_CANT_LOCK: REPLACE,
  CKR_NEED_TO_CREATE_THREADS: REPLACE,
  CKR_MUTEX_BAD: REPLACE,
  CKR_MUTEX_NOT_LOCKED: REPLACE,
  CKR_FUNCTION_NOT_PARALLEL: REPLACE,
  CKR_SESSION_PARALLEL_NOT_SUPPORTED: REPLACE,
  CKR_LIBRARY_LOAD_FAILED: REPLACE,
  CKR_VENDOR_DEFINED: REPLACE,
  // Who may use the token. None is tried again with the same PIN: that could only lock it.
  CKR_PIN_INCORRECT: PIN_REFUSED,
  CKR_PIN_INVALID: PIN_REFUSED,
  CKR_PIN_LEN_RANGE: PIN_REFUSED,
  CKR_PIN_EXPIRED: PIN_REFUSED,
  CKR_PIN_LOCKED: PIN_REFUSED,
  CKR_PIN_TOO_WEAK: PIN_REFUSED,
  CKR_NEW_PIN_MODE: PIN_REFUSED,
  CKR_NEXT_OTP: PIN_REFUSED,
  CKR_USER_PIN_NOT_INITIALIZED: PIN_REFUSED,
  CKR_USER_TYPE_INVALID: PIN_REFUSED,
  // What is asked of the key.
  CKR_KEY_FUNCTION_NOT_PERMITTED: KEY_UNFIT,
  CKR_KEY_TYPE_INCONSISTENT: KEY_UNFIT,
  CKR_KEY_SIZE_RANGE: KEY_UNFIT,
  CKR_MECHANISM_INVALID: KEY_UNFIT,
  CKR_MECHANISM_PARAM_INVALID: KEY_UNFIT,
  CKR_DATA_INVALID: KEY_UNFIT,
  CKR_DATA_LEN_RANGE: KEY_UNFIT,
  CKR_CURVE_NOT_SUPPORTED: KEY_UNFIT,
  CKR_DOMAIN_PARAMS_INVALID: KEY_UNFIT,
  CKR_PUBLIC_KEY_INVALID: KEY_UNFIT,
  CKR_ATTRIBUTE_TYPE_INVALID: KEY_UNFIT,
  CKR_ATTRIBUTE_VALUE_INVALID: KEY_UNFIT,
  CKR_ATTRIBUTE_SENSITIVE: KEY_UNFIT,
  CKR_FUNCTION_NOT_SUPPORTED: KEY_UNFIT,
  CKR_ACTION_PROHIBITED: KEY_UNFIT,
  CKR_FUNCTION_REJECTED: KEY_UNFIT,
  // How the token is set up.
  CKR_TOKEN_WRITE_PROTECTED: TOKEN_UNUSABLE,
  CKR_FIPS_SELF_TEST_FAILED: TOKEN_UNUSABLE,
  CKR_EXCEEDED_MAX_ITERATIONS: TOKEN_UNUSABLE,
} as const satisfies Readonly<Record<`CKR_${string}`, Remedy>>;

/** Own members only: a name is text that came from below. */
export function remedyOf(ckr: string): Remedy {
  const known: Readonly<Record<string, Remedy>> = CKR_REMEDIES;
  return (Object.hasOwn(known, ckr) ? known[ckr] : undefined) ?? REPLACE;
}
