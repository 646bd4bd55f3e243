import { parseInstant } from '../../../kernel/clock.js';
import { Time } from '../../components/text.js';
import { useUi } from '../../ui.js';
import { CEREMONY_WORDS as WORDS } from '../../words/ceremonies.js';

/** A time of a transcript (RFC 3339); null: there is none. */
export function RecordedTime({ at }: { readonly at: string | null }) {
  const instant = at === null ? null : parseInstant(at);
  return instant === null ? (at ?? '–') : <Time at={instant} />;
}

export function Environment({ environment }: { readonly environment: string | null }) {
  const { t } = useUi();
  if (environment !== 'development' && environment !== 'production') return <>–</>;
  return <>{t(WORDS[environment])}</>;
}
