import { describe, expect, it } from 'vitest';
import type { ApiAnnotation } from '#contracts/annotation.ts';
import type { ApiLimits } from '#contracts/api.ts';
import { phasesOf } from './stream-phases.ts';

const at = (second: number) => new Date(second * 1000).toISOString();
const limits = (limitsId: string, second: number, chart = 'i') =>
	({ limitsId, chart, from: at(second) }) as unknown as ApiLimits;
const begun = (second: number, text: string): ApiAnnotation => ({
	id: text,
	kind: 'phase',
	from: at(second),
	to: at(second),
	text,
	by: 'ann',
	at: at(second),
});
const of = (all: readonly ApiLimits[], annotations: readonly ApiAnnotation[] = []) =>
	phasesOf(all, 'i', { annotations, nowMs: 100_000 }).map(({ id, fromMs, toMs, name }) => [id, fromMs, toMs, name]);

describe('phases', () => {
	it('end where the next one begins, the newest first and until now', () =>
		expect(of([limits('b', 50), limits('a', 10)])).toEqual([
			['b', 50_000, 100_000, ''],
			['a', 10_000, 49_999.999, ''],
		]));
	it('are of one chart', () => expect(of([limits('a', 10), limits('m', 10, 'mr')])).toHaveLength(1));
	it('have the name that somebody gave when it began, and no other one has', () =>
		expect(of([limits('a', 10), limits('b', 50)], [begun(45, 'new tool')]).map(([, , , name]) => name)).toEqual([
			'new tool',
			'',
		]));
	it('learnt again at the moment at which another one was begun are not that one', () =>
		expect(
			of([limits('a', 10), limits('again', 45), limits('b', 50)], [begun(45, 'new tool')]).map(([id, , , name]) => [
				id,
				name,
			]),
		).toEqual([
			['b', 'new tool'],
			['again', ''],
			['a', ''],
		]));
	it('that held for nothing are none', () =>
		expect(of([limits('a', 10), limits('b', 10)]).map(([id]) => id)).toEqual(['b']));
});
