import type { AlertContent } from '#contracts/alert.ts';
import type { Language } from '#contracts/language.ts';
import { formatTime } from '#contracts/time.ts';
import { inLanguage } from '#lib/format/in-language.ts';
import * as m from '#messages';

/** What the test button sends: says of itself that nothing has happened. */
export function testContent(test: {
	readonly route: string;
	readonly language: Language;
	readonly by: string;
	readonly atMicros: number;
}): AlertContent {
	const at = formatTime(test.atMicros);
	const stream = { id: '0', key: 'sigmascope/test', labels: {}, site: 'test', unit: '' };
	return {
		route: test.route,
		severity: 'info',
		language: test.language,
		count: 1,
		counts: { opened: 1 },
		violationIds: [],
		items: [
			{
				change: 'opened',
				stream: { ...stream, asset: 'test' },
				reaction: [inLanguage(test.language, () => m.alerts_test_reaction({ person: test.by, route: test.route }))],
				violation: {
					id: 'test',
					stream,
					chart: 'i',
					rule: 1,
					side: 'above',
					firstAt: at,
					lastAt: at,
					endedAt: null,
					spanFrom: at,
					active: true,
					state: 'open',
					severity: 'info',
					points: 1,
					value: 4,
					centre: 0,
					sigma: 1,
					limitsId: 'test',
					revision: 1,
					context: { before: [], at: [{ t: at, v: 4 }], after: [], complete: false },
					metrics: {},
					cause: null,
					assignee: null,
				},
			},
		],
	};
}
