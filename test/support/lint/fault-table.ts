import type { RuleName } from '../../../src/lint/rule.js';

type NamedFault = { readonly rule: RuleName; readonly fault: string; readonly edit?: unknown };

/** The edit alone where it is all that there is to say, or the members of the fault. */
type Row<Fault extends NamedFault> = NonNullable<Fault['edit']> | Omit<Fault, 'rule' | 'fault' | 'of'>;

/** Faults by the rule that must report them, then by what is wrong, in a few words. */
type FaultTable<Entry> = { readonly [Rule in RuleName]?: Readonly<Record<string, Entry>> };

export function faultsOf<Fault extends NamedFault>(table: FaultTable<Row<Fault>>): readonly Fault[] {
  const rules: Readonly<Record<string, Readonly<Record<string, Row<Fault>>> | undefined>> = table;
  return Object.entries(rules).flatMap(([rule, rows]) =>
    Object.entries(rows ?? {}).map(([fault, row]) => {
      const members = typeof row === 'function' ? { edit: row } : row;
      return { rule, fault, ...members } as unknown as Fault;
    }),
  );
}

/** Faults of one profile or authority; a row that names another breaks the certificate of that. */
export function faultsIn<Fault extends NamedFault & { readonly of: string }>(
  usual: string,
  table: FaultTable<Row<Fault> | (Omit<Fault, 'rule' | 'fault' | 'of'> & { readonly of: string })>,
): readonly Fault[] {
  return faultsOf<Fault>(table).map((fault) => ({ ...fault, of: fault.of ?? usual }));
}
