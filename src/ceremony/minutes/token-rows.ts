/** Lists the tokens of a ceremony, with the data that each token reported. */
import type { Entry } from '../transcript/transcript.js';
import type { Cell } from './document.js';

/**
 * Returns one row per token: name in the plan and label, manufacturer and model, serial number,
 * hardware and firmware versions. Two tokens with one name have two rows.
 */
export function tokenRows(entries: readonly Entry[]): readonly (readonly Cell[])[] {
  const rows = new Map<string, readonly Cell[]>();
  for (const { result } of entries) {
    const { token, label, serialNumber, manufacturer, model, hardware, firmware } = result;
    if (typeof token !== 'string' || typeof serialNumber !== 'string') continue;
    const known = rows.get(`${token} ${serialNumber}`);
    // An entry with less data about the token does not replace the row.
    if (known !== undefined && typeof firmware !== 'string') continue;
    const text = (value: unknown): string => (typeof value === 'string' && value !== '' ? value : '-');
    const make = typeof manufacturer === 'string' ? `${manufacturer}, ${text(model)}` : '-';
    const versions = `${text(hardware)} / ${text(firmware)}`;
    rows.set(`${token} ${serialNumber}`, [`${token}\n${text(label)}`, make, text(serialNumber), versions]);
  }
  return [...rows.values()];
}
