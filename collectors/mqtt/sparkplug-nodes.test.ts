import { describe, expect, it } from 'vitest';
import { createEdgeNodes, parseSparkplugTopic, type Heard } from './sparkplug-nodes.ts';
import { decodePayload } from './sparkplug-payload.ts';
import { encodeTestPayload, TYPE, type TestMetric } from './testing/sparkplug.ts';

const START = 1_700_000_000_000_000;
const number = (name: string, alias: number, double: number): TestMetric => ({
	name,
	alias,
	datatype: TYPE.double,
	double,
});

/** An edge node `plant/cell` whose messages come one second after each other; `says` gives what each came to. */
function createEdge(maxMetrics = 100) {
	const nodes = createEdgeNodes(maxMetrics);
	let nowMicros = START;
	function heard(type: string, seq: number | undefined, metrics: readonly TestMetric[], device?: string): Heard {
		const topic = parseSparkplugTopic(['spBv1.0', 'plant', type, 'cell', ...(device ? [device] : [])].join('/'));
		const payload = decodePayload(encodeTestPayload({ seq, metrics }));
		if (!topic || typeof payload === 'string') throw new Error(String(payload));
		nowMicros += 1e6;
		return nodes.take(topic, payload, nowMicros);
	}
	return {
		heard,
		wait: (micros: number) => void (nowMicros += micros),
		/** `name value`, `?` for a request, `-name: reason seconds` for what was lost. */
		says(...args: Parameters<typeof heard>): string[] {
			const { observations, lost, isRebirthNeeded } = heard(...args);
			return [
				...lost.flatMap(({ metrics, reason, fromMicros, toMicros }) =>
					metrics.map(({ name }) => `-${name}: ${reason} ${(toMicros - fromMicros) / 1e6}`),
				),
				...observations.map(({ metric, v }) => `${metric.device}${metric.device && '/'}${metric.name} ${v}`),
				...(isRebirthNeeded ? ['?'] : []),
			];
		},
	};
}

const born = () => {
	const edge = createEdge();
	edge.says('NBIRTH', 0, [{ name: 'bdSeq', datatype: TYPE.int64, long: 4n }, number('load', 1, 10)]);
	edge.says('DBIRTH', 1, [number('speed', 2, 20)], 'drive');
	return edge;
};

