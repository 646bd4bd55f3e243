/** The rows that one step contributes to the tables of the minutes. */
import type { Bilingual } from '../../kernel/bilingual.js';
import type { Json } from '../../kernel/json.js';
import type { Block, Cell } from './document.js';

export type MinutesRow =
  /** The cells are key, token, action, type and SHA-256 of the public key. */
  | { readonly table: 'keys'; readonly cells: readonly Cell[] }
  /** Like `keys`, for keys of other machines, whose tokens the ceremony did not use. */
  | { readonly table: 'keys-elsewhere'; readonly cells: readonly Cell[] }
  /** `set` is the set of shares of a PIN, as the transcript records it. */
  | { readonly table: 'shares'; readonly pin: Bilingual; readonly set: Json }
  /** `attributes` are those of a private key, by their PKCS#11 names. */
  | { readonly table: 'attributes'; readonly key: string; readonly attributes: Json }
  /** The cells are an account of the API, its roles, and profile and file of its certificate. */
  | { readonly table: 'accounts'; readonly cells: readonly Cell[] }
  | { readonly table: 'revocation-lists'; readonly block: Block }
  | { readonly table: 'bundles'; readonly block: Block };
