import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRefused } from './refused.ts';
import type { Message } from './spool-message.ts';
import { encodeRows } from './spool-part.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'refused-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const declaration = (id: number) => ({ key: `press-${id}/load`, unit: '%', labels: {}, kind: 'machine' as const });
const batch = (seq: number, rows = 2): Message => ({
	kind: 'rows',
	seq,
	writtenMs: 0,
	historical: false,
	body: encodeRows(Array.from({ length: rows }, (_, i) => ({ stream: 1, tMicros: 1e15 + i, v: i, quality: 192 }))),
});
const make = (mostBytes?: number) =>
	createRefused({ folder, collector: 'line-3', hubUrl: 'http://127.0.0.1:3000', mostBytes });
const keep = (refused: ReturnType<typeof make>, message: Message) =>
	refused.keep({ epoch: 'e1', message, declaration, error: 'stream index 7, but 5 streams are declared' });

describe('the folder of what was refused', () => {
	it('says what, why, and how to send it again', () => {
		keep(make(), batch(12));
		expect(readFileSync(join(folder, 'e1-000000000012.txt'), 'utf8')).toBe(
			`What:  message 12 of collector line-3, numbering e1
       press-1/load, 2001-09-09T01:46:40Z to 2001-09-09T01:46:40.000001Z
Why:   stream index 7, but 5 streams are declared
Again: mend the cause, or the lines, and in this folder:
       curl -H "Authorization: Bearer $KEY" -H 'Content-Type: application/x-ndjson' \\
         http://127.0.0.1:3000/api/v1/points --data-binary @e1-000000000012.ndjson
       Then delete both files. What came later is stored already, so these points will be marked late, not judged.
`,
		);
		expect(readFileSync(join(folder, 'e1-000000000012.ndjson'), 'utf8').split('\n')[0]).toBe(
			'{"stream":"press-1/load","t":"2001-09-09T01:46:40Z","v":0,"quality":192,"unit":"%","labels":{}}',
		);
	});
	it('says of a gap that there is nothing to send', () => {
		const gap = { stream: 1, from: 1e15, to: 1e15, reason: 'disconnected' };
		keep(make(), { kind: 'gap', seq: 3, writtenMs: 0, gap });
		expect(readdirSync(folder)).toEqual(['e1-000000000003.txt']);
		expect(readFileSync(join(folder, 'e1-000000000003.txt'), 'utf8')).toContain('(disconnected); it can be deleted');
	});
	it('keeps the same message once', () => {
		const refused = make();
		expect([keep(refused, batch(1)), keep(refused, batch(1))]).toEqual([true, true]);
		expect(readdirSync(folder)).toHaveLength(2);
	});
	it('keeps the first ones and counts the others when it is full', () => {
		const refused = make(1000);
		const kept = Array.from({ length: 20 }, (_, i) => keep(refused, batch(i + 1)));
		expect([kept[0], kept.at(-1), refused.count()]).toEqual([true, false, 20]);
		expect(readdirSync(folder).length).toBeLessThan(6);
		expect(make(1000).count()).toBe(0);
	});
});
