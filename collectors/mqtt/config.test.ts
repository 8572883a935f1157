import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { optionTable } from '../kit/option-table.ts';
import { mqttSchema, subscriptionSchema } from './config.ts';

/** Place and text of what is wrong with these options. */
function faults(options: object): string[] {
	const parsed = mqttSchema.safeParse({ url: 'mqtt://broker', subscribe: [{ topic: 'a' }], ...options });
	return parsed.success ? [] : parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
}

it('the README has the options of a subscription', () =>
	expect(readFileSync(new URL('README.md', import.meta.url), 'utf8')).toContain(optionTable(subscriptionSchema)));

it('a shard is one of its count', () => {
	expect(faults({ shard: { index: 2, count: 3 } })).toEqual([]);
	expect(faults({ shard: { index: 3, count: 3 } })).toEqual(['shard.index: index goes from 0 to count - 1']);
});

describe('an entry of Sparkplug', () => {
	const f = (entry: object, want: unknown[]) =>
		expect(faults({ subscribe: [{ format: 'sparkplug', ...entry }] })).toEqual(want);
	it('takes all messages of its edge nodes', () => {
		for (const topic of ['spBv1.0/#', 'spBv1.0/plant/#', 'spBv1.0/+/#', 'spBv1.0/plant/+/cell/#']) f({ topic }, []);
		for (const topic of ['#', 'spBv1.0/plant/NDATA/#', 'spBv1.0/plant/+/cell'])
			f({ topic }, [expect.stringMatching(/^subscribe.0.topic: write spBv1.0\/#/)]);
	});
	it('names streams by what all messages of a metric share', () => {
		f({ topic: 'spBv1.0/#', stream: '{2}-{4}/{name}' }, []);
		f({ topic: 'spBv1.0/#', stream: '{topic}/{name}' }, [expect.stringMatching(/differ from message to message/)]);
		f({ topic: 'spBv1.0/#', stream: '{4}' }, [expect.stringMatching(/"stream" needs \{name\}/)]);
	});
	it('names the metrics that are events', () => {
		f({ topic: 'spBv1.0/#', events: { Lot: 'lot' } }, []);
		f({ topic: 'spBv1.0/#', event: 'lot' }, ['subscribe.0.event: name its metrics: events: { Lot: lot }']);
		expect(faults({ subscribe: [{ topic: 'a', events: { Lot: 'lot' } }] })).toEqual([
			'subscribe.0.events: it is of Sparkplug; elsewhere write "event"',
		]);
	});
	it('has no paths', () =>
		f({ topic: 'spBv1.0/#', value: '$.v' }, [
			'subscribe.0.value: paths are for JSON, and this is format: sparkplug; leave it out',
		]));
});

describe('an entry of a log', () => {
	const f = (entry: object, want: string[]) =>
		expect(faults({ subscribe: [{ topic: 'log/+', ...entry }] })).toEqual(want);
	it('names who speaks, from the topic', () => f({ format: 'log', source: '{2}' }, []));
	it('names no stream', () =>
		f({ format: 'log', stream: 'x' }, [
			'subscribe.0.stream: lines of a log are no points: leave out "stream", "unit" and "labels"; "source" says who speaks',
		]));
	it('has no paths, and a source is of a log only', () => {
		f({ format: 'log', value: '$.v' }, [
			'subscribe.0.value: paths are for JSON, and this is format: log; leave it out',
		]);
		f({ source: 'x' }, [
			'subscribe.0.source: it is of lines of a log (format: log), and this is format: json; leave it out',
		]);
	});
	it('may read what another entry reads as values, and not what another one reads as a log', () => {
		const log = { topic: 'log/a', format: 'log' };
		expect(faults({ subscribe: [log, { topic: 'log/+' }] })).toEqual([]);
		expect(faults({ subscribe: [log, { topic: 'log/+', format: 'log' }] })).toEqual([
			'subscribe.1.topic: a message would be two lines of the log; leave one of them out (subscribe[0])',
		]);
	});
});

describe('two filters that could match one topic', () => {
	const f = (first: object, second: object, want: string[]) =>
		expect(faults({ subscribe: [first, second] })).toEqual(want);
	it('may be equal, when their streams are not', () =>
		f({ topic: 'a/+', stream: '{2}/x' }, { topic: 'a/+', stream: '{2}/y' }, []));
	it('may cover each other', () => f({ topic: 'a/b' }, { topic: '#', stream: 'all/{topic}' }, []));
	it('must not make two points of one stream', () =>
		f({ topic: 'a/b' }, { topic: 'a/+' }, [
			'subscribe.1.stream: a message would be two points of one stream; give one of them another "stream" (subscribe[0])',
		]));
	it('must not overlap in part', () =>
		f({ topic: 'a/+/c' }, { topic: 'a/b/+' }, [
			'subscribe.1.topic: a topic could match this and another one: some brokers would deliver it twice; let one cover the other (subscribe[0])',
		]));
	it('may name several values with other names or units', () =>
		f({ topic: 'a/+', values: { n: '$.n' } }, { topic: 'a/+', values: { load: '$.l' }, unit: '%' }, []));
});

describe('the address of a broker', () => {
	const f = (url: string, want: unknown) => expect(faults({ url })).toEqual(want);
	it('may be plain, with TLS, and either over WebSocket', () => {
		for (const url of ['mqtt://b', 'mqtts://b:8883/', 'ws://b:8083/mqtt', 'wss://b/mqtt']) f(url, []);
	});
	it('is of no other scheme', () => {
		for (const url of ['http://b', 'tcp://b:1883', 'b:1883', 'mqtt://', ''])
			f(url, [expect.stringMatching(/^url: write the address of a broker: mqtt:\/\//)]);
	});
	it('holds no password', () =>
		f('wss://u:p@b/mqtt', ['url: put user name and password under "auth", not into the address']));
	it('has a path over WebSocket only', () =>
		f('mqtt://b/mqtt', ['url: mqtt:// has no path; with a path it is ws:// or wss://']));
	it('has no query, whose secrets would be kept with it', () =>
		f('wss://b/mqtt?token=x', ['url: leave out what follows ? or #: a broker has no use for it']));
	it('has TLS where options of TLS are given', () => {
		expect(faults({ url: 'ws://b', tls: {} })).toEqual(['tls: tls needs an address with mqtts:// or wss://']);
		expect(faults({ url: 'wss://b', tls: {} })).toEqual([]);
	});
});
