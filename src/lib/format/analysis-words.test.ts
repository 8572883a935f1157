import { afterEach, describe, expect, it } from 'vitest';
import { CAUSES } from '#contracts/cause.ts';
import { overwriteGetLocale } from '#messages/generated/runtime.js';
import { NEXT_CHECK } from '#server/rca/checks.ts';
import { byTitle, causeTitle, causeWords, nextCheckWords, titleOfCause } from './analysis-words.ts';

afterEach(() => overwriteGetLocale(() => 'en'));

describe('a cause of the catalogue', () => {
	const title = (name: string) => name.slice(0, 1).toUpperCase() + name.slice(1).replaceAll('-', ' ');

	it('is called on the pages as in a new catalogue', () => expect(CAUSES.map(causeWords)).toEqual(CAUSES.map(title)));
	it('has the next check that the API gives', () =>
		expect(CAUSES.map((cause) => nextCheckWords({ cause }))).toEqual(CAUSES.map((cause) => NEXT_CHECK[cause])));
	it('is called as people renamed it', () =>
		expect(causeTitle({ name: 'sensor-stuck', title: 'Probe iced up' })).toBe('Probe iced up'));
	it('that people added keeps its title', () =>
		expect(causeTitle({ name: 'nozzle-clogged', title: 'Nozzle clogged' })).toBe('Nozzle clogged'));
	it('stands by what it is called here', () => {
		overwriteGetLocale(() => 'de');
		const names = ['unknown', 'over-adjustment', 'normal-variation', 'process-shift'];
		const entries = names.map((name) => ({ name, title: title(name) }));
		expect(byTitle(entries).map(causeTitle)).toEqual([
			'Prozess hat sich verschoben',
			'Übersteuerung',
			'Übliche Streuung',
			'Unbekannt',
		]);
	});
	it('that is gone from it goes by its name', () => expect(titleOfCause([], 'nozzle-clogged')).toBe('nozzle-clogged'));
});
