/** Makes the HTML of the pages of the console: whole documents, as texts. */
import type { VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { rolesPermit } from '../access/decide.js';
import {
  ActionForm,
  type ActionFormProps,
  ActionReview,
  type ActionReviewProps,
  UploadForm,
  type UploadFormProps,
} from './layout/action-form.js';
import { Document, type NavigationLink } from './layout/document.js';
import { Failure, type FailureView } from './layout/failure.js';
import type { Assets } from './layout/html-page.js';
import type { OpenAction, OpenPage } from './page.js';
import { PAGES } from './pages/all.js';
import { UiProvider, type UiState } from './ui.js';
import { textIn } from './words/words.js';

const HOME_PATH = '/console/';

export type Frame = {
  readonly ui: UiState;
  readonly assets: Assets;
  readonly isDevelopment: boolean;
};

export function pageDocument(frame: Frame, page: OpenPage): string {
  return documentOf(frame, textIn(frame.ui.language, page.title), page.view());
}

/** What an action shows once, under its label. */
export function outcomeDocument(frame: Frame, action: Pick<OpenAction, 'label'>, shown: VNode): string {
  return documentOf(frame, textIn(frame.ui.language, action.label), shown);
}

export function formDocument(frame: Frame, props: ActionFormProps): string {
  return documentOf(frame, textIn(frame.ui.language, props.action.label), <ActionForm {...props} />);
}

export function reviewDocument(frame: Frame, props: ActionReviewProps): string {
  return documentOf(frame, textIn(frame.ui.language, props.action.label), <ActionReview {...props} />);
}

export function uploadDocument(frame: Frame, props: UploadFormProps): string {
  return documentOf(frame, textIn(frame.ui.language, props.action.label), <UploadForm {...props} />);
}

export function failureDocument(frame: Frame, view: FailureView): string {
  // An address without a page is answered before the account is known.
  const unknown = frame.ui.account === null && view.presented === null ? HOME_PATH : null;
  return documentOf(frame, view.title, <Failure {...view} home={navigationFor(frame.ui)[0]?.path ?? unknown} />);
}

function documentOf({ ui, assets, isDevelopment }: Frame, title: string, content: VNode): string {
  const page = (
    <UiProvider state={ui}>
      <Document title={title} assets={assets} isDevelopment={isDevelopment} navigation={navigationFor(ui)}>
        {content}
      </Document>
    </UiProvider>
  );
  return `<!doctype html>${renderToString(page)}`;
}

/** The pages that the roles of the account open, without those that are reached by links only. */
function navigationFor({ account }: UiState): readonly NavigationLink[] {
  if (account === null) return [];
  return PAGES.flatMap(({ section, path, name, opensFor }) => {
    const isOpen = opensFor.some((action) => rolesPermit(account.roles, action));
    return section === null || !isOpen ? [] : [{ section, path, name }];
  });
}
