/** What answering a request of EST needs. */
import type { ApiContext } from '../api/handler.js';
import type { Admission } from '../server/admission.js';
import type { ExchangeParts, RoutedExchange } from '../trail/exchange.js';

export type EstParts = ExchangeParts & { readonly context: ApiContext; readonly admission: Admission };

/** A request of EST. `label`: null: the path has none. */
export type EstRequest = {
  readonly ctx: RoutedExchange;
  /** The world of this request. */
  readonly world: ApiContext['world'];
  readonly label: string | null;
};
