import { describe, expect, it } from 'vitest';
import { parseDraft } from './draft.ts';

describe('a route that is not saved', () => {
	const f = (yaml: string, ...wanted: readonly [number, number, string, RegExp][]) => {
		const { faults } = parseDraft(yaml);
		expect(faults.map(({ line, column, path }) => [line, column, path])).toEqual(wanted.map(([a, b, c]) => [a, b, c]));
		for (const [i, [, , , words]] of wanted.entries()) expect(faults[i]?.message).toMatch(words);
	};
	const names = (yaml: string) => Object.keys(parseDraft(yaml).config?.routes ?? {});
	it('may be the whole section, what stands below it, or a body without a name', () => {
		expect(names('alerts:\n  routes:\n    a: { channels: [{ type: webhook, url: https://x.example }] }')).toEqual([
			'a',
		]);
		expect(names('routes:\n  a: { channels: [{ type: webhook, url: https://x.example }] }')).toEqual(['a']);
		expect(names('a:\n  minSeverity: critical\n  channels: [{ type: webhook, url: https://x.example }]')).toEqual([
			'a',
		]);
		expect(names('match: { asset: "press-*" }\nminSeverity: critical')).toEqual(['new']);
	});
	it('may be without channels, however it is written', () => {
		expect(names('night:\n  match: { asset: x }\nday: { minSeverity: info }\nlate:\n  on: [opened]')).toEqual([
			'night',
			'day',
			'late',
		]);
		f('night:\n  match: { asset: x }\nday:\n  minSeverety: info', [4, 3, 'day.minSeverety', /did you mean/]);
	});
	it('may name secrets and variables that this server does not have', () =>
		expect(parseDraft('channels: [{ type: slack, token: "${NO_SUCH}", channel: "#x" }]').faults).toEqual([]));

	it('tells its faults by line and column of what was typed', () => {
		f('match: { asset: x }\nminSeverety: critical', [2, 1, 'minSeverety', /did you mean "minSeverity"/]);
		f('groupFor: soon\nminSeverity: high', [1, 11, 'groupFor', /./], [2, 14, 'minSeverity', /"high" is not allowed/]);
		f('a:\n  channels: [{ type: pager }]', [2, 22, 'a.channels[0].type', /no channel "pager"/]);
		f('alerts:\n  routes: 3', [2, 11, 'alerts.routes', /must be/]);
	});
	it('that is no YAML says where it stops being it', () => {
		const [fault] = parseDraft('match: { asset: x\nminSeverity: info').faults;
		expect(fault?.line).toBeGreaterThan(0);
		expect(fault?.line).toBeLessThan(4);
	});
});
