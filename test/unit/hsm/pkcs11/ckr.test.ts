import assert from 'node:assert/strict';
import pkcs11js from 'pkcs11js';
import { CKR_REMEDIES, remedyOf } from '../../../../hsm/pkcs11/ckr.js';

/**
 * PKCS#11 v2.40, 5.1.1 to 5.1.5 (any function, sessions, tokens), and the functions that a signer
 * calls.
 */
const MAY_RETURN: readonly string[] = [
  'GENERAL_ERROR',
  'HOST_MEMORY',
  'FUNCTION_FAILED',
  'ARGUMENTS_BAD',
  'CRYPTOKI_NOT_INITIALIZED',
  'SESSION_HANDLE_INVALID',
  'DEVICE_REMOVED',
  'SESSION_CLOSED',
  'DEVICE_MEMORY',
  'DEVICE_ERROR',
  'TOKEN_NOT_PRESENT',
  'TOKEN_NOT_RECOGNIZED',
  'TOKEN_WRITE_PROTECTED',
  'SLOT_ID_INVALID',
  'SESSION_COUNT',
  'SESSION_PARALLEL_NOT_SUPPORTED',
  'SESSION_READ_WRITE_SO_EXISTS',
  'SESSION_READ_ONLY_EXISTS',

  'OPERATION_ACTIVE',
  'OPERATION_NOT_INITIALIZED',
  'FUNCTION_CANCELED',
  'PIN_INCORRECT',
  'PIN_LOCKED',
  'PIN_EXPIRED',
  'PIN_INVALID',
  'PIN_LEN_RANGE',
  'USER_ALREADY_LOGGED_IN',
  'USER_ANOTHER_ALREADY_LOGGED_IN',
  'USER_NOT_LOGGED_IN',
  'USER_PIN_NOT_INITIALIZED',
  'USER_TOO_MANY_TYPES',
  'USER_TYPE_INVALID',
  'KEY_FUNCTION_NOT_PERMITTED',
  'KEY_HANDLE_INVALID',
  'KEY_SIZE_RANGE',
  'KEY_TYPE_INCONSISTENT',
  'MECHANISM_INVALID',
  'MECHANISM_PARAM_INVALID',
  'BUFFER_TOO_SMALL',
  'DATA_INVALID',
  'DATA_LEN_RANGE',
  'FUNCTION_REJECTED',
  'ATTRIBUTE_TYPE_INVALID',
  'ATTRIBUTE_VALUE_INVALID',
  'ATTRIBUTE_SENSITIVE',
  'OBJECT_HANDLE_INVALID',
  'CANT_LOCK',
  'NEED_TO_CREATE_THREADS',
  'CRYPTOKI_ALREADY_INITIALIZED',
  'MUTEX_BAD',
  'MUTEX_NOT_LOCKED',
  'VENDOR_DEFINED',
].map((name) => `CKR_${name}`);

describe('the table of PKCS#11 return values', () => {
  it('has every code that the calls of a signer may return', () => {
    // Met where a login is asked for that there is already: that is no failure (signing-token.ts).
    const missing = MAY_RETURN.filter(
      (ckr) => ckr !== 'CKR_USER_ALREADY_LOGGED_IN' && !Object.hasOwn(CKR_REMEDIES, ckr),
    );
    assert.deepEqual(missing, []);
  });

  it('has no name that PKCS#11 does not have', () => {
    // pkcs11js has no names for codes of later versions, nor for those of vendors.
    const younger = [
      'CKR_VENDOR_DEFINED',
      'CKR_OPERATION_CANCEL_FAILED',
      'CKR_ACTION_PROHIBITED',
      'CKR_CURVE_NOT_SUPPORTED',
    ];
    const unknown = Object.keys(CKR_REMEDIES).filter((ckr) => !(ckr in pkcs11js) && !younger.includes(ckr));
    assert.deepEqual(unknown, []);
  });

  it('replaces the process for an unknown code of any name', () => {
    for (const ckr of ['CKR_NEW_IN_4_0', '', 'constructor', '__proto__', 'toString'])
      assert.deepEqual(remedyOf(ckr), { do: 'replace' });
  });

  it('never tries a refused PIN again', () => {
    for (const ckr of Object.keys(pkcs11js).filter((name) => /^CKR_(USER_)?PIN_/.test(name)))
      assert.deepEqual(remedyOf(ckr), { do: 'give-up', problem: 'pin-refused' }, ckr);
  });
});
