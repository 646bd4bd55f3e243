/**
 * `pfcng audit verify`: recomputes the whole audit chain, as an auditor with a copy of the database
 * would.
 */
import { type Command, InvalidArgumentError } from 'commander';
import { type ChainFault, type ChainRule, verifyChain } from '../../audit/chain.js';
import type { AuditEntry } from '../../audit/entry.js';
import { type Bilingual, inBothLanguages } from '../../kernel/bilingual.js';
import { type Bytes, fromHex, toHex } from '../../kernel/bytes.js';
import type { Store } from '../../ports/store.js';
import { fail, say } from '../../terminal/say.js';
import { homeGapLines, type Records, unreadable, withRecords } from '../common/records.js';

export function registerVerify(audit: Command): void {
  audit
    .command('verify')
    .description('recompute the chain, and name the first entry that was altered, removed or reordered')
    .option('--checkpoint <entry>', 'NUMBER:HASH, as noted from an earlier run; can be repeated', readCheckpoint)
    .option('--json', 'print the result as JSON')
    .action(({ checkpoint = [], json = false }: Options) =>
      withRecords((records) => verify(records, { checkpoints: checkpoint, json }), { compare: false }),
    );
}

/** `checkpoint`: entries whose hashes the auditor has kept where nobody else can change them. */
type Options = { readonly checkpoint?: readonly Checkpoint[]; readonly json?: boolean };
type Checkpoint = { readonly seq: number; readonly chainHash: Bytes };

function readCheckpoint(value: string, earlier: readonly Checkpoint[] = []): readonly Checkpoint[] {
  const [, seq, hash = ''] = /^([1-9]\d{0,14}):([0-9a-f]{64})$/.exec(value) ?? [];
  const chainHash = fromHex(hash);
  if (seq === undefined || chainHash === null)
    throw new InvalidArgumentError(
      'it is the number of an entry, a colon and its chain hash of 64 hexadecimal digits.',
    );
  return [...earlier, { seq: Number(seq), chainHash }];
}

async function verify(
  records: Records,
  { checkpoints, json }: { readonly checkpoints: readonly Checkpoint[]; readonly json: boolean },
): Promise<void> {
  const { store } = records;
  // The service keeps writing meanwhile: the chain must contain the head read before, and the
  // head read afterwards must match the chain.
  const first = await store.read((reads) => reads.auditHead());
  if (!first.ok) return fail([unreadable(first.error.detail)]);
  const verdict = await verifyChain(entriesOf(store), { checkpoints: [first.value, ...checkpoints] });
  if (!verdict.ok) {
    if (json) say(JSON.stringify({ verified: false, ...verdict.error }));
    const { seq, rule } = verdict.error;
    return fail([
      inBothLanguages(
        rule === 'entries-up-to-checkpoint' && seq <= first.value.seq
          ? cutShort(seq - 1, first.value.seq)
          : broken(verdict.error),
      ),
    ]);
  }
  const head = await store.read((reads) => reads.auditHead());
  if (!head.ok) return fail([unreadable(head.error.detail)]);
  const { count } = verdict.value;
  const found = toHex(verdict.value.head.chainHash);
  const isSame = head.value.seq === count && toHex(head.value.chainHash) === found;
  if (!isSame && head.value.seq <= count) {
    if (json) say(JSON.stringify({ verified: false, entries: count, head: found, seq: head.value.seq }));
    return fail([inBothLanguages(cutShort(count, head.value.seq))]);
  }
  // An older or an empty database has an intact chain too.
  const gaps = await homeGapLines(records);
  if (gaps.length > 0) {
    if (json) say(JSON.stringify({ verified: false, entries: count, head: found, missing: gaps }));
    return fail(gaps);
  }
  say(json ? JSON.stringify({ verified: true, entries: count, head: found }) : inBothLanguages(intact(count, found)));
}

function intact(count: number, head: string): Bilingual {
  return {
    fr: `la chaîne est intacte : ${count} ${count < 2 ? 'entrée' : 'entrées'}, tête ${head}`,
    en: `the chain is intact: ${count} ${count === 1 ? 'entry' : 'entries'}, head ${head}`,
  };
}

function cutShort(count: number, recorded: number): Bilingual {
  return {
    fr: `la chaîne d'audit se termine à l'entrée ${count}, mais sa tête indique ${recorded} : il manque des entrées`,
    en: `the audit chain ends at entry ${count}, its head says ${recorded}: entries are missing`,
  };
}

function broken({ seq, rule }: ChainFault): Bilingual {
  const { fr, en } = RULES[rule];
  return {
    fr: `la chaîne d'audit est rompue à l'entrée ${seq} : ${fr}`,
    en: `the audit chain is broken at entry ${seq}: ${en} (${rule})`,
  };
}

const RULES = {
  'numbers-without-gap': {
    fr: 'une entrée a été retirée, ajoutée ou déplacée ici',
    en: 'an entry was removed, inserted or moved here',
  },
  'number-in-the-entry': {
    fr: "son contenu est celui d'une autre entrée",
    en: 'its content belongs to another entry',
  },
  'search-keys-match': {
    fr: 'ses critères de recherche diffèrent de son contenu',
    en: 'what it is searched by is not what its content says',
  },
  'leaf-hash-matches': { fr: 'son contenu a été modifié', en: 'its content was altered' },
  'chain-hash-matches': {
    fr: 'elle a été modifiée avec ses empreintes, ou la précédente',
    en: 'it was altered with its hashes, or the one before it was',
  },
  'checkpoint-matches': {
    fr: 'le journal a été réécrit à cette entrée ou avant',
    en: 'the log was rewritten at this entry or before it',
  },
  'entries-up-to-checkpoint': {
    fr: "le journal s'arrête avant un point de contrôle",
    en: 'the log ends before a checkpoint',
  },
} as const satisfies Readonly<Record<ChainRule, Bilingual>>;

const PAGE = 1_000;

async function* entriesOf(store: Pick<Store, 'read'>): AsyncGenerator<AuditEntry> {
  for (let from = 1; ; from += PAGE) {
    const page = await store.read((reads) => reads.auditEntries({ from, limit: PAGE }));
    // The command prints this message.
    if (!page.ok) throw new Error(unreadable(page.error.detail));
    yield* page.value;
    if (page.value.length < PAGE) return;
  }
}
