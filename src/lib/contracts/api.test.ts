import { describe, expect, it } from 'vitest';
import { toApiViolation, type ApiViolation } from './api.ts';
import type { Violation } from './violation.ts';

const T0 = 1_767_225_600_000_000;
const STREAM = { id: '7', key: 'press-1/temperature', labels: { line: 'a' }, site: 'plant-a', unit: '°C' };

const VIOLATION: Violation = {
	id: '9f2c',
	streamId: 7,
	chart: 'i',
	rule: 2,
	side: 'above',
	firstMicros: T0 + 8_000_000,
	lastMicros: T0 + 9_250_000,
	endedMicros: T0 + 10_000_001,
	active: false,
	severity: 'critical',
	points: 2,
	value: 21.5,
	centre: 20,
	sigma: 0.75,
	limitsId: 'l1',
	spanFromMicros: T0,
	revision: 3,
	context: {
		before: [{ tMicros: T0 + 7_000_000, v: 20.5 }],
		at: [
			{ tMicros: T0 + 8_000_000, v: 21.5 },
			{ tMicros: T0 + 9_250_000, v: 21 },
		],
		after: [{ tMicros: T0 + 10_000_001, v: 19.5 }],
		complete: true,
	},
	historical: false,
	state: 'acknowledged',
	cause: 'tool-wear-drift',
	assignee: null,
};

const GOLDEN: ApiViolation = {
	id: '9f2c',
	stream: { id: '7', key: 'press-1/temperature', labels: { line: 'a' }, site: 'plant-a', unit: '°C' },
	chart: 'i',
	rule: 2,
	side: 'above',
	firstAt: '2026-01-01T00:00:08Z',
	lastAt: '2026-01-01T00:00:09.250Z',
	endedAt: '2026-01-01T00:00:10.000001Z',
	spanFrom: '2026-01-01T00:00:00Z',
	active: false,
	state: 'acknowledged',
	severity: 'critical',
	points: 2,
	value: 21.5,
	centre: 20,
	sigma: 0.75,
	limitsId: 'l1',
	revision: 3,
	context: {
		before: [{ t: '2026-01-01T00:00:07Z', v: 20.5 }],
		at: [
			{ t: '2026-01-01T00:00:08Z', v: 21.5 },
			{ t: '2026-01-01T00:00:09.250Z', v: 21 },
		],
		after: [{ t: '2026-01-01T00:00:10.000001Z', v: 19.5 }],
		complete: true,
	},
	metrics: {},
	cause: 'tool-wear-drift',
	assignee: null,
};

describe('a violation in the API', () => {
	it('is this object and no other', () => expect(toApiViolation(VIOLATION, STREAM)).toStrictEqual(GOLDEN));
	it('is JSON as it is', () => expect(JSON.parse(JSON.stringify(GOLDEN))).toStrictEqual(GOLDEN));
	it('that goes on has no end and no cause yet', () =>
		expect(toApiViolation({ ...VIOLATION, endedMicros: null, active: true, cause: null }, STREAM)).toStrictEqual({
			...GOLDEN,
			endedAt: null,
			active: true,
			cause: null,
		}));
	it('that ended in 1970 has ended', () =>
		expect(toApiViolation({ ...VIOLATION, endedMicros: 0 }, STREAM).endedAt).toBe('1970-01-01T00:00:00Z'));
	it('of a rule with a name has its name', () =>
		expect(toApiViolation({ ...VIOLATION, rule: 'no-data' }, STREAM).rule).toBe('no-data'));
});
