/**
 * What a token reports about itself and its keys, for `pfcng hsm` and for the status of a running
 * signer. It never contains key material.
 */
import { ObjectClass, type Session, type SessionObject, type Slot } from 'graphene-pk11';
import pkcs11js from 'pkcs11js';
import type { Json } from '../../src/kernel/json.js';
import { attempt, ckrOf, TokenError } from './failures.js';
import { type KeyAttributes, readAttributes } from './keys/attributes.js';
import type { TokenKeyType } from './keys/key-types.js';
import { findAnyKey } from './keys/keys.js';

export type TokenReport = {
  readonly label: string;
  readonly manufacturer: string;
  readonly model: string;
  readonly serialNumber: string;
  /** Version of the firmware, as `major.minor`; `hardware` has the same form. */
  readonly firmware: string;
  readonly hardware: string;
};

export type KeyReport = {
  readonly label: string;
  /** CKA_ID of the key, hexadecimal. */
  readonly id: string;
  /** null: the type of the key is unknown, or the key is unfit for another reason. */
  readonly keyType: TokenKeyType | null;
  readonly attributes: KeyAttributes;
  /** Reason why the key cannot be used: attributes, type or public half; null: it can be used. */
  readonly unfit: string | null;
};

export function reportToken(slot: Slot): TokenReport {
  const token = attempt('C_GetTokenInfo', () => slot.getToken());
  return {
    label: token.label.trim(),
    manufacturer: token.manufacturerID.trim(),
    model: token.model.trim(),
    serialNumber: token.serialNumber.trim(),
    firmware: versionText(token.firmwareVersion),
    hardware: versionText(token.hardwareVersion),
  };
}

/** At most this many keys are reported, to limit the length of the status frame. */
const KEYS_MAX = 64;

/** Returns the private keys on the token, at most 64, sorted by label. */
export function reportKeys(session: Session): readonly KeyReport[] {
  const found = attempt('C_FindObjects', () => session.find({ class: ObjectClass.PRIVATE_KEY }));
  const objects = Array.from({ length: Math.min(found.length, KEYS_MAX) }, (_, at) =>
    found.items(at).toType<SessionObject>(),
  );
  return objects.map((object) => reportKey(session, object)).sort((a, b) => a.label.localeCompare(b.label, 'en'));
}

function reportKey(session: Session, object: SessionObject): KeyReport {
  const label = readText(object, pkcs11js.CKA_LABEL).toString('utf8');
  const about = {
    label,
    id: readText(object, pkcs11js.CKA_ID).toString('hex'),
    attributes: readAttributes(object),
  };
  try {
    return { ...about, keyType: findAnyKey(session, label).keyType, unfit: null };
  } catch (thrown) {
    if (thrown instanceof TokenError) return { ...about, keyType: null, unfit: thrown.message };
    throw thrown;
  }
}

/** Reads an attribute of a key; empty if the token does not return it. */
function readText(object: SessionObject, attribute: number): Buffer {
  try {
    return object.getAttribute(attribute);
  } catch (thrown) {
    if (ckrOf(thrown) === null) throw thrown;
    return Buffer.alloc(0);
  }
}

function versionText({ major, minor }: { readonly major: number; readonly minor: number }): string {
  return `${major}.${minor}`;
}

/** Converts the report for the meta of a frame. */
export function reportJson(token: TokenReport, keys: readonly KeyReport[]): Json {
  return { token, keys: keys.map((key) => ({ ...key })) };
}
