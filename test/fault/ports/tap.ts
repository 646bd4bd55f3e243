/**
 * The tap between an operation and its world. It numbers the port calls, and makes one of them
 * fail, or stops there. When it has stopped, it lets nothing through any more: the process does
 * nothing until its SIGKILL.
 */
import { Readable } from 'node:stream';
import { assert } from '../../../src/kernel/assert.js';
import { ok } from '../../../src/kernel/result.js';
import type { Draft, Outlet } from '../../../src/ports/outlet.js';
import type { RevokedSnapshot } from '../../../src/ports/store/crls.js';
import type { GroupedWork, Reads, Store, Transaction } from '../../../src/ports/store.js';
import { DRAFT, failAs, OUTLET, PORT_CALLS, READS, SIGNER, SNAPSHOT, STORE, TRANSACTION } from './calls.js';
import type { ServiceWorld } from './service.js';

/** `after`: the call took effect, and its answer is lost. */
export const HOWS = ['fails-before', 'fails-after', 'killed-before', 'killed-after'] as const;
export type How = (typeof HOWS)[number];

/**
 * The number of the call, counted from 1, and its expected name: a run that takes another path is
 * invalid.
 */
export type Fault = { readonly at: number; readonly name: string; readonly how: How };

export type Call = {
  readonly name: string;
  /** File and line in `src/operations`, if the call comes from there. */
  readonly site: string | null;
  /**
   * No other call is between this one and the end of the previous one. Operations only compute
   * between two calls (`test/tidy.test.ts` checks it), so being killed before this one equals being
   * killed after the previous one.
   */
  readonly follows: boolean;
};

export type Tap = {
  readonly world: (world: ServiceWorld) => ServiceWorld;
  /** Calls are counted, and the fault happens, only while this runs. */
  readonly during: <Value>(work: () => Promise<Value>) => Promise<Value>;
  readonly calls: readonly Call[];
  /** Resolves when it has stopped at its call. */
  readonly halted: Promise<void>;
  readonly isHalted: () => boolean;
};

/**
 * Pending promises are kept, so that they are not garbage collected before the process is killed.
 */
const waiting: unknown[] = [];
const never = <Value>(): Promise<Value> => new Promise((resolve) => waiting.push(resolve));

/** Thrown where a call cannot wait, because it is synchronous. */
class Halted extends Error {}

export function createTap(fault: Fault | null): Tap {
  const calls: Call[] = [];
  let counting = false;
  let dead = false;
  let justEnded = false;
  let announce = (): void => undefined;
  const halted = new Promise<void>((resolve) => {
    announce = resolve;
  });

  /** What happens at this call; null: nothing. */
  const begin = (name: string): 'before' | 'after' | null => {
    if (!counting) return null;
    // The stack is formatted only when it is used, because that takes as long as the call.
    const here = new Error();
    calls.push({
      name,
      get site() {
        return siteOf(here.stack ?? '');
      },
      follows: justEnded,
    });
    justEnded = false;
    if (fault?.at !== calls.length) return null;
    assert(fault.name === name, `call ${fault.at} is ${fault.name}, and not ${name}`);
    return fault.how.endsWith('before') ? 'before' : 'after';
  };
  const happen = (name: string): unknown => {
    if (fault?.how.startsWith('fails')) return failAs(PORT_CALLS[name] ?? 'bug');
    dead = true;
    announce();
    throw new Halted();
  };
  /** Like `happen`, for calls that may wait. */
  const happenLater = async (name: string): Promise<unknown> => {
    try {
      return happen(name);
    } catch (error) {
      if (error instanceof Halted) return never();
      throw error;
    }
  };

  const through: Through = {
    later: async (name, work, lose) => {
      if (dead) return never();
      const when = begin(name);
      try {
        if (when === null) return await work();
        if (when === 'after') {
          const value = await work();
          lose?.(value);
        }
        return (await happenLater(name)) as Awaited<ReturnType<typeof work>>;
      } finally {
        justEnded = true;
      }
    },
    now: (name, work) => {
      if (dead) throw new Halted();
      const when = begin(name);
      if (when === null) return work();
      if (when === 'after') work();
      return happen(name) as ReturnType<typeof work>;
    },
    stream: (name, open) => {
      const when = dead ? null : begin(name);
      if (when === null && !dead) return open();
      return (async function* faulty() {
        if (dead) await never();
        if (when === 'before') await happenLater(name);
        yield* open();
        await happenLater(name);
      })();
    },
  };
  return {
    world: (world) => tapWorld(through, world),
    during: async (work) => {
      counting = true;
      try {
        return await work();
      } finally {
        counting = false;
      }
    },
    calls,
    halted,
    isHalted: () => dead,
  };
}

