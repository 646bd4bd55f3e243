/** What the minutes tell of one step, and in which of their tables. */
import type { Json } from '../../kernel/json.js';
import type { Bilingual } from '../bilingual.js';
import type { Block, Cell } from './document.js';

export type MinutesRow =
  /** Key, token, act, type, SHA-256 of the public key. */
  | { readonly table: 'keys'; readonly cells: readonly Cell[] }
  /** The same of keys on tokens that the ceremony did not use. */
  | { readonly table: 'keys-elsewhere'; readonly cells: readonly Cell[] }
  /** `set`: the set of shares of a PIN, as the transcript has it. */
  | { readonly table: 'shares'; readonly pin: Bilingual; readonly set: Json }
  /** `attributes`: of a private key, by their PKCS#11 names. */
  | { readonly table: 'attributes'; readonly key: string; readonly attributes: Json }
  | { readonly table: 'revocation-lists'; readonly block: Block }
  | { readonly table: 'bundles'; readonly block: Block };
