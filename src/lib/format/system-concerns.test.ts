import { describe, expect, it } from 'vitest';
import type { ApiCollector, ApiSystem } from '#contracts/system.ts';
import { formatBytes } from './bytes.ts';
import { concernsOf } from './system-concerns.ts';

const collector: ApiCollector = {
	name: 'press',
	type: 'mqtt',
	state: 'up',
	connected: true,
	points: 1,
	faults: 0,
	restarts: 0,
	depth: 0,
	bytes: 0,
	capBytes: 1000,
	oldestMs: 0,
	dropped: 0,
	refused: 0,
	lastReadAt: null,
	newest: null,
	lastError: null,
};
const well: ApiSystem = {
	versions: {},
	startedAt: '2026-11-21T00:00:00Z',
	status: 'ready',
	journal: { bytes: 1, capBytes: 100, firstSeq: 1, lastSeq: 1, refusing: null },
	lags: { engine: 3, store: 9, cases: 0 },
	lagSeconds: { engine: 0, store: 2, cases: 0 },
	parts: { journal: 'up', engine: 'up', store: 'up', collectors: 'up', 'collector press': 'up' },
	restarts: { store: 0, collectors: 0 },
	disk: { freeBytes: 1e11, totalBytes: 2e11 },
	store: null,
	processes: [],
	rates: { accepted: 0, refused: 0, duplicate: 0, plotted: 0, stored: 0 },
	meanMs: { commit: 1, insert: null, metadata: null, http: null },
	collectors: [collector],
	troubles: [],
	backup: null,
};

describe('what a person should know of the server', () => {
	const f = (more: Partial<ApiSystem>, titles: readonly (string | RegExp)[]) =>
		expect(concernsOf({ ...well, ...more }).map(({ level, title }) => `${level}: ${title}`)).toEqual(
			titles.map((title) => (typeof title === 'string' ? title : (expect.stringMatching(title) as string))),
		);
	it('nothing, when all is well', () => f({}, []));
	it('a full journal first of all', () =>
		f(
			{
				journal: { ...well.journal, refusing: 'it holds 100 bytes' },
				parts: { ...well.parts, journal: 'full', store: 'down' },
			},
			['alarm: Points are not being taken', 'alarm: Store is down'],
		));
	it('a full disk once, where the journal already says so', () =>
		f({ journal: { ...well.journal, refusing: 'the disk' }, disk: { freeBytes: 1, totalBytes: 2 } }, [
			'alarm: Points are not being taken',
		]));
	it('a journal that is half full', () =>
		f({ journal: { ...well.journal, bytes: 60 } }, ['caution: The journal is filling']));
	it('a disk that is nearly full', () =>
		f({ disk: { freeBytes: 4e9, totalBytes: 1e11 } }, ['caution: The disk is nearly full']));
	it('a slow disk', () => f({ meanMs: { ...well.meanMs, commit: 300 } }, ['caution: The disk is slow']));
	it('a part that starts for the first time is no alarm', () =>
		f({ parts: { ...well.parts, store: 'starting' } }, ['caution: Store is starting']));
	it('one that starts again is', () =>
		f({ parts: { ...well.parts, store: 'starting' }, restarts: { store: 2 } }, ['alarm: Store is starting']));
	it('a reader that is late', () => f({ lagSeconds: { store: 90 } }, ['caution: Storing is late, by 1 min']));
	it('but not that the store is late while it is down', () =>
		f({ lagSeconds: { store: 90 }, parts: { ...well.parts, store: 'down' } }, ['alarm: Store is down']));
	it('alarms before cautions', () =>
		f({ lagSeconds: { engine: 30 }, collectors: [{ ...collector, state: 'misconfigured' }] }, [
			'alarm: Collector press cannot run',
			'caution: Judging is late, by 30 s',
		]));
	it('a source that is away', () =>
		f({ collectors: [{ ...collector, state: 'waiting' }] }, ['caution: Collector press does not reach its source']));
	const fault = { source: 'collector', message: 'nothing listens there', at: '2026-11-21T10:00:00Z' } as const;
	it('a source that has sent nothing since a fault', () =>
		f({ collectors: [{ ...collector, lastError: fault, lastReadAt: '2026-11-21T09:59:00Z' }] }, [
			'caution: Collector press has read nothing since its last fault',
		]));
	it('but not one that has', () =>
		f({ collectors: [{ ...collector, lastError: fault, lastReadAt: '2026-11-21T10:00:01Z' }] }, []));
	it('points that were given up', () =>
		f({ collectors: [{ ...collector, dropped: 12 }] }, ['caution: Collector press gave up 12 points']));
	it('a replay at its end is well', () => f({ collectors: [{ ...collector, state: 'ended', connected: false }] }, []));
	it('a backup that failed', () =>
		f({ backup: { state: 'failed', startedAt: '', bytes: 0, error: 'no room' } }, ['caution: The last backup failed']));
});

describe('bytes', () => {
	const f = (bytes: number, text: string) => expect(formatBytes(bytes)).toBe(text);
	it('few', () => f(999, '999 B'));
	it('with a digit behind the point where that tells something', () => f(1500, '1.5 kB'));
	it('and without where it does not', () => f(25_300_000, '25 MB'));
	it('many', () => f(2.5e14, '250 TB'));
});
