import type { Bilingual } from '../../../kernel/bilingual.js';
import { AuditTable } from '../../components/audit-table.js';
import { Actor, EntryLink } from '../../components/certificates.js';
import { Table } from '../../components/table.js';
import { Part, Time } from '../../components/text.js';
import { useUi } from '../../ui.js';
import { changeInWords, LIFE_WORDS } from '../../words/life.js';
import type { CertificateData } from './data.js';
import { CERTIFICATE_PAGE_WORDS as WORDS } from './words.js';

type Moment = {
  readonly at: number;
  readonly what: Bilingual;
  /** null: nobody, it happens by itself. */
  readonly who: string | null;
  readonly entry: number | null;
};

/** What became of it, with who did it and where this is recorded. */
export function Life(data: CertificateData) {
  return (
    <Part id="life" title={WORDS.life}>
      <Table
        caption={WORDS.lifeCaption}
        rows={momentsOf(data)}
        rowKey={({ at, what }) => `${at} ${what.en}`}
        columns={[
          { label: WORDS.at, cell: ({ at }) => <Time at={at} /> },
          { label: WORDS.what, cell: ({ what }) => <What words={what} /> },
          { label: WORDS.who, cell: ({ who }) => (who === null ? '–' : <Actor actor={who} />) },
          {
            label: WORDS.entry,
            kind: 'number',
            cell: ({ entry }) => (entry === null ? '–' : <EntryLink seq={entry} />),
          },
        ]}
      />
    </Part>
  );
}

function What({ words }: { readonly words: Bilingual }) {
  const { t } = useUi();
  return t(words);
}

/** Types of the audit entries with which certificates begin. */
const BEGINNINGS: readonly string[] = ['certificate.issued', 'certificate.registered'];

function momentsOf({ record, events, entries }: CertificateData): readonly Moment[] {
  const issued = entries?.find(({ keys: { type } }) => BEGINNINGS.includes(type));
  const begin: Moment = {
    at: record.createdAt,
    what: record.becomes === 'pending' ? LIFE_WORDS.wasIssuedPending : LIFE_WORDS.wasIssued,
    who: record.accountId,
    entry: issued?.seq ?? null,
  };
  const changes = events.map(({ at, actor, state, auditSeq }) => ({
    at,
    what: changeInWords(state),
    who: actor,
    entry: auditSeq,
  }));
  const end: Moment = { at: record.notAfter, what: LIFE_WORDS.ends, who: null, entry: null };
  // A clock may have stepped back, but what is recorded last happened last.
  const isEnded = changes.some(({ at }) => at > record.notAfter);
  return isEnded ? [begin, end, ...changes] : [begin, ...changes, end];
}

/** For accounts that may read the audit log. */
export function Entries({ entries }: CertificateData) {
  if (entries === null) return null;
  return (
    <Part id="entries" title={WORDS.entries}>
      <AuditTable caption={WORDS.entriesCaption} entries={entries} empty={WORDS.noEntries} />
    </Part>
  );
}
