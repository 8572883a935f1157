import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { configSchema } from '#contracts/config.ts';
import { bearingSchema, burstSchema } from './kit/burst.ts';
import { optionTable } from './kit/option-table.ts';
import { spoolOptionsSchema } from './kit/spool-options.ts';
import { COLLECTORS } from './registry.ts';
import { collectorFaults } from './run.ts';

const root = new URL('.', import.meta.url);
const read = (file: string) => readFileSync(new URL(file, root), 'utf8');
const folders = readdirSync(root, { withFileTypes: true })
	.filter((entry) => entry.isDirectory() && entry.name !== 'kit')
	.map((entry) => entry.name);

describe('the registry', () => {
	it('has a line for each folder, by its name', () => expect(Object.keys(COLLECTORS).sort()).toEqual(folders.sort()));
	it('has the options of all collectors in the README of the kit', () => {
		for (const schema of [spoolOptionsSchema, burstSchema, bearingSchema])
			expect(read('kit/README.md')).toContain(optionTable(schema));
	});
});

describe.each(Object.entries(COLLECTORS))('the papers of %s', (name, { schema }) => {
	const readme = read(`${name}/README.md`);
	const sample = read(`${name}/sample.yaml`);
	it('have its name as title and the fixed sections', () =>
		expect(readme.match(/^##? .*$/gm)).toEqual([
			`# ${name}`,
			'## What it reads',
			'## Sample',
			'## Options',
			'## Troubleshooting',
		]));
	it('show the sample as it is', () => expect(readme).toContain(`\`\`\`yaml\n${sample}\`\`\``));
	it('have a sample that is right', () => {
		const { collectors } = configSchema.parse(parse(sample));
		expect(collectors.map((config) => [config.type, collectorFaults(config)])).toEqual(
			collectors.map(() => [name, []]),
		);
	});
	it('have a sample whose commented lines are right, and the defaults', () => {
		const whole = configSchema.parse(parse(sample.replace(/^(\s*)# (\w+: )/gm, '$1$2'))).collectors.at(-1);
		const short = configSchema.parse(parse(sample)).collectors.at(-1);
		if (!whole || !short) throw new Error('no collector in the sample');
		expect(collectorFaults(whole)).toEqual([]);
		const options = ({ name: _n, type: _t, isolate: _i, spool: _s, ...rest }: typeof whole) => schema.parse(rest);
		expect(options(whole)).toEqual(options(short));
	});
	it('have the options of its schema', () => expect(readme).toContain(optionTable(schema)));
});
