/** The two steps of an action: its form, then what it will do, to be confirmed. */
import type { Bilingual } from '../../kernel/bilingual.js';
import { Facts } from '../components/facts.js';
import { FormFields } from '../components/form.js';
import { Day, Notice } from '../components/text.js';
import { type Field, type FieldFault, groupsOf, type Input, questionOf } from '../fields.js';
import type { OpenAction, Review } from '../page.js';
import { type Ui, useUi } from '../ui.js';
import { filled } from '../words/filled.js';
import { FORM_WORDS } from '../words/forms.js';

export type ActionFormProps = {
  readonly action: Pick<OpenAction, 'label'>;
  readonly fields: readonly Field[];
  readonly input: Input;
  readonly faults: readonly FieldFault[];
  /** The page of the object. */
  readonly pagePath: string;
  readonly pageTitle: Bilingual;
};

/**
 * First step. It changes nothing, so it is sent as a GET and can be reloaded; a long text does not
 * fit into an address.
 */
export function ActionForm({ action, fields, input, faults, pagePath, pageTitle }: ActionFormProps) {
  const { t, path, href, isChosen, language } = useUi();
  return (
    <form class="action" method={fields.some(isLong) ? 'post' : 'get'} action={path} noValidate>
      <ActionTitle label={action.label} pagePath={pagePath} pageTitle={pageTitle} />
      {faults.length > 0 && (
        <Notice tone="bad">
          <p>{t(FORM_WORDS.correct)}</p>
        </Notice>
      )}
      <FormFields fields={fields} input={input} faults={faults} />
      {isChosen && <input type="hidden" name="lang" value={language} />}
      <input type="hidden" name="step" value="review" />
      <p class="buttons">
        <button type="submit">{t(FORM_WORDS.next)}</button>
        <a href={href(pagePath)}>{t(FORM_WORDS.cancel)}</a>
      </p>
    </form>
  );
}

/** Values in an address are short (`QUERY_VALUE_LENGTH_MAX` of the router). */
const SHORT_MAX = 512;

function isLong(field: Field): boolean {
  return field.kind === 'multiline' && field.lengthMax > SHORT_MAX;
}

type ActionTitleProps = Pick<ActionFormProps, 'pagePath' | 'pageTitle'> & { readonly label: Bilingual };

/** What is done, and to what. */
function ActionTitle({ label, pagePath, pageTitle }: ActionTitleProps) {
  const { t, href } = useUi();
  return (
    <div>
      <h1>{t(label)}</h1>
      <p>
        <a href={href(pagePath)}>
          <bdi>{t(pageTitle)}</bdi>
        </a>
      </p>
    </div>
  );
}

export type ActionReviewProps = Omit<ActionFormProps, 'faults' | 'action'> & {
  readonly action: Pick<OpenAction, 'label' | 'tone'>;
  readonly review: Review;
  readonly token: string;
  /** Why an earlier confirmation was not accepted. */
  readonly problem: Bilingual | null;
};

/** Second step: what will happen, and the button that does it. */
export function ActionReview({ action, fields, input, review, token, problem, ...page }: ActionReviewProps) {
  const ui = useUi();
  const { t, path, href } = ui;
  const { typed } = review;
  return (
    <form class="action" method="post" action={href(path)}>
      <ActionTitle label={action.label} pagePath={page.pagePath} pageTitle={page.pageTitle} />
      {problem !== null && (
        <Notice tone="bad">
          <p>{t(problem)}</p>
        </Notice>
      )}
      <WhatHappens review={review} />
      {fields.length > 0 && (
        <section aria-labelledby="input-title">
          <h2 id="input-title">{t(FORM_WORDS.yourInput)}</h2>
          <Facts facts={inputFacts(fields, input, ui)} />
        </section>
      )}
      {Object.entries(input).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <input type="hidden" name="token" value={token} />
      {typed !== undefined && <TypedCount typed={typed} />}
      <p class="buttons">
        <button type="submit" class={action.tone}>
          {t(filled(FORM_WORDS.confirm, { action: action.label }))}
        </button>
        {fields.length > 0 && <a href={href(path, input)}>{t(FORM_WORDS.back)}</a>}
        <a href={href(page.pagePath)}>{t(FORM_WORDS.cancel)}</a>
      </p>
    </form>
  );
}

export type UploadFormProps = ActionFormProps & Pick<ActionReviewProps, 'action' | 'review' | 'token'>;

/** The one step of an action with a file. The token comes first, so that it is checked before. */
export function UploadForm({ action, fields, input, faults, review, token, ...page }: UploadFormProps) {
  const { t, path, href } = useUi();
  return (
    <form class="action" method="post" action={href(path)} encType="multipart/form-data" noValidate>
      <ActionTitle label={action.label} pagePath={page.pagePath} pageTitle={page.pageTitle} />
      {faults.length > 0 && (
        <Notice tone="bad">
          <p>{t(FORM_WORDS.correct)}</p>
        </Notice>
      )}
      <WhatHappens review={review} />
      <input type="hidden" name="token" value={token} />
      <FormFields fields={fields} input={input} faults={faults} />
      <p class="buttons">
        <button type="submit" class={action.tone}>
          {t(action.label)}
        </button>
        <a href={href(page.pagePath)}>{t(FORM_WORDS.cancel)}</a>
      </p>
    </form>
  );
}

function WhatHappens({ review: { summary, consequences, isReversible, sample } }: { readonly review: Review }) {
  const { t } = useUi();
  return (
    <section class="review" aria-labelledby="review-title">
      <h2 id="review-title">{t(FORM_WORDS.whatHappens)}</h2>
      <p>
        <strong>{t(summary)}</strong>
      </p>
      <ul>
        {consequences.map((consequence) => (
          <li key={consequence.en}>{t(consequence)}</li>
        ))}
        <li>{t(isReversible ? FORM_WORDS.reversible : FORM_WORDS.irreversible)}</li>
      </ul>
      {sample}
    </section>
  );
}

function TypedCount({ typed }: { readonly typed: string }) {
  const { t } = useUi();
  return (
    <div class="field">
      <label for="typed">{t(filled(FORM_WORDS.typeCount, { typed }))}</label>
      <input id="typed" name="typed" inputMode="numeric" autoComplete="off" required />
    </div>
  );
}

/** A group of boxes is one fact: those that are ticked. */
function inputFacts(fields: readonly Field[], input: Input, ui: Pick<Ui, 't' | 'number'>) {
  return groupsOf(fields).flatMap((group) => {
    const question = questionOf(group[0]);
    if (question === null) return group.map((field) => ({ label: field.label, value: shownValue(field, input, ui) }));
    const ticked = group.filter(({ name }) => (input[name] ?? '') !== '').map(({ label }) => ui.t(label));
    return [{ label: question, value: ticked.length === 0 ? '–' : ticked.join(', ') }];
  });
}

function shownValue(field: Field, input: Input, { t, number }: Pick<Ui, 't' | 'number'>) {
  const value = input[field.name] ?? '';
  if (value === '') return '–';
  switch (field.kind) {
    case 'check':
      return t(FORM_WORDS.yes);
    case 'date':
      return <Day at={Date.parse(`${value}T00:00:00Z`)} />;
    case 'number':
      return number(Number(value));
    case 'choice':
    case 'select': {
      const option = field.options.find((one) => one.value === value);
      return option === undefined ? '' : t(option.label);
    }
    default:
      return <bdi>{value}</bdi>;
  }
}
