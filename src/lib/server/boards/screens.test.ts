import { describe, expect, it } from 'vitest';
import type { ScreenReport } from '#contracts/screen.ts';
import { createScreens } from './screens.ts';

const REPORT: ScreenReport = {
	screen: 'screen-1',
	path: '/wall/site',
	page: 'site',
	version: '1',
	width: 1920,
	height: 1080,
	upSeconds: 5,
	fresh: 1,
	tiles: 1,
	sound: 'off',
	isAwake: true,
	lost: 0,
	faults: 0,
	heapMb: null,
	done: null,
};
const NORTH = { by: 'key:1', name: 'Wall of line 3', sites: ['north'] };

describe('screens', () => {
	let nowMicros = 1_000_000;
	const open = () => createScreens({ now: () => nowMicros });
	const idOf = (screens: ReturnType<typeof open>) => screens.list('all')[0]?.id ?? '';

	it('are known by what they said last', () => {
		const screens = open();
		screens.take(NORTH, REPORT);
		screens.take(NORTH, { ...REPORT, upSeconds: 10 });
		expect(screens.list('all')).toMatchObject([{ name: 'Wall of line 3', report: { upSeconds: 10 } }]);
	});
	it('of a foreign site are not there', () => {
		const screens = open();
		screens.take(NORTH, REPORT);
		expect([screens.list(['south']), screens.order(idOf(screens), ['south'], { reload: true })]).toEqual([[], false]);
	});
	it('that show every site are for who manages every site', () => {
		const screens = open();
		screens.take({ ...NORTH, sites: 'all' }, REPORT);
		expect([screens.list(['north']).length, screens.list('all').length]).toEqual([0, 1]);
	});
	it('are told an order until they have carried it out', () => {
		const screens = open();
		screens.take(NORTH, REPORT);
		expect(screens.order(idOf(screens), ['north'], { path: '/wall/line-3' })).toBe(true);
		const order = screens.take(NORTH, REPORT);
		expect(order).toMatchObject({ path: '/wall/line-3' });
		expect(screens.take(NORTH, REPORT)).toEqual(order);
		expect(screens.take(NORTH, { ...REPORT, done: order?.id ?? null })).toBeNull();
	});
	it('cannot be spoken for by somebody else', () => {
		const screens = open();
		screens.take(NORTH, REPORT);
		screens.take({ ...NORTH, by: 'key:2', name: 'other' }, REPORT);
		expect(screens.list('all').map(({ name }) => name)).toEqual(['Wall of line 3', 'other']);
	});
	it('are missed when they fall silent; a tab that somebody closed is forgotten', () => {
		const screens = open();
		screens.take(NORTH, REPORT);
		screens.take({ ...NORTH, by: 'person:7' }, REPORT);
		nowMicros += 3_600_000_000;
		expect(screens.list('all').map(({ by }) => by)).toEqual(['key:1']);
	});
	it('that somebody makes up push out his own', () => {
		const screens = open();
		screens.take(NORTH, REPORT);
		for (let i = 0; i < 500; i++) screens.take({ ...NORTH, by: 'key:2' }, { ...REPORT, screen: `made-up-${i}` });
		expect([screens.list('all').length, screens.list('all')[0]?.by]).toEqual([41, 'key:1']);
	});
});
