import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { sourceConfig, sourceYaml, type SourceDraft } from './source-config.ts';

const draft = (more: Partial<SourceDraft> = {}): SourceDraft => ({
	...{ name: 'cell-7', type: 'mqtt', url: 'mqtt://broker:1883', username: '', password: '', every: '', unitId: '' },
	...more,
});

describe('the configuration of a source that was put together on the page', () => {
	it('reads as what was tried', () => {
		const entries = [
			{
				topic: 'a/+/"x"',
				value: "$['a b']",
				stream: '{2}/t',
				qos: 0,
				labels: { on: 'yes', n: '007', e: '1e3', every: '100ms' },
			},
		];
		const text = sourceYaml(draft(), 'subscribe', entries);
		expect(parse(text)).toEqual({ collectors: [sourceConfig(draft(), 'subscribe', entries)] });
	});
	it('has a variable where a password was typed, and never the password', () => {
		const text = sourceYaml(draft({ username: 'op', password: 'hunter2' }), 'subscribe', []);
		expect(text).not.toContain('hunter2');
		expect(text).toContain('password: "${CELL_7_PASSWORD:?set it}"');
	});
	it('has the interval where the type has it', () => {
		const f = (type: string, option: string) => sourceConfig(draft({ type, every: '2s' }), option, [{ stream: 'a' }]);
		expect([f('modbus', 'registers'), f('opcua', 'items'), f('mqtt', 'subscribe')]).toMatchObject([
			{ every: '2s', registers: [{ stream: 'a' }] },
			{ items: [{ stream: 'a', every: '2s' }] },
			{ subscribe: [{ stream: 'a' }] },
		]);
	});
});
