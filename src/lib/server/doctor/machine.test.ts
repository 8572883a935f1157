import { describe, expect, it } from 'vitest';
import { spellBytes } from './finding.ts';
import { clockFindings, machineFindings, readMachine, type MachineFacts } from './machine.ts';

const roomy: MachineFacts = {
	memoryLimitBytes: undefined,
	memoryBytes: 16e9,
	openFiles: 100_000,
	cores: 4,
	load: 1,
	node: '24.21.0',
	sqlite: '3.53.4',
	chdb: '3.4.0',
};

describe('a machine', () => {
	const f = (more: Partial<MachineFacts>, odd: readonly string[]) =>
		expect(
			machineFindings({ ...roomy, ...more })
				.filter(({ level }) => level !== 'ok')
				.map(({ level, check }) => `${level} ${check}`),
		).toEqual(odd);
	it('with room for everything is well', () => f({}, []));
	it('with 1.5 GB is tight', () => f({ memoryBytes: 1.5e9 }, ['warn limits.memory']));
	it('is as small as its cgroup', () => f({ memoryLimitBytes: 0.5e9 }, ['fail limits.memory']));
	it('with a bound above its memory has its memory', () => f({ memoryLimitBytes: 64e9 }, []));
	it('with 1,024 open files is tight', () => f({ openFiles: 1024 }, ['warn limits.files']));
	it('with 256 cannot work', () => f({ openFiles: 256 }, ['fail limits.files']));
	it('says nothing about files where they are not known', () => f({ openFiles: undefined }, []));
	it('with one core is tight', () => f({ cores: 1 }, ['warn limits.cores']));
	it('with an old Node cannot work', () => f({ node: '20.20.0' }, ['fail versions']));
	it('without chdb has no store of its own', () => f({ chdb: undefined }, ['warn versions']));
	it('of this process can be read', () => expect(readMachine('x').memoryBytes).toBeGreaterThan(1e8));
});

describe('the clock', () => {
	const clocks = (stepMs: number, startMs = Date.UTC(2026, 10, 1)) => {
		let at = 0;
		return {
			wallMs: () => startMs + at + (at > 100 ? stepMs : 0),
			monotonicMs: () => at,
			sleep: async (ms: number) => void (at += ms),
		};
	};
	const f = async (given: Promise<readonly { level: string; check: string }[]>, odd: readonly string[]) =>
		expect((await given).filter(({ level }) => level !== 'ok').map(({ level, check }) => `${level} ${check}`)).toEqual(
			odd,
		);
	it('that runs is well', () => f(clockFindings(clocks(0)), []));
	it('that leaps meanwhile is being set', () => f(clockFindings(clocks(-3000)), ['warn clock.steady']));
	it('that was never set says so', () => f(clockFindings(clocks(0, 5000)), ['fail clock']));
	it('a minute and more from the server cannot work', () =>
		f(clockFindings(clocks(0), { offsetMs: -90_000 }), ['fail clock.offset']));
	it('five seconds from it is worth knowing', () =>
		f(clockFindings(clocks(0), { offsetMs: 5000 }), ['warn clock.offset']));
});

describe('bytes', () => {
	const f = (bytes: number, text: string) => expect(spellBytes(bytes)).toBe(text);
	it('none', () => f(0, '0 B'));
	it('few', () => f(999, '999 B'));
	it('kilo', () => f(1500, '1.5 kB'));
	it('a round power', () => f(1e9, '1.0 GB'));
	it('many', () => f(2.5e14, '250 TB'));
});
