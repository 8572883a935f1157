import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseBoard } from './parse.ts';

const blocks = [...readFileSync('docs/walls.md', 'utf8').matchAll(/^```yml\n([\s\S]*?)^```/gm)].map(
	(match) => match[1] ?? '',
);

describe('docs/walls.md', () => {
	it('has examples', () => expect(blocks.length).toBeGreaterThan(1));
	it.each(blocks)('%#: an example is a valid file', (block) => expect(parseBoard(block, {}).faults).toEqual([]));
});
