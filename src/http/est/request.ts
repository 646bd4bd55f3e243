/** The types that the EST operations share. */
import type { ApiContext } from '../api/handler.js';
import type { Admission } from '../server/admission.js';
import type { ExchangeParts, RoutedExchange } from '../trail/exchange.js';

export type EstParts = ExchangeParts & { readonly context: ApiContext; readonly admission: Admission };

/** An EST request. `label`: as in the path; null: the path has no label. */
export type EstRequest = {
  readonly ctx: RoutedExchange;
  /** The ports, such as store and log, bound to the id of this request. */
  readonly world: ApiContext['world'];
  readonly label: string | null;
};
