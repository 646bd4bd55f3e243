/** A CPU profile by the folder that the code is in, and by function: whose time it was. */

/** The part of a profile of V8's inspector (`Profiler.Profile`) that is used here. */
export type CpuProfile = {
  readonly nodes: readonly ProfileNode[];
  /** Node ids, one a sample. */
  readonly samples: readonly number[];
  /** Microseconds from the sample before. */
  readonly timeDeltas: readonly number[];
};
export type ProfileNode = {
  readonly id: number;
  readonly callFrame: {
    readonly functionName: string;
    readonly url: string;
    readonly lineNumber: number;
    readonly columnNumber: number;
  };
  readonly children?: readonly number[];
};

/** `ms`: in its own code. `part`: of all that was not idle. */
export type Share = { readonly name: string; readonly ms: number; readonly part: number };

export type Attribution = {
  /** All samples but those in which the thread waited. */
  readonly busyMs: number;
  readonly idleMs: number;
  /** Native functions count for the folder that called them. */
  readonly folders: readonly Share[];
  /** Own time of single functions, native ones under their own names. */
  readonly functions: readonly Share[];
  /**
   * Time in a function of ours or below it, the deepest of ours alone excluded: `src/` and `hsm/`
   * functions, inclusive.
   */
  readonly inclusive: readonly Share[];
};

const GC = '(garbage collector)';
const WAITING: ReadonlySet<string> = new Set(['(idle)']);

/** `src/x509`, `knex`, `node:tls`; null for what has no place of its own (natives, V8's own). */
export function folderOf(url: string): string | null {
  if (url.startsWith('node:')) {
    const [, first = '', second = ''] = url.split(/[:/]/);
    return first === 'internal' ? `node:${second}` : `node:${first}`;
  }
  const dependency = /\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1];
  if (dependency !== undefined) return dependency;
  const ours = /\/dist\/((?:src\/[^/]+|hsm(?:\/pkcs11)?))(\/|\.)/.exec(url);
  if (ours === null) return null;
  return url.includes('/dist/src/') && !/\/dist\/src\/[^/]+\//.test(url) ? 'src' : (ours[1] ?? null);
}

export function attribute({ nodes, samples, timeDeltas }: CpuProfile): Attribution {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)));
  const selfUs = new Map<number, number>();
  for (const [at, id] of samples.entries()) selfUs.set(id, (selfUs.get(id) ?? 0) + Math.max(0, timeDeltas[at] ?? 0));
  const lineage = (id: number): readonly ProfileNode[] => {
    const line: ProfileNode[] = [];
    for (let at: number | undefined = id; at !== undefined; at = parents.get(at)) {
      const node = byId.get(at);
      if (node !== undefined) line.push(node);
    }
    return line;
  };
  const folders = new Map<string, number>();
  const functions = new Map<string, number>();
  const inclusive = new Map<string, number>();
  let busyUs = 0;
  let idleUs = 0;
  for (const [id, us] of selfUs) {
    const line = lineage(id);
    const name = line[0]?.callFrame.functionName ?? '';
    if (WAITING.has(name)) {
      idleUs += us;
      continue;
    }
    busyUs += us;
    add(folders, name === GC ? GC : (placeOf(line) ?? '(native, called by none of these)'), us);
    add(functions, functionName(line[0]), us);
    for (const one of new Set(line.filter(({ callFrame }) => isOurs(callFrame.url)).map(functionName)))
      add(inclusive, one, us);
  }
  const shares = (from: ReadonlyMap<string, number>): readonly Share[] =>
    [...from]
      .map(([name, us]) => ({ name, ms: us / 1000, part: busyUs === 0 ? 0 : us / busyUs }))
      .sort((a, b) => b.ms - a.ms);
  return {
    busyMs: busyUs / 1000,
    idleMs: idleUs / 1000,
    folders: shares(folders),
    functions: shares(functions),
    inclusive: shares(inclusive),
  };
}

function add(sums: Map<string, number>, name: string, us: number): void {
  sums.set(name, (sums.get(name) ?? 0) + us);
}

/** The folder of the nearest caller that has one. */
function placeOf(line: readonly ProfileNode[]): string | null {
  for (const { callFrame } of line) {
    const folder = folderOf(callFrame.url);
    if (folder !== null) return folder;
  }
  return null;
}

function isOurs(url: string): boolean {
  return url.includes('/dist/src/') || url.includes('/dist/hsm/');
}

function functionName(node: ProfileNode | undefined): string {
  if (node === undefined) return '';
  const { functionName: name, url, lineNumber } = node.callFrame;
  const file = url.replace(/^.*\/(?:dist|node_modules)\//, '');
  return url === '' ? name : `${name || '(anonymous)'} ${file}:${lineNumber + 1}`;
}
