/**
 * The PKCS#11 module of this process. There is at most one, because `dlopen` and SoftHSM's
 * `SOFTHSM2_CONF` apply to the whole process. Our loader opens it in a symbol namespace of its own
 * (hsm/loader/loader.c explains why).
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Module, type Module as NativeModule, type Slot, TokenFlag } from 'graphene-pk11';
import pkcs11js from 'pkcs11js';
import { errorMessage } from '../../src/kernel/errors.js';
import { packageRoot } from '../../src/package/package-root.js';
import { softhsmConfigurationFile } from '../configuration.js';
import { attempt, TokenError } from './failures.js';
import { createSigningThreads, type SigningThreads } from './signing/signing-threads.js';

export type Pkcs11 = {
  readonly module: NativeModule;
  /**
   * pkcs11js without graphene, for what graphene does not do safely (`session-pool.ts`) or
   * correctly (`initToken`).
   */
  readonly library: pkcs11js.PKCS11;
  readonly threads: SigningThreads;
};

let loaded: { readonly path: string; readonly pkcs11: Pkcs11 } | null = null;

/** Loads the module at `modulePath`. A process loads one module only. Throws `TokenError`. */
export function loadModule(modulePath: string): Pkcs11 {
  if (loaded?.path === modulePath) return loaded.pkcs11;
  const refuse = (detail: string) => new TokenError({ kind: 'module-not-loadable', path: modulePath, detail });
  if (loaded) throw refuse(`this process has loaded ${loaded.path}`);
  if (!existsSync(modulePath)) throw refuse('no such file');
  const loader = join(packageRoot(), 'hsm/loader/build/Release/pfcng_p11_loader.node');
  if (!existsSync(loader)) throw refuse(`the loader ${loader} is not built: run npm rebuild in ${packageRoot()}`);
  process.env.PFCNG_PKCS11_MODULE = modulePath;
  const library = new pkcs11js.PKCS11();
  try {
    library.load(loader);
  } catch (thrown) {
    throw refuse(errorMessage(thrown));
  }
  loaded = {
    path: modulePath,
    pkcs11: { module: new Module(library), library, threads: createSigningThreads(loader) },
  };
  return loaded.pkcs11;
}

/**
 * Calls `C_Initialize` for the tokens of one SoftHSM directory. CKF_OS_LOCKING_OK is required,
 * because signatures run on several threads: without it concurrent calls crash the process (PKCS#11
 * v2.40, 5.4).
 */
export function initialiseModule(pkcs11: Pkcs11, softhsmDirectory: string): void {
  process.env.SOFTHSM2_CONF = softhsmConfigurationFile(softhsmDirectory);
  attempt('C_Initialize', () => pkcs11.module.initialize({ flags: pkcs11js.CKF_OS_LOCKING_OK }));
}

export function finaliseModule(pkcs11: Pkcs11): void {
  attempt('C_Finalize', () => pkcs11.module.finalize());
}

/** Returns all slots that have a token, initialised or not. */
export function slotsOf(pkcs11: Pkcs11): readonly Slot[] {
  const collection = attempt('C_GetSlotList', () => pkcs11.module.getSlots(true));
  return Array.from({ length: collection.length }, (_, index) => collection.items(index));
}

/** Returns the labels of the initialised tokens, with their slots. */
export function tokensOf(pkcs11: Pkcs11): readonly { readonly label: string; readonly slot: Slot }[] {
  return slotsOf(pkcs11)
    .filter((slot) => isInitialised(slot))
    .map((slot) => ({ label: slot.getToken().label, slot }));
}

/**
 * Returns the slot of the token with this label. Throws `TokenError` when there is not exactly one
 * such token.
 */
export function findToken(pkcs11: Pkcs11, label: string): Slot {
  const tokens = tokensOf(pkcs11);
  const [found, ...others] = tokens.filter((token) => token.label === label);
  if (!found) throw new TokenError({ kind: 'token-not-found', label, seen: tokens.map((token) => token.label) });
  // If a clone and its original are both visible, two signers could use the same token.
  if (others.length > 0) throw new TokenError({ kind: 'token-ambiguous', label, count: others.length + 1 });
  return found.slot;
}

export function isInitialised(slot: Slot): boolean {
  return (attempt('C_GetTokenInfo', () => slot.getToken().flags) & TokenFlag.TOKEN_INITIALIZED) !== 0;
}
