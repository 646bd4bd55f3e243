/**
 * The tokens of a ceremony, with the data that each token reported when its key was generated or
 * read.
 */
import type { Entry } from '../transcript/transcript.js';
import type { Cell } from './document.js';

/**
 * One row per token: its name in the plan and its label, manufacturer, serial number, hardware
 * and firmware.
 */
export function tokenRows(entries: readonly Entry[]): readonly (readonly Cell[])[] {
  const rows = new Map<string, readonly Cell[]>();
  for (const { result } of entries) {
    const { token, label, serialNumber, manufacturer, model, hardware, firmware } = result;
    if (typeof token !== 'string' || typeof serialNumber !== 'string') continue;
    const known = rows.get(`${token} ${serialNumber}`);
    // A step that records less about a token than an earlier step adds no row.
    if (known !== undefined && typeof firmware !== 'string') continue;
    const text = (value: unknown): string => (typeof value === 'string' && value !== '' ? value : '-');
    const make = typeof manufacturer === 'string' ? `${manufacturer}, ${text(model)}` : '-';
    const versions = `${text(hardware)} / ${text(firmware)}`;
    rows.set(`${token} ${serialNumber}`, [`${token}\n${text(label)}`, make, text(serialNumber), versions]);
  }
  return [...rows.values()];
}
