import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { afterEach, describe, expect, it } from 'vitest';
import { until } from '#tests/support/until.ts';
import { isGap, type Emission } from '../kit/collector.ts';
import { runCollector, type RunningCollector } from '../kit/testing/run-collector.ts';
import { startWebServer, type WebServer } from '../kit/testing/web-server.ts';
import { createTracks } from '../kit/track.ts';
import { prometheusSchema } from './config.ts';
import { prometheus } from './index.ts';
import { createTaker } from './take.ts';

/** Scrapes a second apart: what comes of them as `key{labels} unit t=v`, gaps as `key: reason`; and the faults. */
function taken(metrics: object[], scrapes: readonly string[], more: object = {}) {
	const streams: string[] = [];
	const emissions: Emission[] = [];
	const faults: string[] = [];
	const tracks = createTracks({
		cursor: () => undefined,
		notes: () => new Map(),
		fault: () => {},
		stream({ key, unit = '', labels = {} }) {
			const name = [key, ...Object.entries(labels).map((label) => label.join('=')), unit].filter(Boolean).join(' ');
			if (!streams.includes(name)) streams.push(name);
			return streams.indexOf(name);
		},
		emit: async (emission) => void emissions.push(emission),
	});
	const config = prometheusSchema.parse({ url: 'http://x', metrics, ...more });
	const take = createTaker({ config, tracks, onFault: (message) => faults.push(message) });
	scrapes.forEach((text, i) => take(text, (i + 1) * 1e6));
	void tracks.flush(0);
	const seen = emissions.flatMap((emission) => emission.seen);
	return {
		faults,
		told: seen.map((one) => `${streams[one.stream]}: ${isGap(one) ? one.reason : one.v}`),
	};
}

describe('what a scrape becomes', () => {
	const f = (metrics: object[], scrapes: readonly string[], want: string[]) => {
		const { told, faults } = taken(metrics, scrapes);
		expect([told, faults]).toEqual([want, []]);
	};
	it('is the value of a gauge, with its labels', () =>
		f(
			[{ metric: 'temp' }],
			['# TYPE temp gauge\ntemp{room="a"} 20\ntemp{room="b"} 21'],
			['temp room=a: 20', 'temp room=b: 21'],
		));
	it('is the growth of a counter, per second', () =>
		f(
			[{ metric: 'hits_total' }],
			['# TYPE hits_total counter\nhits_total 10', '# TYPE hits_total counter\nhits_total 25'],
			['hits_total 1/s: 15'],
		));
	it('is the growth of a counter of OpenMetrics too', () =>
		f(
			[{ metric: 'sent_bytes_total' }],
			[
				'# TYPE sent_bytes counter\nsent_bytes_total 1\n# EOF\n',
				'# TYPE sent_bytes counter\nsent_bytes_total 4\n# EOF\n',
			],
			['sent_bytes_total B/s: 3'],
		));
	it('is a gap when a counter began anew: what it counted until then nobody knows', () =>
		f(
			[{ metric: 'c', take: 'rate' }],
			['c 10', 'c 3', 'c 5'],
			['c 1/s: the counter began anew', 'c 1/s: the counter began anew', 'c 1/s: 2'],
		));
	it('is the mean of what a histogram has seen since the last time, and nothing when it has seen nothing', () => {
		const scrape = (sum: number, count: number) =>
			`# TYPE d_seconds histogram\nd_seconds_bucket{le="+Inf"} ${count}\nd_seconds_sum ${sum}\nd_seconds_count ${count}`;
		f(
			[{ metric: 'd_seconds', scale: 1000, unit: 'ms' }],
			[scrape(1, 2), scrape(1, 2), scrape(2.5, 5)],
			['d_seconds ms: 500'],
		);
	});
	it('is a counter as it stands, when that is wanted', () =>
		f([{ metric: 'c', take: 'value' }], ['# TYPE c counter\nc 10', '# TYPE c counter\nc 12'], ['c: 10', 'c: 12']));
	it('is named by its labels', () =>
		f(
			[{ metric: 'node_*', stream: 'edge/{device}/{metric}', labels: [] }],
			['node_rx{device="eth0",x="y"} 1'],
			['edge/eth0/node_rx: 1'],
		));
	it('is chosen by its labels, by the first entry that fits', () =>
		f(
			[
				{ metric: 'rx', where: { device: 'eth*' }, unit: 'B' },
				{ metric: '*', stream: 'other/{metric}' },
			],
			['rx{device="eth0"} 1\nrx{device="lo"} 2\nup 1'],
			['rx device=eth0 B: 1', 'other/rx device=lo: 2', 'other/up: 1'],
		));
	it('is a gap when a series is gone, or has no number', () =>
		f(
			[{ metric: 'a' }, { metric: 'b' }],
			['a 1\nb 1', 'b NaN', 'a 2\nb 2'],
			[
				'a: 1',
				'b: 1',
				'b: the value is NaN',
				'a: it is not in the answer',
				'a: it is not in the answer',
				'a: 2',
				'b: the value is NaN',
				'b: 2',
			],
		));
	it('is no news when its own time is that of before', () =>
		f([{ metric: 'a' }], ['a 1 500', 'a 1 500', 'a 2 1500'], ['a: 1', 'a: 2']));
});

