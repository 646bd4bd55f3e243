/**
 * The structure of the papers of a ceremony (minutes, shares, receipts), independent of HTML and
 * PDF. French comes first, then English.
 */
import type { Bilingual } from '../../kernel/bilingual.js';
import type { Json } from '../../kernel/json.js';

export type Cell = string | Bilingual;

export type Fact = { readonly name: Bilingual; readonly value: Cell };

export type Block =
  | { readonly kind: 'heading'; readonly words: Bilingual }
  | { readonly kind: 'paragraph'; readonly words: Bilingual }
  /** Names and values, one per line. */
  | { readonly kind: 'facts'; readonly title: Bilingual | null; readonly facts: readonly Fact[] }
  | {
      readonly kind: 'table';
      readonly columns: readonly { readonly name: Bilingual /** Fraction of the width. */; readonly width: number }[];
      readonly rows: readonly (readonly Cell[])[];
    }
  /** A QR code, dark where a module is true, with facts beside it. */
  | {
      readonly kind: 'code';
      readonly modules: readonly (readonly boolean[])[];
      readonly facts: readonly Fact[];
    }
  /** Names with a line on which somebody writes by hand. */
  | { readonly kind: 'fields'; readonly fields: readonly Bilingual[] }
  /** Preformatted text. */
  | { readonly kind: 'verbatim'; readonly title: Bilingual; readonly lines: readonly string[] }
  /** Lines that somebody types: as large as the rest of the page allows. */
  | { readonly kind: 'lines'; readonly title: Bilingual; readonly lines: readonly string[] }
  /** A field for each person, in which the person signs by hand. */
  | { readonly kind: 'signatures'; readonly people: readonly { readonly name: string; readonly role: Bilingual }[] }
  | { readonly kind: 'page-break' };

export type Document = {
  readonly title: Bilingual;
  readonly subtitle: Bilingual;
  /** A warning in capitals at the top of the document. `null`: there is none. */
  readonly mark: Bilingual | null;
  /** The text at the bottom of every page. */
  readonly foot: string;
  readonly blocks: readonly Block[];
};

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
