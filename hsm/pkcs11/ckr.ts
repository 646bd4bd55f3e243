/**
 * The remedy for each return value of a PKCS#11 call. The table has every code that C_Sign,
 * C_SignInit, C_FindObjects*, C_OpenSession, C_GetSessionInfo, C_Login, C_Initialize and the calls
 * about slots and tokens may return (PKCS#11 v2.40, 5.4 to 5.11), and other codes of PKCS#11 v2.40
 * that a module might return nevertheless. After any other code, for example one of a vendor, the
 * process is replaced.
 */
import type { RemedyName } from '../wire/token-fault.js';

type Remedy = { readonly do: Exclude<RemedyName, 'give-up'> } | { readonly do: 'give-up'; readonly problem: Problem };

/**
 * The kind of problem that an operator must solve. `pin-refused`: the PIN, or the rights to log in.
 * `key-unfit`: key, mechanism and input do not fit together. `token-unusable`: the set-up of the
 * token.
 */
type Problem = 'pin-refused' | 'key-unfit' | 'token-unusable';

const RETRY = { do: 'retry' } as const;
const LOGIN = { do: 'login' } as const;
const REINITIALISE = { do: 'reinitialise' } as const;
const REPLACE = { do: 'replace' } as const;
const PIN_REFUSED = { do: 'give-up', problem: 'pin-refused' } as const;
const KEY_UNFIT = { do: 'give-up', problem: 'key-unfit' } as const;
const TOKEN_UNUSABLE = { do: 'give-up', problem: 'token-unusable' } as const;

export const CKR_REMEDIES = {
  // Codes about a session, or one operation in it.
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
  // Codes about the login, or about handles from an earlier login.
  CKR_USER_NOT_LOGGED_IN: LOGIN,
  CKR_USER_ANOTHER_ALREADY_LOGGED_IN: LOGIN,
  CKR_USER_TOO_MANY_TYPES: LOGIN,
  CKR_KEY_HANDLE_INVALID: LOGIN,
  CKR_OBJECT_HANDLE_INVALID: LOGIN,
  CKR_KEY_CHANGED: LOGIN,
  // Codes about the token, or the connection to it.
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
  // Codes about the module itself.
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
  // Codes about the PIN. The same PIN is not tried again, because that could lock the token.
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
  // Codes about the use of the key.
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
  // These codes say that the token cannot be used until an operator repairs it or changes its
  // set-up.
  CKR_TOKEN_WRITE_PROTECTED: TOKEN_UNUSABLE,
  CKR_FIPS_SELF_TEST_FAILED: TOKEN_UNUSABLE,
  CKR_EXCEEDED_MAX_ITERATIONS: TOKEN_UNUSABLE,
} as const satisfies Readonly<Record<`CKR_${string}`, Remedy>>;

/**
 * Returns the remedy for a return value. Only own properties of the table are read, because the
 * name is text from the module and could be `constructor`.
 */
export function remedyOf(ckr: string): Remedy {
  const known: Readonly<Record<string, Remedy>> = CKR_REMEDIES;
  return (Object.hasOwn(known, ckr) ? known[ckr] : undefined) ?? REPLACE;
}
