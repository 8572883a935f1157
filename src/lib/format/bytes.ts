import { localNumber } from './number.ts';

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];

/** @returns decimal units, as disks are sold: `1.5 GB`; two digits, or three where they are whole */
export function formatBytes(bytes: number): string {
	const power = Math.floor(Math.log10(Math.max(1, bytes)) / 3);
	const at = Math.min(UNITS.length - 1, power);
	const value = bytes / 1000 ** at;
	return `${at === 0 || value >= 10 ? Math.round(value) : localNumber(value.toFixed(1))} ${UNITS[at]}`;
}
