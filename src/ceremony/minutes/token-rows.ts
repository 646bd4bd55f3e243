/** The tokens of a ceremony, as they told of themselves when their keys were made or read. */
import type { Entry } from '../transcript/transcript.js';
import type { Cell } from './document.js';

/** Name in the plan and label on the token, make, serial number, hardware and firmware; a token that was seen twice stands once. */
export function tokenRows(entries: readonly Entry[]): readonly (readonly Cell[])[] {
  const rows = new Map<string, readonly Cell[]>();
  for (const { result } of entries) {
    const { token, label, serialNumber, manufacturer, model, hardware, firmware } = result;
    if (typeof token !== 'string' || typeof serialNumber !== 'string') continue;
    const known = rows.get(`${token} ${serialNumber}`);
    // A step that tells less than another of the same token adds nothing.
    if (known !== undefined && typeof firmware !== 'string') continue;
    const text = (value: unknown): string => (typeof value === 'string' && value !== '' ? value : '-');
    const make = typeof manufacturer === 'string' ? `${manufacturer}, ${text(model)}` : '-';
    const versions = `${text(hardware)} / ${text(firmware)}`;
    rows.set(`${token} ${serialNumber}`, [`${token}\n${text(label)}`, make, text(serialNumber), versions]);
  }
  return [...rows.values()];
}