describe('an edge node', () => {
	it('announces what its aliases stand for', () => {
		const edge = createEdge();
		expect(edge.says('NBIRTH', 0, [number('load', 1, 10)])).toEqual(['load 10']);
		expect(edge.says('DBIRTH', 1, [number('speed', 2, 20)], 'drive')).toEqual(['drive/speed 20']);
		expect(edge.says('NDATA', 2, [{ alias: 1, double: 11 }])).toEqual(['load 11']);
		expect(edge.says('DDATA', 3, [{ alias: 2, double: 21 }], 'drive')).toEqual(['drive/speed 21']);
	});
	it('may use names', () => expect(born().says('NDATA', 2, [{ name: 'load', double: 12 }])).toEqual(['load 12']));
	it('is asked for its births when nothing is known of it', () =>
		expect(createEdge().says('NDATA', 9, [{ alias: 1, double: 11 }])).toEqual(['?']));
	it('is asked again after ten seconds, and is told of after three times in vain', () => {
		const edge = createEdge();
		const asked = () => {
			const { isRebirthNeeded, faults } = edge.heard('NDATA', undefined, [{ alias: 1, double: 11 }]);
			return [isRebirthNeeded, faults.length];
		};
		expect([asked(), asked()]).toEqual([
			[true, 0],
			[false, 0],
		]);
		edge.wait(10e6);
		expect(asked()).toEqual([true, 0]);
		edge.wait(10e6);
		expect(asked()).toEqual([true, 1]);
	});
	it('counts its messages round', () => {
		const edge = born();
		for (let seq = 2; seq <= 300; seq++)
			expect(edge.says('NDATA', seq % 256, [{ alias: 1, double: seq }])).toEqual([`load ${seq}`]);
	});
	it('that misses messages leaves a gap, and its aliases are not believed until it is born again', () => {
		const edge = born();
		expect(edge.says('NDATA', 5, [{ alias: 1, double: 13 }])).toEqual([
			'-load: messages of the edge node are missing: 5 came after 1 1',
			'-speed: messages of the edge node are missing: 5 came after 1 1',
			'?',
		]);
		expect(edge.says('NDATA', 6, [{ name: 'load', double: 14 }])).toEqual(['load 14']);
		expect(edge.says('NDATA', 7, [{ alias: 1, double: 15 }])).toEqual([]);
		expect(edge.says('NBIRTH', 0, [number('other', 1, 50), number('load', 9, 16)])).toEqual([
			'-load: the edge node was away, or had no birth certificate 3',
			'-other: the edge node was away, or had no birth certificate 3',
			'other 50',
			'load 16',
		]);
		expect(edge.says('NDATA', 1, [{ alias: 1, double: 51 }])).toEqual(['other 51']);
	});
	it('that dies takes its devices with it', () => {
		const edge = born();
		expect(edge.says('NDEATH', undefined, [{ name: 'bdSeq', datatype: TYPE.int64, long: 4n }])).toEqual([
			'-load: the edge node has died 0',
			'-speed: the edge node has died 0',
		]);
		expect(edge.says('DDATA', 2, [{ alias: 2, double: 22 }], 'drive')).toEqual(['?']);
		expect(edge.says('NBIRTH', 0, [number('load', 1, 10)])).toEqual([
			'-load: the edge node was away, or had no birth certificate 2',
			'load 10',
		]);
		edge.wait(10e6);
		expect(edge.says('DDATA', 1, [{ alias: 2, double: 22 }], 'drive')).toEqual(['?']);
	});
	it('does not die by the will of an older connection', () =>
		expect(born().says('NDEATH', undefined, [{ name: 'bdSeq', datatype: TYPE.int64, long: 3n }])).toEqual([]));
	it('has devices that die and are born by themselves', () => {
		const edge = born();
		expect(edge.says('DDEATH', 2, [], 'drive')).toEqual(['-speed: the device has died 0']);
		expect(edge.says('NDATA', 3, [{ alias: 1, double: 11 }])).toEqual(['load 11']);
		expect(edge.says('DBIRTH', 4, [number('speed', 2, 20)], 'drive')).toEqual([
			'-speed: the device was away, or had no birth certificate 2',
			'drive/speed 20',
		]);
	});
	it('names what is no number, once', () => {
		const edge = createEdge();
		const metrics = [{ name: 'recipe', alias: 3, datatype: TYPE.string, string: 'x' }, number('load', 1, 1)];
		expect(edge.heard('NBIRTH', 0, metrics).faults).toEqual(['plant/cell: no numbers, passed over: "recipe" (String)']);
		expect(edge.heard('NBIRTH', 0, metrics).faults).toEqual([]);
		expect(edge.says('NDATA', 1, [{ alias: 3, string: 'y' }])).toEqual([]);
	});
	it('has switches and counters of the protocol, which are not measured', () =>
		expect(
			createEdge().says('NBIRTH', 0, [
				{ name: 'bdSeq', datatype: TYPE.int64, long: 1n },
				{ name: 'Node Control/Rebirth', datatype: TYPE.bool, bool: false },
			]),
		).toEqual([]));
	it('says that it has no value', () =>
		expect(born().says('NDATA', 2, [{ alias: 1, isNull: true }])).toEqual(['load NaN']));
	it('announces no more than is allowed', () => {
		const edge = createEdge(2);
		const { faults } = edge.heard('NBIRTH', 0, [number('a', 1, 1), number('b', 2, 2), number('c', 3, 3)]);
		expect(faults).toEqual(['plant/cell: more than 2 metrics are announced']);
	});
});

describe('a topic', () => {
	const f = (topic: string, want: boolean) => expect(parseSparkplugTopic(topic) !== undefined).toBe(want);
	it('is of an edge node or a device', () => {
		f('spBv1.0/g/NDATA/n', true);
		f('spBv1.0/g/DDATA/n/d', true);
	});
	it('of a command, of a host or of something else is passed over', () => {
		for (const topic of ['spBv1.0/g/NCMD/n', 'spBv1.0/STATE/host', 'spAv1.0/g/NDATA/n', 'spBv1.0/g/NDATA'])
			f(topic, false);
	});
});
