/** The types that the routes of the console share. */
import type { OpenAction, OpenPage } from '../../console/page.js';
import { present } from '../../kernel/assert.js';
import type { Bytes } from '../../kernel/bytes.js';
import type { ServingContext } from '../../operations/serving.js';
import type { Account } from '../../ports/store/accounts.js';
import type { Admission } from '../server/admission.js';
import type { ExportLimiter } from '../server/export-limiter.js';
import type { ExchangeParts } from '../trail/exchange.js';
import type { AnswerParts } from './answer.js';

/** What `mountConsole` needs. */
export type ConsoleParts = ExchangeParts & {
  readonly context: ServingContext;
  readonly admission: Admission;
  /** The folder of the operator's theme; it may not exist. */
  readonly themeFolder: string;
  /** Limits requests whose bodies are streamed, which may last for hours. */
  readonly streams: Admission;
  /** Limits downloads of many lines, together with the exports of the API. */
  readonly exports: ExportLimiter;
  /** The key of the MACs in the tokens of forms. */
  readonly formKey: Bytes;
};

/** A page that was loaded for an account. */
export type Visit = {
  readonly page: OpenPage;
  readonly account: Account;
  /** The path of the page, with its parameters filled in. */
  readonly path: string;
};

export type ServingParts = ConsoleParts & AnswerParts;

/**
 * Returns the action of this id. Routes exist only for actions of the page, so it is always found.
 */
export function actionOf({ page }: Visit, id: string): OpenAction {
  const found = page.actions.find((action) => action.id === id);
  return present(found, `action ${id}`);
}
