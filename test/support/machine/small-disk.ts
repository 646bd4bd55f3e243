/** A file system of its own under a folder, small enough to be filled. Only root may make one. */
import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, cpSync, ftruncateSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type SmallDisk = {
  /** Leaves less than a page free. */
  readonly fill: () => void;
  readonly empty: () => void;
  readonly setReadOnly: (readOnly: boolean) => void;
  readonly remove: () => void;
};

const TRY_AGAIN_MS = 100;
const TRIES_MAX = 100;

export const canMakeDisks = process.getuid?.() === 0;

/** The folder keeps its path, its owner and what is in it. */
export function smallDisk(folder: string, sizeMb: number): SmallDisk {
  const saved = mkdtempSync(join(tmpdir(), 'pfcng-disk-'));
  const copy = (from: string, to: string): void => cpSync(from, to, { recursive: true, preserveTimestamps: true });
  copy(folder, saved);
  const [owner, mode] = ['%u:%g', '%a'].map((what) => execFileSync('stat', ['-c', what, folder], { encoding: 'utf8' }));
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${sizeMb}m`, 'tmpfs', folder], { stdio: 'ignore' });
  copy(saved, folder);
  execFileSync('chown', [(owner ?? '').trim(), folder]);
  execFileSync('chmod', [(mode ?? '').trim(), folder]);
  rmSync(saved, { recursive: true, force: true });
  const ballast = join(folder, 'ballast');
  return {
    fill() {
      const file = openSync(ballast, 'w');
      let written = 0;
      try {
        for (const octets of [1024 * 1024, 4096]) written = fillWith(file, Buffer.alloc(octets, 0x5a), written);
      } finally {
        ftruncateSync(file, written);
        closeSync(file);
      }
    },
    empty: () => rmSync(ballast, { force: true }),
    setReadOnly: (readOnly) => {
      const remount = ['-o', `remount,${readOnly ? 'ro' : 'rw'}`, folder];
      // Some threads of a killed process may keep its files open for a moment after the first has
      // ended.
      for (let triesLeft = TRIES_MAX; !succeeds('mount', remount); triesLeft -= 1) {
        if (triesLeft === 0) throw new Error(`mount ${remount.join(' ')}`);
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, TRY_AGAIN_MS);
      }
    },
    remove: () => unmount(folder),
  };
}

/** Unmounts the disks that a killed run left in a folder, which cannot be deleted before. */
export function unmountAllIn(folder: string): void {
  if (!canMakeDisks) return;
  const mounts = readFileSync('/proc/self/mounts', 'utf8').split('\n');
  const places = mounts.map((line) => line.split(' ')[1] ?? '').filter((place) => place.startsWith(`${folder}/`));
  // The last one may be on another of them.
  for (const place of places.reverse()) unmount(place);
}

function unmount(place: string): void {
  execFileSync('umount', ['-l', place]);
}

/** The size of the file when no more fits. */
function fillWith(file: number, piece: Buffer, size: number): number {
  for (let at = size; ; ) {
    try {
      at += writeSync(file, piece, 0, piece.length, at);
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOSPC') return at;
      throw error;
    }
  }
}

function succeeds(program: string, args: readonly string[]): boolean {
  return spawnSync(program, args, { stdio: 'ignore' }).status === 0;
}
