/**
 * Whether octets are anywhere in the memory of a process: what a core file, a debugger or root
 * would find.
 */
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';

const CHUNK_BYTES = 8 * 1024 * 1024;

/**
 * Null where this user may not read that memory. `text` is searched as octets and as UTF-16, as
 * V8 may keep it.
 */
export function memoryHolds(pid: number, text: string): boolean | null {
  const wanted = [Buffer.from(text, 'latin1'), Buffer.from(text, 'utf16le')];
  let memory: number;
  try {
    memory = openSync(`/proc/${pid}/mem`, 'r');
  } catch {
    return null;
  }
  try {
    return writableRegions(pid).some((region) => regionHolds(memory, region, wanted));
  } finally {
    closeSync(memory);
  }
}

type Region = { readonly from: number; readonly to: number };

/** What a process has written is in memory that it may write to (proc(5), /proc/pid/maps). */
function writableRegions(pid: number): readonly Region[] {
  const lines = readFileSync(`/proc/${pid}/maps`, 'utf8').split('\n');
  return lines.flatMap((line) => {
    const match = /^([0-9a-f]+)-([0-9a-f]+) rw/.exec(line);
    const [, from = '', to = ''] = match ?? [];
    return match ? [{ from: Number.parseInt(from, 16), to: Number.parseInt(to, 16) }] : [];
  });
}

/** Chunks overlap by the length of what is searched. Memory that was freed meanwhile is skipped. */
function regionHolds(memory: number, { from, to }: Region, wanted: readonly Buffer[]): boolean {
  const overlap = Math.max(...wanted.map(({ length }) => length)) - 1;
  const chunk = Buffer.alloc(Math.min(CHUNK_BYTES, to - from));
  for (let at = from; at < to; at += chunk.length - overlap) {
    const length = readQuietly(memory, chunk.subarray(0, Math.min(chunk.length, to - at)), at);
    const read = chunk.subarray(0, length);
    if (wanted.some((one) => read.includes(one))) {
      chunk.fill(0);
      return true;
    }
    if (at + length >= to || chunk.length <= overlap) break;
  }
  return false;
}

function readQuietly(memory: number, into: Buffer, at: number): number {
  try {
    return readSync(memory, into, 0, into.length, at);
  } catch {
    return 0;
  }
}