describe('what cannot be taken', () => {
	it('is said by name: several series of one stream', () =>
		expect(taken([{ metric: 'a', labels: [] }], ['a{x="1"} 1\na{x="2"} 2']).faults).toEqual([
			'a: "a" would be several series; put a label into "stream" or leave out "labels"',
		]));
	it('is said: more than there may be', () =>
		expect(taken([{ metric: '*' }], ['a 1\nb 2\nc 3'], { maxStreams: 2 }).faults).toEqual([
			'c: more than maxStreams (2) streams',
		]));
	it('is said: lines that are none', () =>
		expect(taken([{ metric: 'a' }], ['a 1\nb']).faults).toEqual(['line 2: b has no number']));
});

describe('a target', () => {
	const running: RunningCollector[] = [];
	const servers: WebServer[] = [];
	afterEach(async () => {
		for (const one of running.splice(0)) await one.stop();
		for (const one of servers.splice(0)) await one.close();
	});
	it('that uses the client library of Prometheus is understood', async () => {
		const registers = [new Registry()];
		const counter = new Counter({ name: 'parts_total', help: 'x', labelNames: ['line'], registers });
		const gauge = new Gauge({ name: 'oven_celsius', help: 'x', registers });
		const histogram = new Histogram({ name: 'cycle_seconds', help: 'x', registers });
		counter.inc({ line: 'a\n"b"' }, 3);
		gauge.set(21.5);
		histogram.observe(2);
		const web = await startWebServer([]);
		servers.push(web);
		web.answers = [{ body: (await registers[0]?.metrics()) ?? '' }];
		histogram.observe(4);
		web.answers = [...web.answers, { body: (await registers[0]?.metrics()) ?? '' }];
		const metrics = [{ metric: 'oven_celsius' }, { metric: 'cycle_seconds' }, { metric: 'parts_total', labels: [] }];
		const started = runCollector(prometheus, { url: web.url, every: '100ms', metrics });
		running.push(started);
		await until(() => started.points('parts_total').length > 0 && started.points('cycle_seconds').length > 0);
		expect(started.values('oven_celsius')[0]).toBe(21.5);
		expect(started.values('cycle_seconds')).toEqual([4]);
		expect(started.values('parts_total')[0]).toBe(0);
		expect(started.streams.toSorted()).toEqual(['cycle_seconds s', 'oven_celsius °C', 'parts_total 1/s']);
		expect(started.faults).toEqual([]);
		expect(web.requests[0]?.headers.accept).toMatch(/^application\/openmetrics-text/);
	});
});
