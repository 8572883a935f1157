import { describe, expect, it } from 'vitest';
import { fillTemplate, streamFault } from './stream-name.ts';

const path = ['Objects', 'Machine', 'Zone 1', 'Temp/raw'];

describe('the name of a stream', () => {
	const f = (template: string, want: string) => expect(fillTemplate(template, { path })).toBe(want);
	it('has the browse name of the variable and of what it is part of', () =>
		f('cell/{parent}/{name}', 'cell/Zone 1/Temp-raw'));
	it('has the path from below Objects on', () => f('{path}', 'Machine/Zone 1/Temp-raw'));
	it('has no braces that mean nothing', () => {
		expect(streamFault('a/{id}', true)).toBe('{id} is not known; there are {name}, {parent} and {path}');
		expect(streamFault('a/{name}', false)).toMatch(/this node is not browsed/);
		expect(streamFault('a/{name}', true)).toBeUndefined();
	});
});
