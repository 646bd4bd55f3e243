import type { ComponentChildren } from 'preact';
import type { Bilingual } from '../../kernel/bilingual.js';
import type { FieldFault } from '../fields.js';
import { useUi } from '../ui.js';
import { FORM_WORDS } from '../words/forms.js';
import { Notice } from './text.js';

type SearchFormProps = {
  readonly faults: readonly FieldFault[];
  /** Text of the button. */
  readonly submit: Bilingual;
  readonly hint?: Bilingual;
  /** The fields. */
  readonly children: ComponentChildren;
};

/**
 * A form that searches or narrows the page it is on. It changes nothing, so it is sent as a GET,
 * and the address of the result can be kept.
 */
export function SearchForm({ faults, submit, hint, children }: SearchFormProps) {
  const { t, path, isChosen, language } = useUi();
  return (
    <search>
      <form class="criteria" method="get" action={path} noValidate>
        {faults.length > 0 && (
          <Notice tone="bad">
            <p>{t(FORM_WORDS.correct)}</p>
          </Notice>
        )}
        {children}
        {isChosen && <input type="hidden" name="lang" value={language} />}
        <p class="buttons">
          <button type="submit">{t(submit)}</button>
        </p>
        {hint !== undefined && <p class="hint">{t(hint)}</p>}
      </form>
    </search>
  );
}
