/**
 * The PKCS#11 module of this process. There is at most one: `dlopen` and SoftHSM's `SOFTHSM2_CONF` are facts of a whole
 * process. It is opened through our loader, which gives it a symbol namespace of its own (hsm/loader/loader.c says why).
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Module, type Module as NativeModule, type Slot, TokenFlag } from 'graphene-pk11';
import pkcs11js from 'pkcs11js';
import { packageRoot } from '../../src/package/package-root.js';
import { softhsmConfigurationFile } from '../configuration.js';
import { attempt, TokenFailed } from './failures.js';
import { type SigningThreads, signingThreads } from './signing/signing-threads.js';

export type Pkcs11 = {
  readonly module: NativeModule;
  /** The same library below graphene, for what graphene does not do safely (`session-pool.ts`) or correctly (`initToken`). */
  readonly library: pkcs11js.PKCS11;
  readonly threads: SigningThreads;
};

let loaded: { readonly path: string; readonly pkcs11: Pkcs11 } | null = null;

/** Loads the module at `modulePath`; a process loads one module only. Throws `TokenFailed`. */
export function loadModule(modulePath: string): Pkcs11 {
  if (loaded?.path === modulePath) return loaded.pkcs11;
  const refuse = (detail: string) => new TokenFailed({ kind: 'module-not-loadable', path: modulePath, detail });
  if (loaded) throw refuse(`this process has loaded ${loaded.path}`);
  if (!existsSync(modulePath)) throw refuse('no such file');
  const loader = join(packageRoot(), 'hsm/loader/build/Release/pfcng_p11_loader.node');
  if (!existsSync(loader)) throw refuse(`the loader ${loader} is not built: run npm rebuild in ${packageRoot()}`);
  process.env.PFCNG_PKCS11_MODULE = modulePath;
  const library = new pkcs11js.PKCS11();
  try {
    library.load(loader);
  } catch (thrown) {
    throw refuse(thrown instanceof Error ? thrown.message : String(thrown));
  }
  loaded = { path: modulePath, pkcs11: { module: new Module(library), library, threads: signingThreads(loader) } };
  return loaded.pkcs11;
}

/**
 * `C_Initialize` on the tokens of one SoftHSM directory. CKF_OS_LOCKING_OK, because signatures run on several threads of
 * libuv's pool: without it concurrent calls crash the process (PKCS#11 v2.40, 5.4: the application promises one thread).
 */
export function initialiseModule(pkcs11: Pkcs11, softhsmDirectory: string): void {
  process.env.SOFTHSM2_CONF = softhsmConfigurationFile(softhsmDirectory);
  attempt('C_Initialize', () => pkcs11.module.initialize({ flags: pkcs11js.CKF_OS_LOCKING_OK }));
}

export function finaliseModule(pkcs11: Pkcs11): void {
  attempt('C_Finalize', () => pkcs11.module.finalize());
}

/** All slots with a token in them, initialised or not. */
export function slotsOf(pkcs11: Pkcs11): readonly Slot[] {
  const collection = attempt('C_GetSlotList', () => pkcs11.module.getSlots(true));
  return Array.from({ length: collection.length }, (_, index) => collection.items(index));
}

/** Labels of the initialised tokens, with their slots. */
export function tokensOf(pkcs11: Pkcs11): readonly { readonly label: string; readonly slot: Slot }[] {
  return slotsOf(pkcs11)
    .filter((slot) => isInitialised(slot))
    .map((slot) => ({ label: slot.getToken().label, slot }));
}

/** Throws `TokenFailed` with what was seen instead. */
export function findToken(pkcs11: Pkcs11, label: string): Slot {
  const tokens = tokensOf(pkcs11);
  const [found, ...others] = tokens.filter((token) => token.label === label);
  if (!found) throw new TokenFailed({ kind: 'token-not-found', label, seen: tokens.map((token) => token.label) });
  // A clone beside its original: two signers would use one token, and believe that they are two.
  if (others.length > 0) throw new TokenFailed({ kind: 'token-ambiguous', label, count: others.length + 1 });
  return found.slot;
}

export function isInitialised(slot: Slot): boolean {
  return (attempt('C_GetTokenInfo', () => slot.getToken().flags) & TokenFlag.TOKEN_INITIALIZED) !== 0;
}
