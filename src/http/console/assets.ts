/** Style and scripts of the console, under names with their digests, so that browsers keep them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Assets } from '../../console/layout/document.js';
import type { Bytes } from '../../kernel/bytes.js';
import { sha256Hex } from '../../kernel/digest.js';
import { packageRoot } from '../../package/package-root.js';

export type Asset = { readonly path: string; readonly type: string; readonly body: Bytes };

const FOLDER = 'src/console/assets';
const STYLE = { name: 'console.css', type: 'text/css; charset=utf-8' };
const SCRIPTS = [{ name: 'live.js', type: 'text/javascript; charset=utf-8' }];

/** Reads the files once, at the start of the process. */
export function readAssets(): { readonly files: readonly Asset[]; readonly links: Assets } {
  const style = readAsset(STYLE);
  const scripts = SCRIPTS.map(readAsset);
  return {
    files: [style, ...scripts],
    links: { style: style.path, scripts: scripts.map(({ path }) => path) },
  };
}

function readAsset({ name, type }: { readonly name: string; readonly type: string }): Asset {
  const body = new Uint8Array(readFileSync(join(packageRoot(), FOLDER, name)));
  const [stem, suffix] = name.split('.');
  return { path: `/console/assets/${stem}-${sha256Hex(body).slice(0, 16)}.${suffix}`, type, body };
}
