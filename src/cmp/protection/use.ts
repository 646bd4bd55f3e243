/** The protection of a request that was verified, which decides on that of its answer. */
import type { Bytes } from '../../kernel/bytes.js';
import type { AlgorithmIdentifier } from '../model.js';
import type { Mac } from './mac.js';

export type MacUse = {
  readonly kind: 'mac';
  readonly identifier: AlgorithmIdentifier;
  readonly mac: Mac;
  /** The text of senderKID. */
  readonly reference: string;
  /** ASCII octets. */
  readonly secret: Bytes;
  /** Where the message came from. */
  readonly network: string;
};

export type ProtectionUse =
  | MacUse
  /** `certificate`: the protection certificate, DER. */
  | { readonly kind: 'signature'; readonly certificate: Bytes };
