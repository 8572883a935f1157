import { describe, expect, it } from 'vitest';
import { measuredAt, presentOf, type Clocks } from './stamp.ts';

const S = 1_000_000;
const NOW = 1_000 * S;
/** The server's clock is ten seconds ahead of ours. */
const clocks = (timestamp: Clocks['timestamp']): Clocks => ({ timestamp, aheadMicros: 10 * S });

describe('the time of a value', () => {
	const f = (timestamp: Clocks['timestamp'], times: { source?: number; server?: number }, want: number | undefined) => {
		const presentMicros = presentOf(clocks(timestamp), NOW);
		const bounds = { sinceMicros: presentMicros - 5 * S, presentMicros };
		const { source: sourceMicros, server: serverMicros } = times;
		expect(measuredAt(clocks(timestamp), { sourceMicros, serverMicros }, bounds)).toBe(want);
	};
	it('is that of the source', () => f('source', { source: NOW + 9 * S, server: NOW + 10 * S }, NOW + 9 * S));
	it('is that of the server where the source gives none', () => f('source', { server: NOW + 10 * S }, NOW + 10 * S));
	it('is that of the server where the clock of the device was never set', () =>
		f('source', { source: 946_684_800 * S, server: NOW + 10 * S }, NOW + 10 * S));
	it('is that of the server where the clock of the device is ahead', () =>
		f('source', { source: NOW + 3600 * S, server: NOW + 10 * S }, NOW + 10 * S));
	it('is that of the server when that is wanted', () =>
		f('server', { source: NOW + 9 * S, server: NOW + 10 * S }, NOW + 10 * S));
	it('is the present when neither is of now', () =>
		f('source', { source: NOW - 3600 * S, server: NOW - 3600 * S }, undefined));
	it('is by our clock when that is wanted: that of the server, less what it is ahead', () =>
		f('collector', { source: 1, server: NOW + 9 * S }, NOW - S));
	it('is unknown without any', () => f('collector', {}, undefined));
});
