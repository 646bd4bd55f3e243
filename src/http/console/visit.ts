/** What the routes of the console work with. */
import type { OpenAction, OpenPage } from '../../console/page.js';
import { present } from '../../kernel/assert.js';
import type { Bytes } from '../../kernel/bytes.js';
import type { ServingContext } from '../../operations/serving.js';
import type { Account } from '../../ports/store/accounts.js';
import type { Admission } from '../server/admission.js';
import type { ExportLimiter } from '../server/exports.js';
import type { ExchangeParts } from '../trail/exchange.js';
import type { AnswerParts } from './answer.js';

export type ConsoleParts = ExchangeParts & {
  readonly context: ServingContext;
  readonly admission: Admission;
  /** Folder of the operator's theme, which may be missing. */
  readonly themeFolder: string;
  /** Requests whose bodies are read as they arrive, which may last for hours. */
  readonly streams: Admission;
  /** Files of many lines, with those of the API. */
  readonly exports: ExportLimiter;
  /** Key of the tokens of forms. */
  readonly formKey: Bytes;
};

/** A page that was opened for an account. */
export type Visit = {
  readonly page: OpenPage;
  readonly account: Account;
  /** Pattern of the path of the page, with its parameters filled in. */
  readonly path: string;
};

export type ServingParts = ConsoleParts & AnswerParts;

/** An action of the list of pages, so it is there. */
export function actionOf({ page }: Visit, id: string): OpenAction {
  const found = page.actions.find((action) => action.id === id);
  return present(found, `action ${id}`);
}
