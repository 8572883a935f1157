import { describe, expect, it } from 'vitest';
import { collectorIssues } from '#collectors/run.ts';
import { snippetsFor } from '#lib/live/start/snippets.ts';
import { parseConfig } from './parse.ts';

describe('what the page of first steps has to paste', () => {
	const origin = 'http://127.0.0.1:3000';
	const yaml = [...snippetsFor(origin).filter(({ into }) => into === 'sigmascope.yaml')];
	for (const { name, text } of yaml)
		it(`${name} is a configuration without a fault`, () =>
			expect(
				parseConfig(text, { file: 'sigmascope.yaml', env: { OPENAI_API_KEY: 'sk' }, collectorIssues }).faults,
			).toEqual([]));
	it('points go to where these pages are from', () =>
		expect(
			snippetsFor(origin)
				.filter(({ into }) => into !== 'sigmascope.yaml')
				.every(({ text }) => text.includes(origin)),
		).toBe(true));
});