/** Lets a call through or not, by the kind of its result. */
type Through = {
  /** `lose`: releases what the caller will not get, because the answer is lost. */
  readonly later: <Value>(
    name: string,
    work: () => Promise<Value>,
    lose?: (value: Awaited<Value>) => void,
  ) => Promise<Value>;
  readonly now: <Value>(name: string, work: () => Value) => Value;
  readonly stream: <Item>(name: string, open: () => AsyncIterable<Item>) => AsyncIterable<Item>;
};

/** The store that it makes passes calls on, so they are those of its callers. */
const PASSES_ON = 'batch-world';

function siteOf(stack: string): string | null {
  const lines = stack.matchAll(/src\/operations\/([a-z/-]+)\.[jt]s:(\d+)/g);
  for (const [, file, line] of lines) if (file !== PASSES_ON) return `${file}.ts:${line}`;
  return null;
}

function tapWorld(through: Through, world: ServiceWorld): ServiceWorld {
  const { signer } = world;
  const tappedSigner: typeof signer = {
    ...tapMethods(through, signer, { name: 'signer', methods: SIGNER }),
    absence: (...asked) => through.now('signer.absence', () => signer.absence(...asked)),
  };
  return {
    ...world,
    store: tapStore(through, world.store),
    signer: tappedSigner,
    // Both are one signer here.
    batchSigner: tappedSigner,
    outlet: tapOutlet(through, world.outlet),
    statusChanged: (changes) => through.now('world.statusChanged', () => world.statusChanged(changes)),
  };
}

/** Wraps all asynchronous methods of a port under their names. */
function tapMethods<Port extends object>(through: Through, port: Port, { name, methods }: PortTable): Port {
  const given = port as Readonly<Record<string, (...asked: readonly unknown[]) => Promise<unknown>>>;
  const tapped = Object.keys(methods).map((method) => {
    const call = (...asked: readonly unknown[]) =>
      through.later(`${name}.${method}`, async () => given[method]?.(...asked));
    return [method, call];
  });
  return Object.fromEntries(tapped) as Port;
}

type PortTable = { readonly name: string; readonly methods: Readonly<Record<string, unknown>> };

function tapStore(through: Through, store: Store): Store {
  const onReads = (reads: Reads): Reads => tapMethods(through, reads, { name: 'reads', methods: READS });
  const onTransaction = (tx: Transaction): Transaction =>
    tapMethods(through, tx, { name: 'transaction', methods: TRANSACTION });
  const reading = tapGroups(onReads);
  const writing = tapGroups(onTransaction);
  return {
    ...tapMethods(through, store, { name: 'store', methods: STORE }),
    read: (work) => through.later('store.read', () => store.read((reads) => work(onReads(reads)))),
    transaction: (work) => through.later('store.transaction', () => store.transaction((tx) => work(onTransaction(tx)))),
    groupedRead: (work, item, priority) =>
      through.later('store.groupedRead', () => store.groupedRead(reading(work), item, priority)),
    groupedTransaction: (work, item, priority) =>
      through.later('store.groupedTransaction', () => store.groupedTransaction(writing(work), item, priority)),
    revokedSnapshot: (of, use) =>
      through.later('store.revokedSnapshot', () =>
        store.revokedSnapshot(of, (snapshot) => use(tapSnapshot(through, snapshot))),
      ),
    close: store.close,
  };
}

/** A kind of work is one constant value, and its wrapper has to be too. */
function tapGroups<Context>(tapContext: (context: Context) => Context) {
  const known = new WeakMap<object, unknown>();
  return <Item, Outcome>(work: GroupedWork<Context, Item, Outcome>): GroupedWork<Context, Item, Outcome> => {
    const tapped = (known.get(work) as typeof work | undefined) ?? {
      run: (context: Context, items: readonly Item[]) => work.run(tapContext(context), items),
    };
    known.set(work, tapped);
    return tapped;
  };
}

function tapSnapshot(through: Through, snapshot: RevokedSnapshot): RevokedSnapshot {
  return {
    ...tapMethods(through, snapshot, { name: 'snapshot', methods: SNAPSHOT }),
    seen: snapshot.seen,
    entries: () => through.stream('snapshot.entries', () => snapshot.entries()),
  };
}

function tapOutlet(through: Through, outlet: Outlet): Outlet {
  return {
    ...tapMethods(through, outlet, { name: 'outlet', methods: OUTLET }),
    published: (name) =>
      through.later(
        'outlet.published',
        () => outlet.published(name),
        (lost) => {
          if (lost.ok && lost.value instanceof Readable) lost.value.destroy();
        },
      ),
    draft: (name, chunks) =>
      through.later('outlet.draft', async () => {
        const drafted = await outlet.draft(name, chunks);
        return drafted.ok ? ok(tapDraft(through, drafted.value)) : drafted;
      }),
  };
}

function tapDraft(through: Through, draft: Draft): Draft {
  return {
    ...tapMethods(through, draft, { name: 'draft', methods: DRAFT }),
    sizeBytes: draft.sizeBytes,
    read: () => through.stream('draft.read', () => draft.read()),
  };
}
