/** What every component may use: the language, the account, links, dates. */
import { type ComponentChildren, createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { rolesPermit } from '../access/decide.js';
import type { Action } from '../access/roles.js';
import type { Bilingual, Language } from '../kernel/bilingual.js';
import type { Instant } from '../kernel/clock.js';
import type { OpenAction } from './page.js';
import { dayText, decimalText, numberText, timeText } from './words/times.js';
import { textIn } from './words/words.js';

type Query = Readonly<Record<string, string | undefined>>;

export type UiState = {
  readonly language: Language;
  /** Whether the language was chosen in the address, so that links keep it. */
  readonly isChosen: boolean;
  /** Path of the page without the query. */
  readonly path: string;
  readonly query: Query;
  readonly now: Instant;
  /** null: nobody has been authenticated. */
  readonly account: { readonly id: string; readonly name: string; readonly roles: readonly string[] } | null;
  /** What may be done on this page, by this account, in the state that it shows. */
  readonly actions: readonly Pick<OpenAction, 'id' | 'label' | 'tone'>[];
};

export type Ui = UiState & {
  readonly t: (words: Bilingual) => string;
  /** A link within the console: `/console/cards/123`. */
  readonly href: (path: string, query?: Query) => string;
  readonly can: (action: Action) => boolean;
  /** `28/11/2026 19:04:05 UTC`, or `2026-11-28 19:04:05 UTC` in English. */
  readonly time: (at: Instant) => string;
  readonly day: (at: Instant) => string;
  readonly number: (value: number) => string;
  /** With one digit after the point, which is a comma in French. */
  readonly decimal: (value: number) => string;
};

const UiContext = createContext<Ui | null>(null);

export function UiProvider({ state, children }: { readonly state: UiState; readonly children: ComponentChildren }) {
  return <UiContext.Provider value={uiOf(state)}>{children}</UiContext.Provider>;
}

export function useUi(): Ui {
  const ui = useContext(UiContext);
  if (ui === null) throw new Error('components are rendered within a UiProvider');
  return ui;
}

function uiOf(state: UiState): Ui {
  const { language, isChosen, account } = state;
  return {
    ...state,
    t: (words) => textIn(language, words),
    href: (path, query = {}) => address(path, isChosen ? { ...query, lang: language } : query),
    can: (action) => account !== null && rolesPermit(account.roles, action),
    time: (at) => timeText(language, at),
    day: (at) => dayText(language, at),
    number: (value) => numberText(language, value),
    decimal: (value) => decimalText(language, value),
  };
}

/** A path with the parameters that have a value. */
export function address(path: string, query: Query): string {
  const given = Object.entries(query).filter((entry): entry is [string, string] => (entry[1] ?? '') !== '');
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given)}`;
}
