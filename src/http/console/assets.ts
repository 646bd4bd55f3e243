/**
 * Reads the files that the pages of the console load: the style and the scripts, whose names
 * contain digests of their contents so that browsers may cache them forever, and the operator's
 * theme.
 */
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
  /**
   * Whether the name contains the digest of the content, so that the content under this name never
   * changes.
   */
  readonly isConstant: boolean;
};

const FOLDER = 'src/console/assets';
const STYLE = { name: 'console.css', type: 'text/css; charset=utf-8' };
const SCRIPTS = [{ name: 'live.js', type: 'text/javascript; charset=utf-8' }];

/**
 * Reads the style and the scripts. It is called when a server is made, not at each request.
 * `links`: the paths that pages refer to.
 */
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

/** The media types of the files that a theme may have, by the ends of their names. */
const THEME_TYPES: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  woff2: 'font/woff2',
  svg: 'image/svg+xml',
  png: 'image/png',
};
const THEME_PATH = '/console/assets/theme';
/**
 * This file is loaded after the style of the console, so it can change the variables of that style.
 */
const THEME_STYLE = 'theme.css';

/**
 * Reads the files of the operator's theme. Files of other types, or with other characters in their
 * names, are ignored; if the folder does not exist, there is no theme. The files keep their names,
 * so that the style can refer to them. `style` null: the theme has no `theme.css`.
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
