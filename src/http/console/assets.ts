/** Style and scripts of the console, under names with their digests, so that browsers keep them. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Assets } from '../../console/layout/html-page.js';
import type { Bytes } from '../../kernel/bytes.js';
import { sha256Hex } from '../../kernel/digest.js';
import { packageRoot } from '../../package/package-root.js';

export type Asset = {
  readonly path: string;
  readonly type: string;
  readonly body: Bytes;
  /** Whether the name follows from the content, so that it never changes. */
  readonly isConstant: boolean;
};

const FOLDER = 'src/console/assets';
const STYLE = { name: 'console.css', type: 'text/css; charset=utf-8' };
const SCRIPTS = [{ name: 'live.js', type: 'text/javascript; charset=utf-8' }];

/** Reads the files once, at the start of the process. */
export function readAssets(): { readonly files: readonly Asset[]; readonly links: Assets } {
  const style = readAsset(STYLE);
  const scripts = SCRIPTS.map(readAsset);
  return {
    files: [style, ...scripts],
    links: { styles: [style.path], scripts: scripts.map(({ path }) => path) },
  };
}

function readAsset({ name, type }: { readonly name: string; readonly type: string }): Asset {
  const body = new Uint8Array(readFileSync(join(packageRoot(), FOLDER, name)));
  const [stem, suffix] = name.split('.');
  return { path: `/console/assets/${stem}-${sha256Hex(body).slice(0, 16)}.${suffix}`, type, body, isConstant: true };
}

/** The files that a theme may have, with their types. */
const THEME_TYPES: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  woff2: 'font/woff2',
  svg: 'image/svg+xml',
  png: 'image/png',
};
const THEME_PATH = '/console/assets/theme';
/** Comes after the style of the console, and may change its variables. */
const THEME_STYLE = 'theme.css';

/**
 * Reads the files of the operator's theme; files of other types are left out. `folder` is missing
 * where there is no theme. The files keep their names, so that the style can refer to them.
 */
export function readTheme(folder: string): { readonly files: readonly Asset[]; readonly style: string | null } {
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => /^[\w-]+(\.[\w-]+)*$/.test(name)) : [];
  const files = names.flatMap((name) => {
    const type = THEME_TYPES[name.slice(name.lastIndexOf('.') + 1)];
    if (type === undefined) return [];
    const body = new Uint8Array(readFileSync(join(folder, name)));
    return [{ path: `${THEME_PATH}/${name}`, type, body, isConstant: false }];
  });
  const style = files.find(({ path }) => path === `${THEME_PATH}/${THEME_STYLE}`);
  return { files, style: style?.path ?? null };
}
